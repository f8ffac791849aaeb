"""Every kind of meeting has its own part beside the core, and only its own."""

import pytest
from support.answers import DIALOGUE, MACHINE

from assistant.dialogue.model import Address, Choice, Rank, Say, Statements
from assistant.engine.conversation import Answer, ChosenOptions, Skipped
from assistant.engine.journey import Journey, begin, walk
from assistant.engine.turn import Reply, take_turn
from assistant.meetings.summary import summarise

CORE = ("matters/now", "wishes/wish", "helps/helped", "needs/need", "balance/now", "questions/ask")
OWN_PART = {
    "first": "first_meeting",
    "follow_up": "follow_up",
    "care_team": "care_team",
    "inter_service": "inter_service",
    "individual_plan": "individual_plan",
    "crisis_plan": "crisis_plan",
    "medication": "medication",
    "review": "review",
    "discharge": "discharge",
    "network": "network",
    "other": "other_meeting",
}


def journey(kind: str | None, **more: Answer) -> Journey:
    """The way for this kind of meeting."""
    answers: dict[Address, Answer] = {
        "meeting/kind": ChosenOptions(options=(kind,)) if kind else Skipped(),
        **{name.replace("__", "/"): answer for name, answer in more.items()},
    }
    return walk(MACHINE, answers)


def parts_of(way: Journey) -> set[str]:
    return {address.split("/")[0] for address in way.states}


def kinds() -> list[str]:
    question = DIALOGUE.question("meeting/kind")
    assert isinstance(question, Choice)
    return [option.id for option in question.options]


def test_every_kind_but_the_one_not_known_has_a_part() -> None:
    assert set(kinds()) == {*OWN_PART, "unsure"}


@pytest.mark.parametrize("kind", [*OWN_PART, "unsure", None])
def test_a_kind_brings_its_own_part_and_no_other(kind: str | None) -> None:
    own = {OWN_PART[kind]} if kind in OWN_PART else set()
    assert parts_of(journey(kind)) & set(OWN_PART.values()) == own


@pytest.mark.parametrize("kind", [*OWN_PART, "unsure", None])
def test_the_short_way_stays_short_whatever_the_meeting(kind: str | None) -> None:
    way = journey(kind)
    core = tuple("balance/start" if kind == "first" and a == "balance/now" else a for a in CORE)
    assert tuple(a for a in way.led if a in core) == core
    own = [a for a in way.led if a not in (*core, "meeting/kind", "meeting/day")]
    assert len(own) == (1 if kind in OWN_PART else 0)
    assert len(way.led) <= 9
    # it comes early: after what matters to the person and before the wishes, or as the meeting is named
    assert own == ([] if kind not in OWN_PART else [way.led[1 if kind == "other" else 3]])


@pytest.mark.parametrize("kind", [*OWN_PART, "unsure", None])
def test_only_a_first_meeting_is_asked_without_a_now_to_compare_with(kind: str | None) -> None:
    topics = ChosenOptions(options=("home",))
    way = journey(kind, more__about=ChosenOptions(options=("topics",)), topics__which=topics)
    asked = {a for a in way.questions if a.split("/")[-1] in ("now", "start", "balance")} - {"matters/now"}
    if kind == "first":
        assert asked == {"balance/start", "topic/home/start"}
    else:
        assert asked == {"balance/now", "topic/home/balance"}


def test_everything_said_for_others_can_be_put_first() -> None:
    rank = DIALOGUE.question("first/three")
    assert isinstance(rank, Rank)
    said = {
        question.section
        for question in DIALOGUE.states.values()
        if not isinstance(question, Say | Rank) and question.section
    }
    assert set(rank.among) == said


def test_hope_people_and_strengths_are_one_press_away_and_never_owed() -> None:
    for kind in (*OWN_PART, "unsure", None):
        assert {"hope/hope", "hope/people", "hope/good_at"} <= set(journey(kind).offered)
        assert not {"hope/hope", "hope/people", "hope/good_at"} & set(journey(kind).led)


@pytest.mark.parametrize("kind", OWN_PART)
def test_all_that_a_kind_adds_can_be_had_and_is_shown_under_a_heading(kind: str) -> None:
    part = OWN_PART[kind]
    door = DIALOGUE.states.get(f"{part}/more")
    way = journey(kind)
    if door is not None:
        assert f"{part}/more" in way.offered
        wanted = ChosenOptions(options=tuple(option.id for option in door.options))  # type: ignore[union-attr]
        way = journey(kind, **{f"{part}__more": wanted})
    own = [a for a in way.questions if a.startswith(f"{part}/")]
    assert own == [a for a, s in DIALOGUE.states.items() if a.startswith(f"{part}/") and s.asks != "say"]
    assert 2 <= len(own) <= 5
    assert [a for a in own if a != f"{part}/more" and DIALOGUE.question(a).section is None] == []


def test_nothing_of_a_kind_is_asked_that_was_not_wanted() -> None:
    way = journey("first", first_meeting__more=ChosenOptions(options=("earlier",)))
    own = [a for a in way.questions if a.startswith("first_meeting/")]
    assert own == ["first_meeting/met", "first_meeting/more", "first_meeting/earlier"]
    assert "first_meeting/rights" not in way.states


def test_another_kind_midway_sets_aside_and_brings_back() -> None:
    now = begin(MACHINE)

    def do(state: str, **given: tuple[str, ...]) -> None:
        nonlocal now
        now = take_turn(MACHINE, now, Reply(now.turn, now.at, "go", to=state), "-")
        now = take_turn(
            MACHINE,
            now,
            Reply(now.turn, state, "answer", {name.replace("__", "."): t for name, t in given.items()}),
            f"t{now.turn}.",
        )

    do("meeting/kind", option=("crisis_plan",))
    do("matters/now", statement__new1=("å få sove",))
    do("crisis_plan/signs", statement__new1=("jeg slutter å spise",))
    do("crisis_plan/more", option=("reach",))
    do("crisis_plan/reach", statement__new1=("tante Liv",))
    before = summarise(DIALOGUE, walk(MACHINE, now.answers))

    do("meeting/kind", option=("network",))
    way = walk(MACHINE, now.answers)
    assert set(way.set_aside) == {"crisis_plan/signs", "crisis_plan/more", "crisis_plan/reach"}
    assert "network/rules" in way.open_questions
    told = [e.said for c in summarise(DIALOGUE, way).chapters for e in c.entries]
    assert "å få sove" in told
    assert not {"jeg slutter å spise", "tante Liv"} & set(told)
    do("network/rules", statement__new1=("ingen avbryter",))

    do("meeting/kind", option=("crisis_plan",))
    way = walk(MACHINE, now.answers)
    assert set(way.set_aside) == {"network/rules"}
    assert summarise(DIALOGUE, way) == before


def test_more_of_who_one_is_comes_only_when_it_is_wanted_and_is_never_scored() -> None:
    assert "recovery" not in parts_of(journey("first"))
    wanted = journey(None, more__about=ChosenOptions(options=("recovery",)))
    asked = [a for a in wanted.questions if a.startswith("recovery/")]
    assert asked == ["recovery/person", "recovery/meaning", "recovery/say_over"]
    assert all(isinstance(DIALOGUE.question(a), Statements) for a in asked)
