"""Reviews of what somebody told and shared, gone through act by act as the program does it."""

from datetime import UTC, date, datetime, timedelta
from typing import get_args

from hypothesis import strategies as some
from meetings.test_share import planted

from assistant.exports.review.layout import lay_out_review
from assistant.exports.review.sheet import ReviewSheet
from assistant.languages import Language
from assistant.meetings.review.acts import (
    Act,
    Confirm,
    Drop,
    GiveAnswer,
    MarkEntry,
    Propose,
    PutBeside,
    TakeStand,
    WantAnswer,
)
from assistant.meetings.review.agreement import OtherPerson
from assistant.meetings.review.apply import ActContext, apply_act
from assistant.meetings.review.review import SIDES, AnswerKind, Author, Mark, Review, View, key_of
from assistant.meetings.review.snapshot_changes import begun, entries_shared, follow
from assistant.meetings.share import CHOICES, SharingChoices, Snapshot, entries_in, take_snapshot
from assistant.meetings.summary import summarise
from support.answers import DIALOGUE, PRIVATE, told, whatever_is_told
from support.sheets import BOOKS, EMOJI, HEBREW, MARKUP, many_kinds, stated

ON = date(2027, 2, 5)
SHARED_ON = date(2027, 2, 3)
BEGUN_AT = datetime(2027, 2, 5, 12, 30, tzinfo=UTC)
USER = Author(side="user", language="nb")
KARI = Author(side="professional", id="3f2a", name='Kari <"Fagperson"> & co', language="nn")
OLA = Author(side="professional", id="77b1", name="Ola Vikar", language="en")
EARLIER = "Å få sove hele natta"
AGREED = "Kari ringer legen <& spør>\nog sier fra til meg"
WAITING = "Vi prøver å møtes ute"
DROPPED = "TATTBORT"
BECAUSE = "Det finnes ikke plass før mars.\n\nJeg har spurt to ganger."
BESIDE = "أريد بيتا هادئا"
FOR_USER = "Hun sier at natta er verst"
FOR_PROFESSIONAL = "Kari sier at hun spør sjefen"
OTHER = "Bror min, Ali"
_LETTERS = some.characters(exclude_categories=["Cc", "Cs"]) | some.sampled_from('\n\t<&>"]')
TYPED = some.text(_LETTERS, min_size=1, max_size=8).filter(lambda text: text.strip() and PRIVATE not in text)
"""What can be written: everything but the control characters that no page takes in."""
BOTH_VIEWS = "Jeg vil trappe ned nå. Kari vil vente. 🌱"


def shared(*keep: str, sleep: str = "Å få sove") -> Snapshot:
    """Everything that was told, but for the entries that are kept."""
    answers = many_kinds() | {"matters/now": stated("a", sleep, HEBREW, EMOJI)}
    sharing = SharingChoices(salt="salt", explained=True, for_all="share").choosing(
        dict.fromkeys(keep, "keep")
    )
    return take_snapshot(summarise(DIALOGUE, told(answers)), sharing, SHARED_ON)


class GoingThrough:
    """A review that acts are done in, a minute apart."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.review = begun(snapshot)
        self.number = 0

    def do(self, by: Author, *acts: Act) -> None:
        """Each of these by this hand."""
        for act in acts:
            self.number += 1
            at = BEGUN_AT + timedelta(minutes=self.number)
            self.review = apply_act(self.review, act, ActContext(by, at, self.number, self.snapshot))

    def share(self, snapshot: Snapshot) -> None:
        """The user shares again."""
        self.snapshot, self.review = snapshot, follow(self.review, snapshot)

    def stand(self, by: Author, view: View, words: str = "") -> None:
        """This hand says where they stand on what is there now."""
        before = self.review.standpoints.get(key_of(by.side, by))
        self.do(by, TakeStand(view, words, self.review.print, before.written if before else 0))


def id_of(snapshot: Snapshot, words: str) -> str:
    """The entry that says this."""
    return next(id_ for id_, one in entries_shared(snapshot) if one.entry.said == words)


def a_whole_review() -> tuple[Review, Snapshot]:
    """Everything that can come of a share."""
    first = shared(sleep=EARLIER)
    through = GoingThrough(first)
    sleep, wish = id_of(first, EARLIER), id_of(first, MARKUP)
    need, line = id_of(first, "čáđŋ ł ž Привет"), id_of(first, "Våken til fire")
    through.do(KARI, GiveAnswer(sleep, "can", "Jeg ringer i dag", date(2027, 2, 8), 0))
    through.do(KARI, GiveAnswer(wish, "not_possible", BECAUSE, None, 0))
    through.do(USER, PutBeside(wish, "user", "Da vil jeg vite når", 0))
    through.do(OLA, PutBeside(wish, "professional", BESIDE, 0))
    through.do(KARI, PutBeside(line, "user", FOR_USER, 0))
    through.do(USER, GiveAnswer(need, "must_ask", FOR_PROFESSIONAL, None, 0))
    through.do(USER, MarkEntry(wish, "talked"), MarkEntry(line, "next_time"), WantAnswer(line, True))
    through.share(edited(first, sleep, "Å få sove"))
    through.do(KARI, Propose("a1", AGREED, "professional", date(2027, 2, 12), date(2027, 3, 5), 0))
    through.do(USER, Confirm("a1", through.number))
    through.do(USER, Propose("a2", WAITING, OtherPerson(name=OTHER), None, None, 0))
    through.do(USER, Propose("a3", DROPPED, "user", None, None, 0))
    through.do(KARI, Drop("a3", through.number))
    through.stand(OLA, "agree")
    through.do(KARI, PutBeside(sleep, "professional", "Vi hjelper til med lyset også", 0))
    through.stand(USER, "differ", BOTH_VIEWS)
    through.stand(KARI, "agree")
    return through.review, through.snapshot


def edited(snapshot: Snapshot, id_: str, words: str) -> Snapshot:
    """The same shared again with one entry worded anew."""
    sections = tuple(
        section.model_copy(
            update={
                "entries": tuple(
                    entry.model_copy(update={"said": words, "version": entry.version + 1})
                    if entry.id == id_
                    else entry
                    for entry in section.entries
                )
            }
        )
        for section in snapshot.sections
    )
    return snapshot.model_copy(update={"sections": sections})


def sheet_of(review: Review, snapshot: Snapshot, language: Language = "nb") -> ReviewSheet:
    """The sheet as the program lays it."""
    return lay_out_review(review, snapshot, BOOKS[language], on=ON, service="Eksempel kommune")


def whatever_comes_of_it(data: some.DataObject) -> tuple[GoingThrough, set[str], set[str]]:
    """Somebody tells, shares some of it, it is gone through, and less is shared.

    Also the marks in what is shared in the end, and those in what is not: entries kept back, and whatever was
    said about entries that are shared no more.
    """
    summary, marks = planted(summarise(DIALOGUE, whatever_is_told(data)))
    ids = [entry.id for _, entry in entries_in(summary)]
    choices = some.dictionaries(some.sampled_from(ids), some.sampled_from(CHOICES)) if ids else some.just({})
    sharing = SharingChoices(salt="salt", explained=True, for_all="share").choosing(data.draw(choices))
    through = GoingThrough(take_snapshot(summary, sharing, SHARED_ON))
    said: dict[str, set[str]] = {}
    for id_ in dict(entries_shared(through.snapshot)):
        said[id_] = _anything_about(through, id_, data)
    _anything_agreed(through, data)
    less = sharing.choosing(data.draw(choices))
    through.share(take_snapshot(summary, less, SHARED_ON))
    there = set(dict(entries_shared(through.snapshot)))
    shown = {mark for id_, mark in marks.items() if id_ in there}
    shown |= {mark for id_, about in said.items() if id_ in there for mark in about}
    everything = set(marks.values()) | {mark for about in said.values() for mark in about}
    return through, shown, everything - shown


def _anything_about(through: GoingThrough, id_: str, data: some.DataObject) -> set[str]:
    hands = some.sampled_from([USER, KARI, OLA])
    said = set()
    for kind in data.draw(some.lists(some.sampled_from(["answer", "remark", "mark", "want"]), max_size=2)):
        by = data.draw(hands)
        words = f"[{through.number}]SAGT{data.draw(TYPED)}"
        if kind == "answer" and key_of("professional", by) not in _answers_to(through, id_):
            how = data.draw(some.sampled_from(get_args(AnswerKind)))
            through.do(by, GiveAnswer(id_, how, words, data.draw(some.none() | some.just(ON)), 0))
            said.add(words)
        elif kind == "mark":
            through.do(by, MarkEntry(id_, data.draw(some.sampled_from(get_args(Mark)))))
        elif kind == "want":
            through.do(by, WantAnswer(id_, True))
        elif kind == "remark" and not said:
            through.do(by, PutBeside(id_, data.draw(some.sampled_from(SIDES)), words, 0))
            said.add(words)
    return said


def _answers_to(through: GoingThrough, id_: str) -> set[str]:
    one = through.review.gone_into.get(id_)
    return set(one.answers) if one else set()


def _anything_agreed(through: GoingThrough, data: some.DataObject) -> None:
    for number in range(data.draw(some.integers(0, 2))):
        who = data.draw(some.sampled_from([*SIDES, OtherPerson(name=OTHER)]))
        day = some.none() | some.just(ON)
        by, other = data.draw(some.permutations([USER, KARI]))
        through.do(by, Propose(f"p{number}", data.draw(TYPED), who, data.draw(day), data.draw(day), 0))
        if data.draw(some.booleans()):
            through.do(other, Confirm(f"p{number}", through.number))
    for by in data.draw(some.lists(some.sampled_from([USER, KARI, OLA]), max_size=3)):
        through.stand(by, data.draw(some.sampled_from(get_args(View))), data.draw(some.just("") | TYPED))
