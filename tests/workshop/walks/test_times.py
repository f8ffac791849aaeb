"""The time the first page states, against what the walks take somebody who is tired."""

from pathlib import Path

import pytest

from assistant.languages import LANGUAGES

HERE = Path(__file__).parents[2] / "walks"
READ = 120
"""Words a minute for a tired reader; adults who read quietly reach twice that."""
TYPED = 75
"""Characters a minute with a thumb: fifteen words."""
CHOSEN = 4
"""Seconds to see an option and take it."""


def minutes(walk: str) -> float:
    """How long a walk takes: the guide's words read, one's own typed, options taken."""
    lines = walk.partition("\n\n")[2].splitlines()
    own = [line[2:] for line in lines if line.startswith((">", "|"))]
    chosen = [line for line in lines if line.startswith("[")]
    read = [line for line in lines if not line.startswith((">", "|", "(", "-"))]
    words = sum(len(line.split()) for line in read)
    return words / READ + sum(map(len, own)) / TYPED + len(chosen) * CHOSEN / 60


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_answers_everything_takes_ten_to_fifteen_minutes(language: str) -> None:
    walk = (HERE / f"{language}_answers_everything.txt").read_text("utf-8")
    assert 10 <= minutes(walk) <= 15


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_skips_everything_is_through_in_two_minutes_or_so(language: str) -> None:
    assert minutes((HERE / f"{language}_skips_everything.txt").read_text("utf-8")) <= 2.5
