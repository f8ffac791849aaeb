"""Since last time: agreements carried into a conversation, asked about one by one."""

from datetime import UTC, datetime

from hypothesis import given as for_any
from hypothesis import strategies as some
from support.as_read import our_library

from assistant.dialogue.model import topic_of
from assistant.engine.conversation import ROUND_OFF, Conversation, Statement
from assistant.engine.journey import begin
from assistant.engine.machine import DialogueMachine
from assistant.engine.reply import Given
from assistant.engine.turn import Reply, take_turn, where
from assistant.meetings.review.agreement import Agreement, Outcome, outcomes_in, to_be_carried
from assistant.meetings.summary import summarise

BEFORE = DialogueMachine(our_library()["before_meeting"])
BUS, CALL = Statement(id="b1", text="Øve på <bussen>\n sammen"), Statement(id="c2", text="Ringe")
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


def agreement(id_: str) -> Agreement:
    """Something that was agreed."""
    return Agreement(id=id_, what=f"avtale {id_}", who="user", agreed_at=AT)


def told(now: Conversation, *answers: Given | None) -> Conversation:
    """The conversation after these answers, one at each question it comes to; None is skipped."""
    for given in answers:
        at, _ = where(BEFORE, now)
        reply = Reply(now.turn, at, "skip" if given is None else "answer", given or {})
        now = take_turn(BEFORE, now, reply, f"t{now.turn}.")
    return now


def test_the_preparation_opens_with_each_agreement_and_then_goes_on_as_ever() -> None:
    now = begin(BEFORE, (BUS, CALL))
    questions = where(BEFORE, now)[1].questions
    assert (now.at, questions[:2]) == (
        "since_last/b1/how",
        ("since_last/b1/how", "since_last/c2/how"),
    )
    assert questions[2:] == where(BEFORE, begin(BEFORE))[1].questions
    assert told(now, None, None).at == "meeting/kind"


def test_what_is_said_of_it_stands_first_in_the_summary_under_the_agreement_verbatim() -> None:
    now = told(begin(BEFORE, (BUS, CALL)), {"option": ("partly",), "statement.new0": ("Én gang.",)}, None)
    chapter = summarise(BEFORE.dialogue, where(BEFORE, now)[1]).chapters[0]
    assert chapter.section.id == "agreed"
    assert {entry.topic for entry in chapter.entries} == {BUS.text}
    assert outcomes_in(now) == {"b1": Outcome(went="partly", words="Én gang.")}


def test_a_conversation_from_before_there_was_anything_to_carry_reads_as_before() -> None:
    kept = begin(BEFORE).model_dump_json(exclude={"carried"})
    assert "carried" not in kept
    assert Conversation.model_validate_json(kept) == begin(BEFORE)


def test_what_is_done_or_no_longer_relevant_is_not_asked_about_again_and_the_rest_is() -> None:
    four = [agreement(id_) for id_ in ("a1", "a2", "a3", "a4", "a5")]
    first = begin(BEFORE, to_be_carried(four, []))
    answers: list[Given | None] = [{"option": (o,)} for o in ("done", "partly", "not", "no_longer")]
    first = told(first, *answers, None)
    assert [s.id for s in to_be_carried(four, [first])] == ["a2", "a3", "a5"]
    second = told(begin(BEFORE, to_be_carried(four, [first])), {"option": ("done",)})
    assert [s.id for s in to_be_carried(four, [first, second])] == ["a3", "a5"]


@for_any(
    some.lists(some.from_regex(r"[a-z0-9]{1,6}", fullmatch=True), max_size=5, unique=True),
    some.lists(some.sampled_from(["done", "partly", "not", "no_longer", None]), max_size=8),
)
def test_whatever_is_carried_each_is_asked_about_once_in_its_order(
    ids: list[str], replies: list[str | None]
) -> None:
    now = begin(BEFORE, tuple(Statement(id=id_, text="x") for id_ in ids))
    replies = replies[: len(ids)]
    now = told(now, *(None if option is None else {"option": (option,)} for option in replies))
    asked = [topic_of(a) for a in where(BEFORE, now)[1].questions if a.startswith("since_last/")]
    assert asked == ids
    went = dict(zip(ids, replies, strict=False))
    assert {id_: said.went for id_, said in outcomes_in(now).items()} == {
        id_: option for id_, option in went.items() if option
    }
    assert Conversation.model_validate_json(now.model_dump_json()) == now
    assert now.at != ROUND_OFF


def test_two_agreements_under_one_id_keep_nobody_from_preparing_again() -> None:
    carried = to_be_carried([agreement("a1"), agreement("a2"), agreement("a1")], ())
    assert [one.id for one in carried] == ["a1", "a2"]
    assert told(begin(BEFORE, carried), None, None).at == "meeting/kind"
