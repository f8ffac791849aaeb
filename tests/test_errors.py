"""Every trouble is spoken for: a page says what happened, and none is left to the last net."""

from collections.abc import Iterator

import pytest
from support.as_read import our_catalogues

import assistant.web.app  # so that every trouble the web adds is there
from assistant.dialogue.library import DialogueBroken
from assistant.errors import (
    CannotStart,
    EndedByProvider,
    LinkedElsewhere,
    NotConfirmed,
    NotLinked,
    ProviderRefused,
    ProviderUnreachable,
    SessionEnded,
    StaffSessionEnded,
    Trouble,
)
from assistant.languages import LANGUAGES
from assistant.web.http.unsaved_text import NotLetIn
from assistant.web.middleware import SPOKEN
from assistant.workshop.words import WordsRefused

assert assistant.web.app
TOLD_AFTER_THE_PROVIDER = {ProviderRefused, ProviderUnreachable, NotLinked, LinkedElsewhere}
"""They have a page of their own, with sentences for each: `tests/web/staff`."""
NOT_BY_A_ROW = {
    CannotStart,
    DialogueBroken,
    SessionEnded,
    StaffSessionEnded,
    EndedByProvider,
    NotConfirmed,
    NotLetIn,
    WordsRefused,
    *TOLD_AFTER_THE_PROVIDER,
}
"""Two for the operator, one for a translator, four that lead to a page to unlock or sign in on, one with its
page, and those.
"""


def kinds_below(kind: type[Trouble]) -> Iterator[type[Trouble]]:
    for below in kind.__subclasses__():
        yield below
        yield from kinds_below(below)


TROUBLES = sorted({k for k in kinds_below(Trouble) if k.__module__.startswith("assistant.")}, key=str)


@pytest.mark.parametrize("kind", TROUBLES, ids=lambda kind: kind.__name__)
def test_every_trouble_has_a_sentence_of_its_own(kind: type[Trouble]) -> None:
    if kind in NOT_BY_A_ROW:
        return
    name = next((name for spoken, _, name in SPOKEN if issubclass(kind, spoken)), None)
    assert name is not None, f"nobody speaks for {kind.__name__}: add it to SPOKEN in web/middleware.py"
    assert name != "unforeseen"
    catalogues = our_catalogues()
    for language in LANGUAGES:
        assert {f"trouble.{name}", f"trouble.{name}_heading"} <= catalogues[language].sentences.keys()


def test_an_older_page_is_not_told_as_a_fault_of_the_server() -> None:
    of_an_older_page = {"StaleTurn", "RequestReused", "NotOnTheWay", "WrittenBetween", "ShareMoved"}
    for kind in TROUBLES:
        if kind.__name__ in of_an_older_page:
            assert next(status for spoken, status, _ in SPOKEN if issubclass(kind, spoken)) == 409
