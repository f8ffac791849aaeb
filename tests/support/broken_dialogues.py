"""The small wrong dialogues, one for each code.

Each is one text file: the issues it must give, in order, then its files after `--- name.yaml`. The lines are
counted from there.
"""

import re
from pathlib import Path

BROKEN = sorted((Path(__file__).parents[1] / "dialogue" / "broken").glob("*.yaml"))


def expected(case: Path) -> list[str]:
    return re.findall(r"^# expected: (.*)$", case.read_text(encoding="utf-8"), re.MULTILINE)


def files_of(case: Path) -> dict[str, str]:
    _, *sections = re.split(r"^--- (.+)\n", case.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(sections[::2], sections[1::2], strict=True))
