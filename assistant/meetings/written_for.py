"""What another person writes for the user: when the other person holds the keyboard, and what the user has
not read and approved since.

Approval is for one version of one entry: an entry that another person changes is unread again.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Literal

from pydantic import AwareDatetime, Field

from assistant.dialogue.model import Address, Dialogue
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
    StoredModel,
)
from assistant.engine.entries import Entry, entries_of
from assistant.engine.reply import Given
from assistant.meetings.summary import Unread

STOPS_AFTER = timedelta(minutes=20)
"""How long after the last act the user writes again: the other person has probably left by then."""


class WrittenFor(StoredModel):
    """Who writes in one conversation, and what the user has not read yet."""

    format: Literal[1] = 1
    since: AwareDatetime | None = None
    """When the user said that another person writes; None while the user writes."""
    acted_at: AwareDatetime | None = None
    """When the other person last wrote."""
    browser: str = ""
    """The session in which the user said so. In another one the user writes."""
    guided_session: str = ""
    """The guided session in which the user said so, if any. After it the user writes."""
    unread: dict[str, int] = Field(default_factory=dict)
    """The entries that another person wrote and the user has not approved, each with its version."""
    typed: tuple[Address, ...] = ()
    """The questions with a draft that another person typed."""

    @property
    def is_empty(self) -> bool:
        """Return whether there is nothing to follow."""
        return self.since is None and not self.unread and not self.typed

    def is_by_another(self, browser: str, now: datetime) -> bool:
        """Return whether another person writes in this session now."""
        if self.since is None or self.acted_at is None:
            return False
        return self.browser == browser and now < self.acted_at + STOPS_AFTER

    def begun(self, browser: str, now: datetime, guided_session: str = "") -> "WrittenFor":
        """Return it with another person writing from now on, in a guided session if there is one."""
        begun = {"since": now, "acted_at": now, "browser": browser, "guided_session": guided_session}
        return self.model_copy(update=begun)

    def ended(self) -> "WrittenFor":
        """Return it with the user writing again; what was not read stays unread."""
        ended = {"since": None, "acted_at": None, "browser": "", "guided_session": ""}
        return self.model_copy(update=ended)

    def acted(self, browser: str, now: datetime) -> "WrittenFor":
        """Return it after an act of the other person, whose time begins again. It does not begin anew once
        the user has ended it.
        """
        if self.since is None or self.browser != browser:
            return self
        return self.model_copy(update={"acted_at": now})

    def approved(self, entry: str, version: int) -> "WrittenFor":
        """Return it without this entry, if it is still at this version."""
        kept = {id_: at for id_, at in self.unread.items() if (id_, at) != (entry, version)}
        return self.model_copy(update={"unread": kept})

    def after_turn(
        self,
        before: Mapping[str, Entry],
        after: Mapping[str, Entry],
        drafts: Mapping[Address, Given],
        *,
        by_another: bool,
    ) -> "WrittenFor":
        """Return it after a turn from these entries to those. Text that another person left as a draft is
        unread also if the user sends it unchanged.
        """
        changed = [entry for id_, entry in after.items() if not _is_same(before.get(id_), entry)]
        drafted = {address: drafts[address] for address in self.typed if address in drafts}
        theirs = changed if by_another else [e for e in changed if _was_typed(e, drafted)]
        still = unread_still(self.unread, after.values(), {entry.id for entry in changed})
        return self.model_copy(update={"unread": still | {entry.id: entry.version for entry in theirs}})

    def after_draft(
        self, before: Mapping[Address, Given], after: Mapping[Address, Given], *, by_another: bool
    ) -> "WrittenFor":
        """Return it after drafts changed: a draft belongs to the person who typed in it last."""
        touched = {address for address in after if before.get(address) != after[address]}
        theirs = (set(self.typed) - touched) | (touched if by_another else set())
        return self.model_copy(update={"typed": tuple(sorted(theirs & after.keys()))})


def unread_still(
    unread: Mapping[str, int], after: Iterable[Entry], changed: Container[str] = ()
) -> dict[str, int]:
    """Return the unread entries that are still there as they were."""
    there = {entry.id: entry.version for entry in after if entry.id not in changed}
    return {id_: version for id_, version in unread.items() if there.get(id_) == version}


def entries_in_answers(dialogue: Dialogue, answers: Mapping[Address, Answer]) -> dict[str, Entry]:
    """Return every entry of these answers by its id, also of answers that are set aside."""
    return {
        entry.id: entry
        for address, answer in answers.items()
        for entry in entries_of(address, dialogue.question(address), answer)
    }


def approved_answers(
    dialogue: Dialogue, answers: Mapping[Address, Answer], unread: Unread
) -> Mapping[Address, Answer]:
    """Return the answers without the entries that are unread."""
    if not unread:
        return answers
    kept = dict(answers)
    for id_, entry in entries_in_answers(dialogue, answers).items():
        if unread.get(id_) == entry.version:
            kept[entry.state] = without_entry(entry.state, kept[entry.state], id_)
    return kept


def _is_same(before: Entry | None, after: Entry) -> bool:
    return before is not None and before.version == after.version


def _was_typed(entry: Entry, drafted: Mapping[Address, Given]) -> bool:
    """Return whether the entry is in the draft, as it was left there."""
    if entry.state not in drafted:
        return False
    texts = {text.replace("\r\n", "\n") for given in drafted[entry.state].values() for text in given}
    match entry.said:
        case str() as words:
            return words in texts
        case OnDay():  # a day can be typed in several forms
            return True
        case _:
            return entry.id.rpartition(".")[2] in texts


def without_entry(address: Address, answer: Answer, entry: str) -> Answer:
    """Return the answer at this address without one of its entries; skipped if nothing is left."""
    match answer:
        case StatementsGiven(statements=statements):
            kept = _without(statements, entry)
            return StatementsGiven(statements=kept) if kept else Skipped()
        case OnDay():
            return Skipped() if entry == address else answer
        case ChosenOptions(options=options, own=own):
            left = ChosenOptions(
                options=tuple(option for option in options if f"{address}.{option}" != entry),
                own=_without(own, entry),
            )
            return left if left.topics else Skipped()
        case PlacedBalance(support=support, challenge=challenge, signal=signal, then=then):
            placed = PlacedBalance(
                support=_axis_without(support, f"{address}.support", entry),
                challenge=_axis_without(challenge, f"{address}.challenge", entry),
                signal=next(iter(_without(_some(signal), entry)), None),
                then=next(iter(_without(_some(then), entry)), None),
            )
            return Skipped() if placed == PlacedBalance(support=Axis(), challenge=Axis()) else placed
        case Skipped() | RankedStatements():
            return answer


def _axis_without(axis: Axis, where: str, entry: str) -> Axis:
    return Axis(
        level=None if f"{where}.level.{axis.level}" == entry else axis.level,
        forms=tuple(form for form in axis.forms if f"{where}.forms.{form}" != entry),
        own=next(iter(_without(_some(axis.own), entry)), None),
    )


def _without(statements: Iterable[Statement], entry: str) -> tuple[Statement, ...]:
    return tuple(statement for statement in statements if statement.id != entry)


def _some(statement: Statement | None) -> Iterator[Statement]:
    if statement is not None:
        yield statement
