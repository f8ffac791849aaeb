"""Reading what a person gave: own words untouched, and every refusal in the field it is about."""

from contextlib import suppress
from datetime import date, time

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as some
from support.small_dialogue import SMALL, WINDING

from assistant.dialogue.model import TEXT_LIMIT, Question, Text
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
from assistant.engine.reply import Given, as_given, read_answer, read_clock, read_day, without_hidden
from assistant.errors import (
    ClockUnreadable,
    DayUnreadable,
    HiddenCharacter,
    NoSuchOption,
    NothingSaid,
    Refusal,
    TextTooLong,
    TooManyChosen,
    TooManyStatements,
)

CHOICE = SMALL.dialogue.question("trip/kind")
ADDED_TO = CHOICE.model_copy(update={"own": Text(nb="Mer", nn="Meir", en="More")})
CHOICES = SMALL.dialogue.question("trip/with_whom")
TEXT = SMALL.dialogue.question("trip/own_kind")
STATEMENTS = SMALL.dialogue.question("me/wish")
BALANCE = SMALL.dialogue.question("me/balance")
DAY = SMALL.dialogue.question("me/again")
DAY_AND_TIME = SMALL.dialogue.question("trip/day")
TOPICS = WINDING.dialogue.question("start/which")
RANK = WINDING.dialogue.question("first/three")
RANKABLE = ("w1", "w2", "w3")


def answer(question: Question, given: Given, before: Answer | None = None, seed: str = "s") -> Answer:
    return read_answer(question, given, before, seed, RANKABLE)


def stated(*texts: str) -> StatementsGiven:
    """Statements as they come from a fresh reply."""
    return StatementsGiven(
        statements=tuple(Statement(id=f"s{n:02d}", text=t) for n, t in enumerate(texts, 1))
    )


# ---- refusals


@pytest.mark.parametrize(
    ("question", "given", "refusal", "field"),
    [
        (CHOICE, {}, NothingSaid, "option"),
        (CHOICE, {"option": ()}, NothingSaid, "option"),
        (CHOICE, {"option": ("fly",)}, NoSuchOption, "option"),
        (CHOICE, {"option": ("walk", "boat")}, TooManyChosen, "option"),
        (CHOICE, {"option": ("",)}, NoSuchOption, "option"),
        (ADDED_TO, {}, NothingSaid, "option"),
        (ADDED_TO, {"statement.new": (" ",)}, NothingSaid, "option"),
        (ADDED_TO, {"option": ("walk", "boat"), "statement.new": ("ok",)}, TooManyChosen, "option"),
        (ADDED_TO, {"statement.1": ("one",), "statement.2": ("two",)}, TooManyChosen, "option"),
        (CHOICE, {"statement.new": ("there is no field for it",)}, NothingSaid, "option"),
        (CHOICES, {}, NothingSaid, "option"),
        (CHOICES, {"option": ("friend", "stranger")}, NoSuchOption, "option"),
        (CHOICES, {"statement.new": ("nobody asked",)}, NothingSaid, "option"),
        (TOPICS, {}, NothingSaid, "option"),
        (TOPICS, {"option": (), "statement.new": (" ",)}, NothingSaid, "option"),
        (TOPICS, {"option": ("fly",), "statement.new": ("ok",)}, NoSuchOption, "option"),
        (TOPICS, {"option": ("home",), "statement.new": ("\x00",)}, HiddenCharacter, "statement.new"),
        (TOPICS, {"statement.new": ("a" * 4_001,)}, TextTooLong, "statement.new"),
        (
            TOPICS,
            {"option": ("home",), **{f"statement.{n}": ("ok",) for n in range(3)}},
            TooManyChosen,
            "option",
        ),
        (RANK, {}, NothingSaid, "first"),
        (RANK, {"first": ("", "")}, NothingSaid, "first"),
        (RANK, {"first": ("w9",)}, NoSuchOption, "first"),
        (RANK, {"first": ("w1", " ")}, NoSuchOption, "first"),
        (RANK, {"first": ("w1", "w2", "w3")}, TooManyChosen, "first"),
        (TEXT, {}, NothingSaid, None),
        (TEXT, {"statement.new": ("",)}, NothingSaid, "statement.new"),
        (TEXT, {"statement.new": ()}, NothingSaid, "statement.new"),
        (TEXT, {"statement.new": (" \r\n\t\u00a0\u2003",)}, NothingSaid, "statement.new"),
        (TEXT, {"statement.new": ("a\x00b",)}, HiddenCharacter, "statement.new"),
        (TEXT, {"statement.new": ("\ud800",)}, HiddenCharacter, "statement.new"),
        (TEXT, {"statement.new": ("a" * 4_001,)}, TextTooLong, "statement.new"),
        (TEXT, {"statement.a": ("one",), "statement.b": ("two",)}, TooManyStatements, "statement.b"),
        (TEXT, {"words": ("under another name",)}, NothingSaid, None),
        (STATEMENTS, {"statement.1": ("",), "statement.2": (" ",)}, NothingSaid, "statement.1"),
        (STATEMENTS, {"statement.1": ("ok",), "statement.2": ("\x1b[31m",)}, HiddenCharacter, "statement.2"),
        (STATEMENTS, {f"statement.{n}": ("ok",) for n in range(4)}, TooManyStatements, "statement.3"),
        (BALANCE, {}, NothingSaid, "support.level"),
        (BALANCE, {"support.own": (" ",), "signal": ("",)}, NothingSaid, "support.level"),
        (BALANCE, {"support.level": ("much",)}, NoSuchOption, "support.level"),
        (BALANCE, {"challenge.level": ("less", "more")}, NoSuchOption, "challenge.level"),
        (BALANCE, {"support.forms": ("ask",)}, NoSuchOption, "support.forms"),
        (BALANCE, {"challenge.own": ("\x07",)}, HiddenCharacter, "challenge.own"),
        (BALANCE, {"signal": ("a" * 4_001,)}, TextTooLong, "signal"),
        (BALANCE, {"then": ("\x00",)}, HiddenCharacter, "then"),
        (DAY, {}, NothingSaid, "on"),
        (DAY, {"on": ("  ",)}, NothingSaid, "on"),
        (DAY, {"on": ("soon",)}, DayUnreadable, "on"),
        (DAY_AND_TIME, {"at": ("9",)}, NothingSaid, "on"),
        (DAY_AND_TIME, {"on": ("soon",), "at": ("late",)}, DayUnreadable, "on"),
        (DAY_AND_TIME, {"on": ("5.1.2026",), "at": ("25:00",)}, ClockUnreadable, "at"),
    ],
)
def test_what_cannot_be_taken_is_refused_in_the_field_it_is_about(
    question: Question, given: Given, refusal: type[Refusal], field: str | None
) -> None:
    with pytest.raises(refusal) as refused:
        answer(question, given)
    assert type(refused.value) is refusal
    assert refused.value.field == field


def test_a_refusal_never_holds_the_words_it_refuses() -> None:
    for given in ({"statement.1": ("secret\x00",)}, {"statement.1": ("secret" * 1_000,)}):
        with pytest.raises(Refusal) as refused:
            answer(TEXT, given)
        assert "secret" not in repr(refused.value)
        assert "secret" not in str(refused.value)


# ---- own words


own_words = some.text(
    some.one_of(
        some.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")),
        some.sampled_from("\n\r\t \u200d\u200f\u202e\u0301\ufe0f😀👩"),
    ),
    max_size=200,
).filter(lambda text: bool(text.strip()))


@for_any(own_words)
def test_own_words_are_kept_character_for_character(text: str) -> None:
    kept = answer(TEXT, {"statement.new": (text,)})
    assert kept == stated(text.replace("\r\n", "\n").replace("\r", "\n"))


@for_any(own_words)
def test_own_words_come_back_from_json_as_they_went(text: str) -> None:
    kept = answer(TEXT, {"statement.new": (text,)})
    assert StatementsGiven.model_validate_json(kept.model_dump_json()) == kept


@pytest.mark.parametrize(
    "text",
    [
        "  to mellomrom først og to sist  ",
        "blåbær, ærfugl, ås og čáhci",
        "A\u030a og Å er ikke det samme",  # decomposed stays decomposed
        "👩‍👩‍👧‍👦🏳️‍🌈❤️",
        "مرحبا \u200fabc\u200e שלום",
        "\u202eabc",
        "Z̸̢̛͖a̷͉̓l̵̰͒g̶o",
        "en\u00a0to\u202ftre\u200bfire\ufeff",
        "<b>ikke fet</b> & {{ikke mal}} %s {0}",
        "«Nei», sa jeg – «ikke nå».",
        "linje\n\n\n\tmed innrykk",
        "\ufffe\U000f0000",
    ],
)
def test_nothing_that_can_be_written_is_changed(text: str) -> None:
    assert answer(TEXT, {"statement.new": (text,)}) == stated(text)


def test_each_line_break_is_kept_as_one_line_break() -> None:
    assert answer(TEXT, {"statement.new": ("a\r\nb\rc\nd\r\n\r\ne",)}) == stated("a\nb\nc\nd\n\ne")


def test_four_thousand_characters_are_taken_and_one_more_is_not() -> None:
    assert TEXT_LIMIT == 4_000
    assert answer(TEXT, {"statement.new": ("å" * 4_000,)}) == stated("å" * 4_000)
    assert answer(TEXT, {"statement.new": ("😀" * 4_000,)}) == stated("😀" * 4_000)
    with pytest.raises(TextTooLong) as refused:
        answer(TEXT, {"statement.new": ("å" * 4_001,)})
    assert (refused.value.length, refused.value.limit) == (4_001, 4_000)


def test_line_breaks_are_counted_as_the_writer_sees_them() -> None:
    assert answer(TEXT, {"statement.new": ("a" + "\r\n" * 3_998 + "b",)})


_HIDDEN_CODES = (*range(32), *range(127, 160), 0x2028, 0x2029, *range(0xD800, 0xE000))
HIDDEN = set(map(chr, _HIDDEN_CODES)) - set("\n\r\t")


@for_any(some.text())
def test_what_can_be_shown_is_all_but_control_characters(text: str) -> None:
    shown = without_hidden(text)
    assert not HIDDEN & set(shown)
    assert without_hidden(shown) == shown


@for_any(some.text(some.sampled_from("ab \n\v\x00\x07\x81\x85\u2028\u2029\ud800")))
def test_what_is_taken_out_joins_no_words(text: str) -> None:
    apart = "".join(" " if character in HIDDEN else character for character in text)
    assert without_hidden(text).split() == apart.split()


@pytest.mark.parametrize(
    "hidden",
    ["\x00", "\x08", "\x0b", "\x0c", "\x1b", "\x7f", "\x85", "\x96", "\x9f", "\u2028", "\u2029", "\udfff"],
)
def test_a_character_that_no_page_can_show_is_refused(hidden: str) -> None:
    with pytest.raises(HiddenCharacter):
        answer(STATEMENTS, {"statement.1": (f"a{hidden}",)})


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Første linje\vandre linje", "Første linje\nandre linje"),
        ("side en\fside to\x85slutt", "side en\nside to\nslutt"),
        ("en\u2028to\u2029tre", "en\nto\ntre"),
        ("1997\x962003", "1997–2003"),
        ("\x93Nei\x94, sa jeg \x97 det\x92s \x80 5\x85", "“Nei”, sa jeg — det’s € 5\n"),
        ("den\x07andre \x07 \x00og\x1b[31m", "den andre  og[31m"),
        ("den\x00\x01andre", "den andre"),
        ("a\x81b", "a b"),
        ("a\n\r\tb", "a\n\r\tb"),
    ],
)
def test_what_is_taken_out_leaves_what_was_meant(typed: str, shown: str) -> None:
    assert without_hidden(typed) == shown


# ---- ids and versions


def test_new_statements_get_ids_from_the_seed_in_the_order_given() -> None:
    given = {
        "statement.b": ("first",),
        "statement.": ("second",),
        "other": ("no",),
        "statement.a": ("third",),
    }
    assert answer(STATEMENTS, given, seed="s") == stated("first", "second", "third")


def test_an_id_survives_an_edit_and_the_version_counts_it() -> None:
    before = stated("sove", "spise", "gå")
    given = {"statement.s01": ("sove godt",), "statement.s02": ("spise",), "statement.s03": ("gå",)}
    after = answer(STATEMENTS, given, before, seed="later")
    assert after == StatementsGiven(
        statements=(
            Statement(id="s01", text="sove godt", version=2),
            Statement(id="s02", text="spise"),
            Statement(id="s03", text="gå"),
        )
    )
    again = answer(STATEMENTS, {**given, "statement.s01": ("sove",)}, after, seed="latest")
    assert isinstance(again, StatementsGiven)
    assert [(s.id, s.version) for s in again.statements] == [("s01", 3), ("s02", 1), ("s03", 1)]


def test_the_same_words_with_the_line_breaks_of_a_form_are_the_same_version() -> None:
    before = stated("en\nto")
    assert answer(TEXT, {"statement.s01": ("en\r\nto",)}, before) == before


def test_one_space_more_is_another_version() -> None:
    after = answer(TEXT, {"statement.s01": ("sove ",)}, stated("sove"))
    assert after == StatementsGiven(statements=(Statement(id="s01", text="sove ", version=2),))


def test_a_statement_that_was_emptied_or_left_out_goes() -> None:
    before = stated("sove", "spise", "gå")
    after = answer(STATEMENTS, {"statement.s01": ("  ",), "statement.s03": ("gå",)}, before)
    assert after == StatementsGiven(statements=before.statements[2:])


def test_statements_stand_in_the_order_they_are_given() -> None:
    before = stated("sove", "spise")
    given = {"statement.s02": ("spise",), "statement.new": ("gå",), "statement.s01": ("sove",)}
    after = answer(STATEMENTS, given, before, seed="t")
    assert isinstance(after, StatementsGiven)
    assert [(s.id, s.text) for s in after.statements] == [("s02", "spise"), ("t01", "gå"), ("s01", "sove")]


def test_a_place_for_a_statement_that_never_was_gives_a_new_one() -> None:
    after = answer(STATEMENTS, {"statement.s09": ("ny",)}, stated("sove"), seed="t")
    assert after == StatementsGiven(statements=(Statement(id="t01", text="ny"),))


@pytest.mark.parametrize(
    "before", [None, Skipped(), ChosenOptions(options=("walk",)), OnDay(on=date(2026, 1, 5))]
)
def test_an_answer_without_words_before_lends_no_ids(before: Answer | None) -> None:
    assert answer(TEXT, {"statement.s01": ("ny",)}, before) == stated("ny")


def test_empty_places_do_not_count_towards_the_limit() -> None:
    given = {f"statement.{n}": ("",) for n in range(20)} | {f"statement.full{n}": ("x",) for n in range(3)}
    assert answer(STATEMENTS, given) == stated("x", "x", "x")


# ---- options


def test_one_option_is_chosen() -> None:
    assert answer(CHOICE, {"option": ("boat",)}) == ChosenOptions(options=("boat",))


def test_options_stand_in_the_order_they_are_offered_each_once() -> None:
    picked = ("guide", "friend", "guide", "family")
    assert answer(CHOICES, {"option": picked}) == ChosenOptions(options=("friend", "family", "guide"))


def test_one_may_name_ones_own_where_it_is_offered_with_options_and_without() -> None:
    own = (Statement(id="s01", text="lyset"),)
    assert answer(TOPICS, {"statement.new": ("lyset",)}) == ChosenOptions(options=(), own=own)
    both = {"option": ("work", "home"), "statement.new": ("lyset",)}
    assert answer(TOPICS, both) == ChosenOptions(options=("home", "work"), own=own)


def test_ones_own_is_let_lie_where_it_is_not_offered() -> None:
    given = {"option": ("friend",), "statement.new": ("naboen",)}
    assert answer(CHOICES, given) == ChosenOptions(options=("friend",))


def test_what_one_named_keeps_its_id_through_edits() -> None:
    before = answer(TOPICS, {"option": ("home",), "statement.new": ("lyset",)})
    given = {"option": ("work",), "statement.s01": ("lyset om natten",), "statement.new": ("lyden",)}
    assert answer(TOPICS, given, before, seed="t") == ChosenOptions(
        options=("work",),
        own=(Statement(id="s01", text="lyset om natten", version=2), Statement(id="t01", text="lyden")),
    )


def test_as_many_are_chosen_as_the_question_takes() -> None:
    three = {"option": ("home",), "statement.a": ("lyset",), "statement.b": ("",), "statement.c": ("lyden",)}
    chosen = answer(TOPICS, three)
    assert isinstance(chosen, ChosenOptions)
    assert len(chosen.topics) == 3
    everything = answer(CHOICES, {"option": ("friend", "family", "guide")})  # it names no limit
    assert everything.options == ("friend", "family", "guide")
    with pytest.raises(TooManyChosen) as refused:
        answer(TOPICS, {**three, "statement.d": ("tiden",)})
    assert refused.value.limit == 3


# ---- rank


def test_what_is_put_first_stands_in_the_order_it_was_put() -> None:
    assert answer(RANK, {"first": ("w3", "", "w1")}) == RankedStatements(first=("w3", "w1"))
    assert answer(RANK, {"first": ("w3", "w3", "w1")}) == RankedStatements(first=("w3", "w1"))


def test_with_nothing_to_put_first_nothing_can_be_put_first() -> None:
    with pytest.raises(NoSuchOption):
        read_answer(RANK, {"first": ("w1",)}, None, "s")


# ---- balance


def test_a_balance_holds_two_axes_and_the_stop_signal() -> None:
    given = {
        "support.level": ("more",),
        "support.forms": ("listen", "time"),
        "support.own": ("ikke mas",),
        "challenge.level": ("more",),
        "challenge.forms": ("ask",),
        "challenge.own": ("men spør",),
        "signal": ("jeg blir stille",),
        "then": ("vent",),
    }
    assert answer(BALANCE, given) == PlacedBalance(
        support=Axis(level="more", forms=("time", "listen"), own=Statement(id="s01", text="ikke mas")),
        challenge=Axis(level="more", forms=("ask",), own=Statement(id="s02", text="men spør")),
        signal=Statement(id="s03", text="jeg blir stille"),
        then=Statement(id="s04", text="vent"),
    )


@pytest.mark.parametrize(
    "given",
    [
        {"support.level": ("less",)},
        {"challenge.level": ("less",)},
        {"support.forms": ("time",)},
        {"challenge.forms": ("clear",)},
        {"support.own": ("x",)},
        {"challenge.own": ("x",)},
        {"signal": ("x",)},
        {"then": ("x",)},
    ],
)
def test_any_one_field_of_a_balance_is_an_answer(given: Given) -> None:
    placed = answer(BALANCE, given)
    assert isinstance(placed, PlacedBalance)
    assert placed.given
    assert placed.options == ()
    assert {name: texts for name, texts in as_given(placed).items() if texts} == given


def test_the_words_of_a_balance_keep_their_ids_through_edits() -> None:
    before = answer(BALANCE, {"support.own": ("en",), "challenge.own": ("to",), "signal": ("tre",)})
    assert isinstance(before, PlacedBalance)
    assert before.support.own
    assert before.challenge.own
    given = {"support.own": ("en",), "challenge.own": ("to til",), "then": ("fire",)}
    after = answer(BALANCE, given, before, seed="t")
    assert after == PlacedBalance(
        support=Axis(own=before.support.own),
        challenge=Axis(own=Statement(id=before.challenge.own.id, text="to til", version=2)),
        then=Statement(id="t01", text="fire"),
    )


# ---- days and clocks


@pytest.mark.parametrize(
    "text",
    ["2026-01-05", "5.1.2026", "05.01.2026", "5. 1. 2026", "05/01/2026", "5/1/2026", "5-1-2026", "5 1 2026"],
)
def test_a_day_is_read_as_browsers_send_it_and_as_people_write_it(text: str) -> None:
    assert read_day(text) == date(2026, 1, 5)


def test_the_day_comes_before_the_month() -> None:
    assert read_day("01/05/2026") == date(2026, 5, 1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "5. januar 2026",
        "2026-1-5",
        "2026-02-30",
        "29.2.2025",
        "31.4.2026",
        "0.1.2026",
        "5.13.2026",
        "1.1.0000",
        "5.1.2026 kl. 9",
        "2026-01-05T09:00",
        "\x005.1.2026",
        "\ud800",
        "9" * 10_000,
    ],
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(DayUnreadable) as refused:
        read_day(text)
    assert refused.value.field == "on"


@pytest.mark.parametrize(
    "text", ["09:05", "9:05", "9.05", "09 05", "0905", "905", "kl. 9.05", "kl 09:05", "KL.9:05"]
)
def test_a_clock_is_read_as_people_write_it(text: str) -> None:
    assert read_clock(text) == time(9, 5)


@pytest.mark.parametrize("text", ["9", "09", "kl. 9", "kl 9", "9.00"])
def test_a_whole_hour_needs_no_minutes(text: str) -> None:
    assert read_clock(text) == time(9)


@pytest.mark.parametrize(
    "text",
    ["", "25:00", "24:00", "9:60", "9:5", "half nine", "halv ni", "-1", "9:05:00", "12345", "kl", "9 am"],
)
def test_what_is_no_clock_is_refused(text: str) -> None:
    with pytest.raises(ClockUnreadable) as refused:
        read_clock(text)
    assert refused.value.field == "at"


def test_a_day_may_come_with_a_time_and_without() -> None:
    on = date(2026, 1, 5)
    assert answer(DAY_AND_TIME, {"on": (" 5.1.2026 ",), "at": (" kl. 9 ",)}) == OnDay(on=on, at=time(9))
    assert answer(DAY_AND_TIME, {"on": ("2026-01-05",), "at": ("",)}) == OnDay(on=on)
    assert answer(DAY_AND_TIME, {"on": ("2026-01-05",)}) == OnDay(on=on)


def test_a_time_nobody_asked_for_is_let_lie() -> None:
    assert answer(DAY, {"on": ("5.1.2026",), "at": ("25:00",)}) == OnDay(on=date(2026, 1, 5))


# ---- a saved answer as the form that would give it again


def ids_of(options: str) -> some.SearchStrategy[tuple[str, ...]]:
    return some.lists(some.sampled_from(options.split()), unique=True).map(tuple)


maybe_words = some.one_of(some.just(()), some.tuples(own_words))
a_choice = some.sampled_from(["walk", "boat", "other"]).map(lambda o: {"option": (o,)})
some_choices = ids_of("friend family guide").filter(bool).map(lambda options: {"option": options})
some_topics = some.tuples(ids_of("home work money"), some.lists(own_words, max_size=3)).map(
    lambda both: {"option": both[0], **{f"statement.{n}": (text,) for n, text in enumerate(both[1])}}
)
what_is_first = some.lists(some.sampled_from(RANKABLE), unique=True, min_size=1, max_size=2).map(
    lambda ids: {"first": tuple(ids)}
)
some_statements = some.lists(own_words, min_size=1, max_size=3).map(
    lambda texts: {f"statement.{n}": (text,) for n, text in enumerate(texts)}
)
a_text = own_words.map(lambda text: {"statement.new": (text,)})
a_balance = some.fixed_dictionaries(
    {
        "support.level": some.sampled_from([(), ("less",), ("more",)]),
        "support.forms": ids_of("time listen"),
        "support.own": maybe_words,
        "challenge.level": some.sampled_from([(), ("less",), ("more",)]),
        "challenge.forms": ids_of("ask clear"),
        "challenge.own": maybe_words,
        "signal": maybe_words,
        "then": maybe_words,
    }
).filter(lambda given: any(given.values()))
a_day = some.dates().map(lambda on: {"on": (on.isoformat(),)})
a_day_and_time = some.tuples(some.dates(), some.none() | some.times()).map(
    lambda both: {"on": (both[0].isoformat(),), "at": (both[1].strftime("%H:%M"),) if both[1] else ()}
)


@for_any(
    some.one_of(
        some.tuples(some.just(CHOICE), a_choice),
        some.tuples(some.just(CHOICES), some_choices),
        some.tuples(
            some.just(TOPICS), some_topics.filter(lambda given: 1 <= sum(map(len, given.values())) <= 3)
        ),
        some.tuples(some.just(RANK), what_is_first),
        some.tuples(some.just(TEXT), a_text),
        some.tuples(some.just(STATEMENTS), some_statements),
        some.tuples(some.just(BALANCE), a_balance),
        some.tuples(some.just(DAY), a_day),
        some.tuples(some.just(DAY_AND_TIME), a_day_and_time),
    )
)
def test_a_saved_answer_given_again_is_the_same_answer(asked: tuple[Question, Given]) -> None:
    question, given = asked
    kept = answer(question, given)
    assert answer(question, as_given(kept), kept, seed="later") == kept
    assert kept.given


def test_no_answer_and_a_skipped_one_leave_the_form_empty() -> None:
    assert as_given(None) == {}
    assert as_given(Skipped()) == {}
    assert Skipped().given is False
    assert Skipped().options == ()


def test_the_form_of_an_answer_names_its_fields() -> None:
    assert as_given(stated("sove")) == {"statement.s01": ("sove",)}
    assert as_given(ChosenOptions(options=("friend", "guide"))) == {"option": ("friend", "guide")}
    own = (Statement(id="s01", text="lyset"),)
    assert as_given(ChosenOptions(options=(), own=own)) == {"statement.s01": ("lyset",)}
    assert as_given(RankedStatements(first=("w3", "w1"))) == {"first": ("w3", "w1")}
    assert as_given(OnDay(on=date(2026, 1, 5), at=time(9, 5))) == {"on": ("2026-01-05",), "at": ("09:05",)}


fields = some.sampled_from(
    [
        "option",
        "first",
        "statement.a",
        "statement.b",
        "support.level",
        "challenge.forms",
        "signal",
        "on",
        "at",
        "else",
    ]
)
pieces = some.text() | some.sampled_from(
    ["walk", "friend", "home", "w1", "less", "ask", "2026-01-05", "9", "\x00", "\ud800"]
)


@for_any(some.dictionaries(fields, some.lists(pieces, max_size=3).map(tuple)))
def test_no_form_whatever_raises_anything_but_a_refusal(given: Given) -> None:
    for question in (CHOICE, CHOICES, TOPICS, RANK, TEXT, STATEMENTS, BALANCE, DAY, DAY_AND_TIME):
        with suppress(Refusal):
            assert answer(question, given).given


# ---- own words beside one option


def test_own_words_stand_beside_an_option_or_alone() -> None:
    both = answer(ADDED_TO, {"option": ("walk",), "statement.new": ("slowly",)})
    assert both == ChosenOptions(options=("walk",), own=(Statement(id="s01", text="slowly"),))
    assert answer(ADDED_TO, {"option": ("walk",)}) == ChosenOptions(options=("walk",))
    assert answer(ADDED_TO, {"statement.new": ("none of these",)}) == ChosenOptions(
        options=(), own=(Statement(id="s01", text="none of these"),)
    )


def test_own_words_beside_an_option_keep_their_id_when_the_option_changes() -> None:
    both = answer(ADDED_TO, {"option": ("walk",), "statement.new": ("slowly",)})
    assert as_given(both) == {"option": ("walk",), "statement.s01": ("slowly",)}
    changed = answer(ADDED_TO, {"option": ("boat",), "statement.s01": ("slowly",)}, before=both, seed="t")
    assert changed == ChosenOptions(options=("boat",), own=(Statement(id="s01", text="slowly"),))
