"""What somebody told in the real dialogue, as answers without the turns that gave them."""

from collections.abc import Mapping, Sequence
from functools import cache

from hypothesis import strategies as some

from assistant.dialogue.model import Address, Balance, Choice, Choices, Day, Question, Rank, Side
from assistant.engine.conversation import (
    Answer,
    Axis,
    ChosenOptions,
    OnDay,
    PlacedBalance,
    RankedStatements,
    Skipped,
    Statement,
    StatementsGiven,
)
from assistant.engine.entries import rankable_in
from assistant.engine.journey import Journey, walk
from assistant.engine.machine import DialogueMachine
from assistant.engine.reply import read_day
from support.as_read import our_library

DIALOGUE = our_library()["before_meeting"]
MACHINE = DialogueMachine(DIALOGUE)
PRIVATE = "PRIVAT"
"""In every text that was written where there is no section, and in no other."""


def told(answers: Mapping[Address, Answer]) -> Journey:
    """The way these answers lead."""
    return walk(MACHINE, dict(answers))


def placed(support: str | None = None, challenge: str | None = None, **more: Statement) -> PlacedBalance:
    """A place on the two axes."""
    return PlacedBalance(support=Axis(level=support), challenge=Axis(level=challenge), **more)


def topics(*options: str, own: Mapping[str, str] | None = None) -> dict[Address, Answer]:
    """These topics, chosen or in own words under their id."""
    named = tuple(Statement(id=id_, text=text) for id_, text in (own or {}).items())
    return {
        "more/about": ChosenOptions(options=("topics",)),
        "topics/which": ChosenOptions(options=options, own=named),
    }


def whatever_is_told(data: some.DataObject) -> Journey:
    """Somebody answers as it comes; the notes for themselves are always written."""
    answers: dict[Address, Answer] = {
        "more/about": ChosenOptions(options=tuple(sorted(_wanted(data) | {"private"})))
    }
    while True:
        journey = told(answers)
        waiting = [address for address in journey.questions if address not in answers]
        if not waiting:
            return journey
        address = waiting[0]
        ids = tuple(rankable_in(MACHINE, journey, _among(DIALOGUE.question(address))))
        answers[address] = data.draw(_answers(address, ids))


def _wanted(data: some.DataObject) -> set[str]:
    about = DIALOGUE.question("more/about")
    assert isinstance(about, Choices)
    return data.draw(some.sets(some.sampled_from([option.id for option in about.options])))


def _among(question: Question) -> list[str]:
    return question.among if isinstance(question, Rank) else []


@cache  # to make a strategy takes longer than to draw from it
def _answers(address: Address, ids: tuple[str, ...]) -> some.SearchStrategy[Answer]:
    question = DIALOGUE.question(address)
    mark = PRIVATE if question.section is None else "delt"

    def words(name: str) -> some.SearchStrategy[Statement]:
        id_ = f"{address}.{name}".encode().hex()
        return some.text(max_size=6).map(lambda text: Statement(id=id_, text=f"{mark} {text}"))

    def some_of(options: Sequence[str], at_most: int = 3) -> some.SearchStrategy[tuple[str, ...]]:
        picked = some.sets(some.sampled_from(options), max_size=at_most)
        return picked.map(lambda chosen: tuple(o for o in options if o in chosen))

    def axis(side: Side, name: str) -> some.SearchStrategy[Axis]:
        return some.builds(
            Axis,
            level=some.sampled_from([None, *(level.id for level in side.levels)]),
            forms=some_of([form.id for form in side.forms]),
            own=some.none() | words(name),
        )

    match question:
        case Choice():
            given: some.SearchStrategy[Answer] = some.builds(
                ChosenOptions, options=some.sampled_from([(option.id,) for option in question.options])
            )
        case Choices():
            own = some.tuples(words("own")) if question.own else some.just(())
            offered = [option.id for option in question.options]
            given = some.builds(ChosenOptions, options=some_of(offered, 2), own=some.just(()) | own)
        case Balance():
            given = some.builds(
                PlacedBalance,
                support=axis(question.support, "support"),
                challenge=axis(question.challenge, "challenge"),
                signal=some.none() | words("signal"),
                then=some.none() | words("then"),
            )
        case Day():
            given = some.just(OnDay(on=read_day("5.2.2027")))
        case Rank():
            given = (
                some_of(ids).map(lambda first: RankedStatements(first=first)) if ids else some.just(Skipped())
            )
        case _:
            given = some.builds(StatementsGiven, statements=some.tuples(words("1"), words("2")))
    return given if question.section is None else given | some.just(Skipped())
