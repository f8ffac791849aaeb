"""A review on its own: what is shared, those who go through it, and each thing they do."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from assistant.dialogue.model import Text
from assistant.meetings.review.acts import (
    Act,
    Confirm,
    GiveAnswer,
    PrepareRecord,
    Propose,
    PutBeside,
    TakeStand,
)
from assistant.meetings.review.apply import ActContext, apply_act
from assistant.meetings.review.review import AnswerKind, Author, Review, ReviewedEntry, Side, View
from assistant.meetings.review.snapshot_changes import begun, follow
from assistant.meetings.share import Said, SharedEntry, SharedFirst, SharedSection, Snapshot

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
HEADING = Text({"nb": "Viktig", "nn": "Viktig", "en": "Important"})

USER = Author(side="user", language="nb")
KARI = Author(side="professional", id="kari", name="Kari", language="nb")
OLA = Author(side="professional", id="ola", name="Ola", language="nn")


def entry(id_: str, said: Said, version: int = 1) -> SharedEntry:
    """An entry as it is shared."""
    return SharedEntry(id=id_, version=version, asked="asked", said=said)


def shared(*entries: SharedEntry, first: Collection[str] = (), section: str = "matters") -> Snapshot:
    """A snapshot of these, in a section that asks for no answer by itself, with some of them put first."""
    put_first = [SharedFirst(section=section, heading=HEADING, entry=e) for e in entries if e.id in first]
    rest = tuple(e for e in entries if e.id not in first)
    sections = (SharedSection(id=section, heading=HEADING, entries=rest),) if rest else ()
    return Snapshot(on=NOW.date(), first=tuple(put_first), sections=sections, more_to_say=False)


FEWER, BUS, REST = entry("fewer", "Færre folk"), entry("bus", "Ta <bussen>"), entry("rest", "En pause")


@dataclass
class Together:
    """People going through what is shared. Each act that does anything is one more writing."""

    snapshot: Snapshot | None = field(default_factory=lambda: shared(FEWER, BUS, REST, first=["fewer"]))
    number: int = 1
    at: datetime = NOW

    def __post_init__(self) -> None:
        assert self.snapshot is not None
        self.review = begun(self.snapshot)

    def do(self, by: Author, act: Act) -> Review:
        """The review after it."""
        self.at += timedelta(minutes=1)
        done = apply_act(self.review, act, ActContext(by, self.at, self.number + 1, self.snapshot))
        self.number += done != self.review
        self.review = done
        return done

    def share(self, snapshot: Snapshot) -> Review:
        """The user changes what is shared."""
        self.snapshot, self.number = snapshot, self.number + 1
        self.review = follow(self.review, snapshot)
        return self.review

    def one(self, id_: str) -> ReviewedEntry:
        """What has come of an entry."""
        return self.review.gone_into[id_]

    def answer(
        self, by: Author, id_: str, words: str = "Ja", kind: AnswerKind = "can", seen: int = 0
    ) -> Review:
        return self.do(by, GiveAnswer(id_, kind, words, None, seen))

    def beside(self, by: Author, id_: str, words: str, *, whose: Side | None = None, seen: int = 0) -> Review:
        return self.do(by, PutBeside(id_, whose or by.side, words, seen))

    def propose(self, by: Author, what: str = "Møtes ute", *, id_: str = "a1", seen: int = 0) -> Review:
        return self.do(by, Propose(id_, what, "professional", date(2026, 12, 8), None, seen))

    def confirm(self, by: Author, id_: str = "a1") -> Review:
        """The wording there is now."""
        return self.do(by, Confirm(id_, self.written(id_)))

    def agree(self, id_: str = "a1") -> Review:
        """Both agree on something."""
        self.propose(KARI, id_=id_)
        return self.confirm(USER, id_)

    def stand(self, by: Author, view: View = "agree", words: str = "", seen: int = 0) -> Review:
        return self.do(by, TakeStand(view, words, self.review.digest, seen))

    def prepare(self, id_: str = "r1", text: str = "Ønsker\nFærre folk\n") -> Review:
        on = self.review.print_for_record(self.snapshot)
        return self.do(KARI, PrepareRecord(id_, text, "nb", on))

    def written(self, id_: str = "a1") -> int:
        """At which writing an agreement was worded as it is."""
        proposal = self.review.proposal(id_)
        assert proposal is not None
        return proposal.written
