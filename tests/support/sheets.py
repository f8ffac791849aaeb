"""Sheets of what somebody told, laid out as the program lays them."""

from collections.abc import Mapping
from datetime import date, time

from assistant.dialogue.model import Address
from assistant.engine.conversation import (
    Answer,
    ChosenOptions,
    OnDay,
    RankedStatements,
    Statement,
    StatementsGiven,
)
from assistant.engine.journey import Journey
from assistant.exports.sheet import SummarySheet, lay_out
from assistant.languages import Language
from assistant.meetings.summary import summarise
from support.answers import DIALOGUE, placed, told, topics
from support.as_read import our_catalogues

BOOKS = {language: spoken.plain for language, spoken in our_catalogues().items()}
TODAY = date(2026, 11, 22)
CONTACTS = [("113", "Medisinsk nødtelefon"), ("116 117", "Legevakten")]
NOTE = "BAREFORMEG"
MARKUP = "#panic() *x* `y` $z$ <b> @a \\ [ ] = h // /* \\u{41} {{7*7}}"
"""What would do something, were it markup."""
HEBREW = "אני רוצה לישון בלילה"
EMOJI = "sove 😴 godt 👍🏽 🇳🇴 ❤️"


def stated(id_: str, *texts: str) -> StatementsGiven:
    """These statements, with ids that begin so."""
    return StatementsGiven(
        statements=tuple(Statement(id=f"{id_}{n}", text=text) for n, text in enumerate(texts, start=1))
    )


def many_kinds() -> dict[Address, Answer]:
    """Something of every kind: chosen, a day, own words in many scripts, topics, things put first, a note."""
    return {
        "meeting/kind": ChosenOptions(options=("care_team",)),
        "meeting/day": OnDay(on=date(2027, 2, 5), at=time(12, 30)),
        "matters/now": stated("a", "Å få sove", HEBREW, EMOJI),
        "wishes/wish": stated("b", MARKUP, "to  mellomrom\n\n og linjer"),
        "needs/need": stated("c", "čáđŋ ł ž Привет"),
        "balance/now": placed("more", "same", signal=Statement(id="d1", text="Jeg blir stille")),
        **topics("days", own={"e1": "القطة min"}),
        "more/about": ChosenOptions(options=("topics", "private")),
        "topic/days/say": stated("f", "Våken til fire"),
        "private/notes": stated("g", NOTE),
        "first/three": RankedStatements(first=("c1",)),
    }


def laid(
    answers: Mapping[Address, Answer] | Journey, language: Language = "nb", *, with_private: bool = False
) -> SummarySheet:
    """The sheet of these answers."""
    journey = answers if isinstance(answers, Journey) else told(answers)
    return lay_out(summarise(DIALOGUE, journey), BOOKS[language], TODAY, CONTACTS, with_private=with_private)
