"""The same script as a plain form on one page: the same answers, the same drafts, the same refusals."""

from datetime import timedelta

import pytest
from support.clock import Clock
from support.database import content, rows
from support.page import Element, Form, Page
from support.person import CATALOGUES, NewPerson, Person
from support.short_way import SAID, have

from assistant.config import Settings
from assistant.languages import LANGUAGES, Language
from assistant.retention import RELEASED

NB = CATALOGUES["nb"].say
LONG = RELEASED.borrowed_browser + timedelta(seconds=1)
MATTERS, WISH = "matters/now:statement.new1", "wishes/wish:statement.new1"


async def the_form(person: Person, language: str = "nb") -> Page:
    """All the questions on one page, from the first question, past the way back."""
    page = await person.begin(language)
    page = await person.send(page.form("reply").press("view:form"))
    assert page.has("link"), "the way back comes before the first own words"
    return await person.send(page.form("continue").press("skip"))


def asked(page: Page, state: str) -> Element:
    return page.root.one("div", class_="asked", id=state)


def drafts(page: Page) -> list[str]:
    """The questions that say what is typed there is not saved yet."""
    return [
        e.attributes["id"] for e in page.root.all("div", class_="asked") if e.has("p", class_="hint draft")
    ]


def whole(page: Page) -> Form:
    return page.form("whole")


def state_of(page: Page, part: str) -> str:
    """How the page says it stands with a part."""
    (link,) = [a for a in page.root.one(id="way").all("a") if a.attributes["href"] == f"#part-{part}"]
    return link.one("span", class_="leg-state").text


async def answer_all(person: Person, page: Page, language: Language) -> Page:
    """The short way in full, a part at a time, as one would in the chat."""
    said = SAID[language]
    form = whole(page).choose("meeting/kind:option", "care_team")
    form.write("meeting/day:on", "5.2.2027").write("meeting/day:at", "12:30")
    page = await person.send(form.press("save:meeting"))
    for state, texts in said.items():
        part = state.split("/")[0]
        if part == "balance":
            form = (
                whole(page)
                .choose(f"{state}:support.level", "more")
                .choose(f"{state}:challenge.level", "same")
            )
            form.choose(f"{state}:support.forms", "listen", "beside")
            form.choose(f"{state}:challenge.forms", "not_take_over")
            for field, text in zip(("support.own", "challenge.own", "signal", "then"), texts, strict=True):
                form.write(f"{state}:{field}", text)
        elif len(texts) == 1:
            form = whole(page).write(f"{state}:statement.new1", texts[0])
        else:
            first, second = texts
            form = whole(page).write(f"{state}:statement.new1", first)
            page = await person.send(form.press(f"more:{state}"))
            form = whole(page).write(f"{state}:statement.new2", second)
        page = await person.send(form.press(f"save:{part}"))
        if whole(page).offers(f"whole:{state}"):
            page = await person.send(whole(page).press(f"whole:{state}"))
        assert (page.status, state_of(page, part)) == (200, CATALOGUES[language].say("way.done"))
    return page


@pytest.mark.parametrize("language", LANGUAGES)
async def test_through_the_form_comes_the_same_summary_as_through_the_chat(
    new_person: NewPerson, language: Language
) -> None:
    one, other = await new_person(), await new_person()
    page = await answer_all(one, await the_form(one, language), language)
    in_chat, _ = await have(other, language)
    summary = await one.send(whole(page).press("finish"))
    assert summary.entries == in_chat.entries


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_question_says_why_it_is_asked(person: Person, language: Language) -> None:
    page = await the_form(person, language)
    questions = [e.attributes["id"] for e in page.root.all("div", class_="asked")]
    assert questions[:3] == ["meeting/kind", "meeting/day", "matters/now"]
    for state in questions:
        summaries = [s.text for s in asked(page, state).all("summary")]
        # of a balance it stands in the open
        assert CATALOGUES[language].say("reply.why") in summaries or asked(page, state).has(
            "textarea", name=f"{state}:signal"
        )


# ---- saved part by part


async def test_several_answers_of_a_part_are_saved_at_once(person: Person) -> None:
    page = await the_form(person)
    form = whole(page).choose("meeting/kind:option", "medication").write("meeting/day:on", "5.2.2027")
    page = await person.send(form.press("save:meeting"))
    assert page.root.one(id="saved").text == NB("whole.saved")
    assert whole(page).picked("meeting/kind:option") == ["medication"]
    assert whole(page).text("meeting/day:on") == "2027-02-05"
    assert state_of(page, "meeting") == NB("way.done")


async def test_what_is_typed_in_other_parts_is_kept_and_says_that_it_is_no_answer_yet(person: Person) -> None:
    page = await the_form(person)
    form = whole(page).choose("meeting/kind:option", "medication").write(WISH, " Halvferdig tanke om ")
    page = await person.send(form.press("save:meeting"))
    assert whole(page).text(WISH) == " Halvferdig tanke om "
    assert drafts(page) == ["wishes/wish"]
    assert state_of(page, "wishes") == NB("way.waiting")
    assert "wishes" not in dict((await person.open(f"{page.path.split('/form')[0]}/summary")).entries)


async def test_enter_saves_what_is_filled_in_and_stays(person: Person) -> None:
    page = await the_form(person)
    page = await person.send(whole(page).write(MATTERS, "Barna mine.").write(WISH, "Ro.").press())
    assert page.has("whole")
    assert [state_of(page, part) for part in ("matters", "wishes", "needs")] == [
        NB("way.done"),
        NB("way.done"),
        NB("way.waiting"),
    ]


async def test_a_question_that_was_left_empty_stays_open(person: Person) -> None:
    page = await the_form(person)
    page = await person.send(whole(page).press("save:meeting"))
    assert state_of(page, "meeting") == NB("way.waiting")
    page = await person.send(whole(page).press("view:chat"))
    assert page.state == "meeting/kind"


async def test_an_answer_that_is_emptied_is_taken_away(person: Person) -> None:
    page = await the_form(person)
    form = whole(page).choose("meeting/kind:option", "medication").write(MATTERS, "Hagen min.")
    page = await person.send(form.press())
    assert NB("whole.no_answer") in asked(page, "meeting/kind").text
    (field,) = [name for name in whole(page).words if name.startswith("matters/now:")]
    form = whole(page).choose("meeting/kind:option", "").write(field, "")
    page = await person.send(form.press())
    assert whole(page).picked("meeting/kind:option") == []
    assert [state_of(page, part) for part in ("meeting", "matters")] == [
        NB("way.waiting"),
        NB("way.skipped"),
    ]
    assert "Hagen min." not in page.html


async def test_an_answer_that_opens_a_question_leads_to_it(person: Person) -> None:
    page = await the_form(person)
    sent = whole(page).choose("meeting/kind:option", "other").press("save:meeting")
    there = await person.send(sent, follow=False)
    assert there.headers["Location"].endswith("/form?saved=meeting#meeting/own_kind")
    page = await person.open(there.headers["Location"])
    form = whole(page).write("meeting/own_kind:statement.new1", "Kaffeprat")
    page = await person.send(form.press("save:meeting"))
    # led past again, and kept
    page = await person.send(whole(page).choose("meeting/kind:option", "medication").press("save:meeting"))
    assert not page.has("meeting/own_kind")
    assert "Kaffeprat" in page.root.one("section", class_="set-aside").text
    page = await person.send(whole(page).choose("meeting/kind:option", "other").press("save:meeting"))
    assert "Kaffeprat" in asked(page, "meeting/own_kind").text


async def test_more_than_two_hundred_fields_are_taken(person: Person) -> None:
    page = await the_form(person)
    sent = whole(page).write(MATTERS, "Barna mine.").press("save:matters")
    many = [(f"wishes/wish:statement.new{n}", "") for n in range(2, 500)]
    page = await person.send(type(sent)(sent.path, sent.fields + many))
    assert state_of(page, "matters") == NB("way.done")


# ---- refusals


async def test_each_refusal_stands_at_its_question_and_everything_typed_is_given_back(person: Person) -> None:
    page = await the_form(person)
    form = whole(page).choose("meeting/kind:option", "medication").write("meeting/day:on", "snart")
    form.write("meeting/day:at", "når som helst").write(WISH, "Ro.")
    page = await person.send(form.press("save:meeting"))
    assert (page.status, page.trouble) == (422, NB("refusal.SeveralRefused"))
    (link,) = [a.attributes["href"] for a in page.root.one(id="trouble").all("a")]
    assert link == "#meeting/day:on"
    field = page.root.one("input", id="meeting/day:on")
    assert (field.attributes["aria-invalid"], field.attributes["value"]) == ("true", "snart")
    assert page.root.one(id=field.attributes["aria-describedby"]).text == NB("refusal.DayUnreadable")
    assert whole(page).picked("meeting/kind:option") == ["medication"]
    assert whole(page).text(WISH) == "Ro."
    page = await person.open(page.path)
    assert whole(page).picked("meeting/kind:option") == [], "all or none"


async def test_all_that_is_wrong_is_said_at_once(person: Person) -> None:
    page = await the_form(person)
    form = (
        whole(page).write("meeting/day:on", "snart").write(MATTERS, "x" * 4001).write(WISH, "skjult\x01tegn")
    )
    page = await person.send(form.press("finish"))
    assert page.status == 422
    links = [a.attributes["href"] for a in page.root.one(id="trouble").all("a")]
    assert links == ["#meeting/day:on", f"#{MATTERS}", f"#{WISH}"]
    assert whole(page).text(MATTERS) == "x" * 4001
    assert whole(page).text(WISH) == "skjult tegn"
    assert NB("whole.HiddenCharacter") in asked(page, "wishes/wish").text


async def test_a_save_that_comes_twice_is_one_turn(person: Person) -> None:
    page = await the_form(person)
    sent = whole(page).write(MATTERS, "Barna mine.").press("save:matters")
    first, second = await person.send(sent), await person.send(sent)
    assert (first.status, second.status) == (200, 200)
    assert whole(first).text("turn") == whole(second).text("turn")


async def test_one_id_for_two_different_saves_is_refused_with_the_text_kept(person: Person) -> None:
    page = await the_form(person)
    sent = whole(page).write(MATTERS, "Barna mine.").press("save:matters")
    await person.send(sent)
    page = await person.send(sent.instead(MATTERS, "Hunden min."))
    assert (page.status, page.trouble) == (409, NB("whole.RequestReused"))
    assert "Hunden min." in asked(page, "matters/now").text


async def test_from_a_page_that_is_old_nothing_is_written_over_and_nothing_typed_is_lost(
    person: Person,
) -> None:
    page = await the_form(person)
    page = await person.send(whole(page).write(MATTERS, "Barna mine.").press("save:matters"))
    old = whole(await person.open(page.path))
    field = next(name for name in old.words if name.startswith("matters/now:"))
    newer = await person.send(whole(page).write(field, "Datteren min.").press("save:matters"))
    page = await person.send(old.write(WISH, "Ro.").press())
    assert (page.status, page.trouble) == (409, NB("whole.StaleTurn"))
    assert whole(page).text(field) == "Datteren min.", "what was not touched here is shown as it is now"
    assert whole(page).text(WISH) == "Ro."
    page = await person.send(whole(page).press())
    assert whole(page).text("turn") == str(int(whole(newer).text("turn")) + 1)
    summary = await person.open(f"{newer.path.split('/form')[0]}/summary")
    assert summary.entries == [("wishes", "Ro."), ("matters", "Datteren min.")]


async def test_what_was_typed_at_a_question_that_is_gone_can_be_copied(person: Person) -> None:
    page = await the_form(person)
    page = await person.send(whole(page).choose("meeting/kind:option", "other").press("save:meeting"))
    old = whole(page).write("meeting/own_kind:statement.new1", "Kaffeprat")
    await person.send(whole(page).choose("meeting/kind:option", "first").press("save:meeting"))
    for move in ("save:meeting", "pause"):
        page = await person.send(old.press(move))
        assert page.status == 409
        assert page.root.one("textarea", id="left-over-1").text == "Kaffeprat"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_help_is_asked_for_in_full_at_the_top_and_at_the_end_and_shortly_from_every_part(
    person: Person, language: Language
) -> None:
    say = CATALOGUES[language].say
    page = await the_form(person, language)
    in_full = [b for b in whole(page).buttons if b.text == say("help_here.button")]
    assert len(in_full) == 2
    first, last = (page.html.index(f'value="{b.attributes["value"]}">{b.text}') for b in in_full)
    parts = list(page.root.all("section", class_="part"))
    assert first < page.html.index('id="part-')
    assert last > page.html.rindex('id="part-')
    assert len(parts) > 5
    for part in parts:
        (short,) = [b for b in part.all("button") if b.text == say("help.title")]
        question = short.attributes["value"].removeprefix("help:")
        assert [e.attributes["id"] for e in part.all("div", class_="asked")][-1] == question
    moved = await person.send(whole(page).write(WISH, "Halvferdig").press(f"help:{question}"))
    assert moved.heading == say("help.title")
    assert whole(await person.open(page.path)).text(WISH) == "Halvferdig"


async def test_a_session_that_has_run_out_loses_nothing(person: Person, clock: Clock) -> None:
    page = await person.begin()
    page = await person.send(page.form("reply").press("view:form"))
    link = page.root.one("input", id="link").attributes["value"]
    page = await person.send(page.form("continue").press("skip"))
    clock.pass_by(LONG)
    form = whole(page).choose("meeting/kind:option", "medication").write(MATTERS, " Barna mine. ")
    page = await person.send(form.write(WISH, "Ro.").press("save:matters"))
    assert (page.status, page.form("unlock").text(MATTERS)) == (401, " Barna mine. ")
    page = await person.send(page.form("unlock").write("link", link).press())
    assert state_of(page, "matters") == NB("way.done")
    assert whole(page).picked("meeting/kind:option") == ["medication"]
    assert drafts(page) == ["meeting/kind", "wishes/wish"]


# ---- from one view to the other


async def test_one_can_change_view_at_any_point_with_the_same_answers_and_drafts(person: Person) -> None:
    page = await person.begin()
    page = await person.send(page.form("reply").choose("option", "medication").press())
    page = await person.reach("matters/now", page)
    page = await person.send(page.form("reply").say("I samtalen").press("view:form"))
    assert whole(page).picked("meeting/kind:option") == ["medication"]
    assert whole(page).text(MATTERS) == "I samtalen"
    assert drafts(page) == ["matters/now"]
    page = await person.send(whole(page).write(MATTERS, "I skjemaet").write(WISH, "Ro.").press("view:chat"))
    assert page.state == "matters/now"
    assert page.form("reply").text("statement.new1") == "I skjemaet"
    assert NB("reply.draft_kept") in page.main
    page = await person.send(page.form("reply").press())
    page = await person.reach("wishes/wish", page)
    assert (page.state, page.form("reply").text("statement.new1")) == ("wishes/wish", "Ro.")


async def test_a_draft_from_the_chat_is_an_answer_once_its_part_is_saved(person: Person) -> None:
    page = await person.reach("matters/now")
    page = await person.send(page.form("reply").say("Fra samtalen").press("view:form"))
    page = await person.send(whole(page).press("save:matters"))
    assert drafts(page) == []
    assert state_of(page, "matters") == NB("way.done")


async def test_the_view_is_remembered(person: Person) -> None:
    page = await the_form(person)
    conversation = page.path.split("/form")[0]
    page = await person.open(conversation)
    assert page.has("whole")
    assert page.path.endswith("/form#meeting/kind"), "where one stands in the conversation"
    page = await person.send(whole(page).press("view:chat"))
    assert (await person.open(conversation)).has("reply")


async def test_an_answer_is_changed_from_where_it_stands_in_the_summary(person: Person) -> None:
    page = await the_form(person)
    page = await person.send(whole(page).write(MATTERS, "Barna mine.").press("finish"))
    page = await person.send(page.form("change").press("go:matters/now"))
    assert page.path.endswith("/form#matters/now")
    assert page.has("matters/now")


@pytest.mark.parametrize(
    "move", ["language:nn", "pause", "delete", "view:chat", "help:matters/now", "more:needs/need"]
)
async def test_what_is_typed_anywhere_is_kept_under_every_move(person: Person, move: str) -> None:
    page = await the_form(person)
    path = page.path
    form = whole(page).write(MATTERS, "Halvferdig tanke om").write(WISH, "En til")
    await person.send(form.choose("meeting/kind:option", "first").press(move))
    page = await person.open(path)
    assert whole(page).text(MATTERS) == "Halvferdig tanke om"
    assert whole(page).text(WISH) == "En til"
    assert drafts(page) == ["meeting/kind", "matters/now", "wishes/wish"]


async def test_a_draft_is_kept_in_the_background_while_the_page_is_new(person: Person) -> None:
    page = await the_form(person)
    sent = whole(page).write(MATTERS, "Halvferdig").press("pause").instead("move", "keep")
    assert (await person.send(sent)).status == 204
    assert drafts(await person.open(page.path)) == ["matters/now"]
    await person.send(whole(page).write(WISH, "Ro.").press("save:wishes"))
    assert (await person.send(sent.instead(MATTERS, "Gammelt"))).status == 204
    assert "Gammelt" not in (await person.open(page.path)).html


async def test_looking_at_the_form_writes_nothing(person: Person, settings: Settings) -> None:
    page = await the_form(person)
    before = content(settings)
    await person.open(page.path)
    assert content(settings) == before
    assert rows(settings)["documents"] == 2


async def test_strange_addresses_in_what_is_asked_for_lead_nowhere(person: Person) -> None:
    page = await the_form(person)
    for query in ("saved=x", "more=x", "saved=%22%3E", "more=matters/now", "saved="):
        assert (await person.open(f"{page.path}?{query}")).status == 200
    for move in (
        "save:no/where",
        'more:"><',
        'help:"><',
        "forget:door/more",
        "forget:",
        "x",
        "go:matters/now",
        "",
    ):
        sent = whole(page).press("pause").instead("move", move)
        assert (await person.send(sent)).status in (200, 409)


LINES = "  Færre møter.\n\nSamme  person hver gang. \nEt svar."


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("move", ["save:wishes", "finish", ""])
async def test_several_lines_are_asked_about_once_and_the_rest_is_saved(
    person: Person, language: Language, move: str
) -> None:
    say = CATALOGUES[language].say
    page = await the_form(person, language)
    here = page.path.partition("/form")[0]
    page = await person.send(whole(page).write(WISH, LINES).write(MATTERS, "Ro").press(move))
    assert say("lines.ask", count=3) in page.main
    assert asked(page, "wishes/wish").has(id="saved"), "there the focus goes"
    assert whole(page).text(WISH) == LINES
    assert whole(page).text(next(n for n in whole(page).words if n.startswith("matters/now:"))) == "Ro"
    page = await person.send(whole(page).press("apart:wishes/wish"))
    assert say("lines.ask", count=3) not in page.main
    wishes = [text for section, text in (await person.open(f"{here}/summary")).entries if section == "wishes"]
    assert wishes == [line for line in LINES.split("\n") if line]
    page = await person.send(whole(page).press("save:wishes"))
    assert not page.has("trouble")
    assert say("lines.ask", count=3) not in page.main, "it is asked once"


@pytest.mark.parametrize("move", ["whole:wishes/wish", "save:wishes", ""])
async def test_several_lines_can_be_one_answer_also_by_saving_again(person: Person, move: str) -> None:
    page = await the_form(person)
    here = page.path.partition("/form")[0]
    page = await person.send(whole(page).write(WISH, LINES).press("save:wishes"))
    page = await person.send(whole(page).press(move))
    assert (await person.open(f"{here}/summary")).entries == [("wishes", LINES)]
    assert NB("lines.ask", count=3) not in page.main


async def test_lines_at_two_questions_are_asked_about_at_each(person: Person) -> None:
    page = await the_form(person)
    here = page.path.partition("/form")[0]
    page = await person.send(whole(page).write(WISH, LINES).write(MATTERS, "Ro\nBarna").press("finish"))
    assert asked(page, "matters/now").has(id="saved")
    page = await person.send(whole(page).press("apart:matters/now"))
    assert asked(page, "wishes/wish").has(id="saved")
    page = await person.send(whole(page).press("whole:wishes/wish"))
    entries = (await person.open(f"{here}/summary")).entries
    assert entries == [("wishes", LINES), ("matters", "Ro"), ("matters", "Barna")]
