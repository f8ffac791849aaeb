"""A review without JavaScript: each side by the forms it is given, and what the other one then has."""

from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from support.clock import Clock
from support.colleague import Colleague, a_colleague, an_administrator, in_role
from support.page import Page, Submission
from support.person import CATALOGUES, NewPerson, Person
from support.preparing import ordinary
from support.reviewing import (
    COURSE,
    DAUGHTER,
    SLEEP,
    WISH,
    Both,
    agreement,
    agreement_id,
    answering,
    beside,
    entry,
    id_of,
    marks,
    met,
    opened,
    record_text,
)
from support.sharing import choose, code_of, open_by, share, sheet
from support.short_way import unlock

from assistant.config import Settings
from assistant.languages import LANGUAGES, Language
from assistant.retention import RELEASED
from assistant.web.http.context import CONTEXT
from assistant.web.http.rate_limits import Limit, RateLimit
from web.test_every_page import SENTENCES, foreign_to, texts_of
from web.user.test_share import choose_again, promise

NB = CATALOGUES["nb"].say
SIDES = ("user", "professional")
WHY = "Avdelingen bestemmer hvem som er med. Jeg spør lederen min."
SEEN_SO = "Slik <ser> jeg & vi det 👩🏽‍🍳\n  {{ 7*7 }}"
MINE = "Jeg orker to, ikke ni."
WHAT = "Kari spør om vi kan være tre"
HIDDEN = "Skjult\x07tegn"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", reading=promise("Kari Fagperson"))


@pytest.fixture
async def kari_with_a_password(app: web.Application, new_person: NewPerson, clock: Clock) -> Colleague:
    """Set up by an administrator, so that she can sign in again."""
    administrator = await an_administrator(app, new_person, clock)
    return await a_colleague(administrator, new_person, "Kari Fagperson", "professional")


async def speak(colleague: Colleague, page: Page, language: Language) -> None:
    await colleague.send(page.form("staff-language").press(language))


async def propose(both: Both, side: str, what: str = WHAT, **days: str) -> Page:
    form = (await both.page_of(side)).form("proposing").write("what", what).choose("who", "professional")
    for name, day in days.items():
        form.write(name, day)
    return await both.send(side, form.press())


async def stand(both: Both, side: str, view: str, words: str = "") -> Page:
    form = (await both.page_of(side)).form("standpoint").choose("view", view).write("words", words)
    return await both.send(side, form.press())


async def prepare(both: Both) -> str:
    page = await both.hers.send((await both.her_page()).form("prepare").press())
    return await record_text(both.hers, page)


async def see(both: Both) -> None:
    page = await both.my_page()
    await both.mine.send(
        next(f for f in page.forms() if f.element.attributes["id"].startswith("see-")).press()
    )


def taking(page: Page, kind: str) -> list[str]:
    return [f.element.attributes["id"] for f in page.forms() if f.path.endswith(f"/record/{kind}")]


async def test_before_this_is_the_person_she_has_exactly_the_preview_and_nothing_to_answer_or_copy(
    person: Person, kari: Colleague
) -> None:
    both = await opened(person, kari)
    mine, hers = await both.pages()
    shown = await person.open(f"{both.shared.path}/shown")
    assert sheet(hers) == sheet(shown)
    assert {form.element.attributes["id"] for form in hers.forms()} == {
        "leave",
        "sign-out",
        "meet",
        "close",
        "staff-language",
    }
    for part in ("when", "check-words"):
        assert mine.root.one("p", class_=part).text == hers.root.one("p", class_=part).text
    assert "fredag 5. februar 2027" in mine.root.one("p", class_="when").text
    assert mine.has("check")
    # nobody gets round it by a form of another kind
    act = hers.form("meet").press("meet")
    for name in ("mark:talked", "answer", "prepare", "propose", "stand", "transfer"):
        page = await kari.send(act.instead("act", name).instead("what", "x").instead("kind", "can"))
        assert (page.status, page.trouble) == (409, NB("review.NotMetYet")), name
        assert sheet(page) == sheet(shown)
    for kind in ("pdf", "fhir"):
        page = await kari.send(Submission(f"{both.desk}/record/{kind}", []))
        assert page.has("meet"), "it leads back to the question"
    assert not (await both.my_page()).root.has("p", class_="marked")


async def test_every_act_of_either_side_stands_on_the_other_page(person: Person, kari: Colleague) -> None:
    both = await met(person, kari)
    for side in SIDES:
        for mark in ("talked", "next_time"):
            page = await both.page_of(side)
            await both.send(side, marks(page, WISH).press(f"mark:{mark}"))
            for page in await both.pages():
                assert entry(page, WISH).one("p", class_="marked").text == NB(f"review.{mark}")
        await both.send(side, marks(await both.page_of(side), WISH).press("mark:"))
        await both.send(side, marks(await both.page_of(side), DAUGHTER).press("want:yes"))
        for page in await both.pages():
            assert NB("review.awaits_answer") in entry(page, DAUGHTER).text
            assert not entry(page, WISH).has("p", class_="marked")
        await both.send(side, marks(await both.page_of(side), DAUGHTER).press("want:no"))
    page = await both.her_page()
    form = answering(page, WISH).choose("kind", "must_ask").write("words", WHY).write("by_on", "2027-02-12")
    await kari.send(form.press())
    await person.send(beside(await both.my_page(), WISH, "user").write("words", MINE).press())
    await kari.send(beside(await both.her_page(), SLEEP, "professional").write("words", SEEN_SO).press())
    for page in await both.pages():
        assert WHY in entry(page, WISH).text
        assert NB("review.by_day", day="fredag 12. februar 2027") in entry(page, WISH).text
        assert MINE in entry(page, WISH).text
        assert entry(page, SLEEP).one("p", class_="own").text == SEEN_SO
    # only the user points, and every screen has it large
    assert not marks(await both.her_page(), SLEEP).offers("point:here")
    await person.send(marks(await both.my_page(), SLEEP).press("point:here"))
    for page in await both.pages():
        assert SLEEP in page.root.one(id="pointed").text
    await person.send((await both.my_page()).form("unpoint").press())
    for page in await both.pages():
        assert not page.has("pointed")


async def test_what_is_put_first_is_on_top_then_what_asks_for_an_answer_and_the_rest_is_folded(
    person: Person, kari: Colleague
) -> None:
    both = await met(person, kari)
    for page in await both.pages():
        order = [a for a in page.root.all("article") if "data-entry" in a.attributes]
        assert [next(a.all("blockquote")).text for a in order][:2] == [COURSE, SLEEP]
        folded = list(page.root.all("details", class_="chapter"))
        assert folded
        assert not any("open" in d.attributes for d in folded)
        assert DAUGHTER in "".join(d.text for d in folded)
        asking = page.root.one(id="asking")
        assert WISH in asking.text
        assert COURSE not in asking.text, "each entry is there once"
        for words in (COURSE, WISH):
            assert NB("review.awaits_answer") in entry(page, words).text
            assert not marks(page, words).offers("want:no"), "nobody has to ask for it, or can take it away"
        assert NB("review.awaits_answer") not in entry(page, DAUGHTER).text


async def test_with_nothing_put_first_every_wish_need_and_question_is_open_and_asks_for_an_answer(
    person: Person, kari: Colleague
) -> None:
    summary = await ordinary(person)
    shared = await share(person, await choose(person, summary))
    page = await open_by(kari, code_of(shared))
    hers = await kari.send(page.form("meet").press("meet"))
    mine = await person.open(f"{summary.path.removesuffix('/summary')}/review")
    for page in (hers, mine):
        asking = list(page.root.one(id="asking").all("article"))
        assert asking
        assert all(NB("review.awaits_answer") in each.text for each in asking)
        order = [a.attributes["id"] for a in page.root.all("article") if "data-entry" in a.attributes]
        assert order[: len(asking)] == [each.attributes["id"] for each in asking], "first on the page"
        folded = list(page.root.all("details", class_="chapter"))
        assert folded
        assert not any("open" in each.attributes for each in folded)
        assert not {each.attributes["id"] for each in folded} & {"chapter-wishes", "chapter-questions"}


async def test_a_promised_answer_stands_in_the_notebook_and_the_next_preparation_with_its_day(
    person: Person, kari: Colleague
) -> None:
    both = await met(person, kari)
    form = answering(await both.her_page(), WISH).choose("kind", "must_ask").write("words", WHY)
    await kari.send(form.write("by_on", "2027-02-12").press())
    await kari.send(marks(await both.her_page(), WISH).press("mark:talked"))
    await both.withdraw()
    notebook = await person.open("/notebook")
    line = NB("along.promise_by", name="Kari Fagperson", day="fredag 12. februar 2027")
    next_one = await person.send(notebook.form("another").press())
    for page in (notebook, next_one):
        left = page.root.one("section", aria_labelledby="along").text
        assert NB("along.promised") in left
        assert all(words in left for words in (WISH, line, WHY))


async def test_all_the_rest_can_be_unfolded_at_once(person: Person, kari: Colleague) -> None:
    both = await met(person, kari)
    for whose, page in zip((person, kari), await both.pages(), strict=True):
        way = page.root.one("p", id="unfold").one("a").attributes["href"]
        unfolded = await whose.open(way.partition("#")[0])
        chapters = list(unfolded.root.all("details", class_="chapter"))
        assert chapters
        assert all("open" in d.attributes for d in chapters)
        assert not unfolded.has("unfold")


async def test_an_agreement_is_proposed_by_one_confirmed_by_both_and_asked_again_when_reworded(
    person: Person, kari: Colleague
) -> None:
    both = await met(person, kari)
    for side, other in (SIDES, SIDES[::-1]):
        what = f"{WHAT}, sier {side}"
        await propose(both, side, what, by_on="1.3.2027", look_again_on="2027-04-05")
        page = await both.page_of(side)
        name = agreement_id(page, what)
        assert not page.has(f"confirm-{name}"), "whoever words it has confirmed it"
        page = await both.send(other, (await both.page_of(other)).form(f"confirm-{name}").press())
        for page in await both.pages():
            assert agreement(page, what).one("p", class_="state").text == NB("review.agreed")
            assert "mandag 1. mars 2027" in agreement(page, what).text
        form = page.form(f"rewording-{name}").write("what", f"{what} nå").write("name", "Ola fra NAV")
        await both.send("professional", form.press())
        mine, hers = await both.pages()
        assert agreement(mine, f"{what} nå").one("p", class_="state").text == NB("review.waits_for_you")
        assert mine.has(f"confirm-{name}")
        assert not hers.has(f"confirm-{name}")
        assert "Ola fra NAV" in agreement(hers, f"{what} nå").text
        await both.send("user", mine.form(f"drop-{name}").press())
        for page in await both.pages():
            gone = page.root.one(id=f"agreement-{name}")
            assert gone.has("s")
            assert NB("review.dropped") in gone.text
            assert not page.has(f"rewording-{name}")


async def test_where_each_stands_is_asked_again_after_a_change(person: Person, kari: Colleague) -> None:
    both = await met(person, kari)
    await stand(both, "user", "differ", "Om medisinen")
    await stand(both, "professional", "agree")
    for page in await both.pages():
        standing = page.root.one(id="standing")
        assert NB("review.view_differ") in standing.text
        assert "Om medisinen" in standing.text
        assert NB("review.changed_since") not in standing.text
        assert next(page.root.one("ol", class_="stages").all("li", aria_current="step")).text == NB(
            "review.stage_confirmed"
        )
    await kari.send(answering(await both.her_page(), WISH).choose("kind", "can").press())
    for page in await both.pages():
        assert page.root.one(id="standing").text.count(NB("review.changed_since")) == 2
        assert "open" in page.root.one("details", id="stand").attributes


REFUSALS: list[tuple[str, dict[str, str | None], str]] = [
    ("answer", {"kind": None, "words": WHY}, "nothing_answer_kind"),
    ("answer", {"kind": "not_possible", "words": " \n"}, "nothing_answer_words"),
    ("answer", {"kind": "can", "words": "å" * 4001, "by_on": "2027-02-12"}, "TextTooLong"),
    ("answer", {"kind": "must_ask", "words": WHY, "by_on": "31.2.2027"}, "refusal.DayUnreadable"),
    ("answer", {"kind": "must_ask", "words": HIDDEN}, "HiddenCharacter"),
    ("beside", {"words": "å" * 4001}, "TextTooLong"),
    ("beside", {"words": HIDDEN}, "HiddenCharacter"),
    ("for-other", {"words": HIDDEN}, "HiddenCharacter"),
    ("propose", {"what": "", "who": "other", "name": "Ola", "by_on": "2027-03-01"}, "nothing_propose_what"),
    ("propose", {"what": WHAT, "who": None}, "nothing_propose_who"),
    ("propose", {"what": WHAT, "who": "other"}, "nothing_propose_name"),
    ("propose", {"what": WHAT, "who": "professional", "look_again_on": "snart"}, "refusal.DayUnreadable"),
    ("propose", {"what": WHAT, "who": "user", "name": "å" * 101}, "TextTooLong"),
    ("propose", {"what": HIDDEN, "who": "user"}, "HiddenCharacter"),
    ("stand", {"view": None, "words": MINE}, "nothing_stand_view"),
    ("stand", {"view": "differ", "words": "å" * 4001}, "TextTooLong"),
]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_cannot_be_kept_comes_back_in_its_field_with_what_to_do(
    person: Person, kari: Colleague, language: Language
) -> None:
    both = await met(person, kari, language)
    await speak(kari, await both.her_page(), language)
    say = CATALOGUES[language].say
    for side in SIDES:
        other = SIDES[side == "user"]
        empty = await both.page_of(side)  # what is refused is there again in every page after it
        for act, fields, key in REFUSALS:
            page = empty
            name = {
                "answer": f"answering-{id_of(page, WISH)}",
                "beside": f"beside-{side}-{id_of(page, WISH)}",
                "for-other": f"beside-{other}-{id_of(page, WISH)}",
                "propose": "proposing",
                "stand": "standpoint",
            }[act]
            sent = page.form(name).press()
            for field, text in fields.items():
                sent = sent.without(field) if text is None else sent.instead(field, text)
            page = await both.send(side, sent)
            facts = {"length": page_number(language, fields), "limit": page_limit(language, fields)}
            wanted = say(key if "." in key else f"review.{key}", **(facts if key == "TextTooLong" else {}))
            assert (page.status, page.trouble) == (422, wanted), (side, act, key)
            form = page.form(name)
            for field, text in fields.items():
                if field in ("kind", "view", "who"):
                    assert form.picked(field) == ([text] if text else []), (side, act, key)
                else:
                    assert form.text(field) == (text or "").replace("\x07", " "), (side, act, key)
            assert is_unfolded(page, name), "what is given back is seen"
    for page in await both.pages():
        assert not page.root.has("div", class_="given")
        assert not page.has("agreements") or say("review.agreements_none") in page.main


def page_number(language: Language, fields: dict[str, str | None]) -> str:
    return CATALOGUES[language].number(max(len(text or "") for text in fields.values()))


def page_limit(language: Language, fields: dict[str, str | None]) -> str:
    return CATALOGUES[language].number(100 if len(fields.get("name") or "") > 100 else 4000)


def is_unfolded(page: Page, name: str) -> bool:
    """Whether everything folded around the form is open."""
    around = [d for d in page.root.all("details") if d.has("form", id=name)]
    return bool(around) and all("open" in d.attributes for d in around)


async def test_a_review_that_is_full_says_so_and_gives_back_what_was_typed(
    person: Person, kari: Colleague
) -> None:
    both = await met(person, kari)
    form = (await both.my_page()).form("proposing").choose("who", "user").press()
    status, number = 303, 0
    while status == 303:
        number += 1
        sent = form.instead("id", f"full{number}").instead("what", "👩" * 4000)
        page = await person.send(sent, follow=False)
        status = page.status
    assert number > 10
    assert (page.status, page.trouble) == (422, NB("review.DocumentFull"))
    assert page.form("proposing").text("what") == "👩" * 4000


@pytest.mark.parametrize("side", SIDES)
async def test_nobody_is_taken_for_granted_as_the_one_who_does_what_is_agreed(
    person: Person, kari: Colleague, side: str
) -> None:
    both = await met(person, kari)
    form = (await both.page_of(side)).form("proposing")
    assert form.picked("who") == []
    page = await both.send(side, form.write("what", WHAT).press())
    assert (page.status, page.trouble) == (422, NB("review.nothing_propose_who"))
    form = page.form("proposing")
    assert (form.text("what"), form.picked("who")) == (WHAT, [])
    page = await both.send(side, form.choose("who", "user").press())
    assert agreement(page, WHAT)


async def test_two_at_the_same_agreement_see_both_texts(person: Person, kari: Colleague) -> None:
    both = await met(person, kari)
    await propose(both, "professional")
    mine, hers = await both.pages()
    name = agreement_id(mine, WHAT)
    form = mine.form(f"rewording-{name}").write("what", "To på møtet")
    await kari.send(hers.form(f"rewording-{name}").write("what", "Fire på møtet").press())
    page = await person.send(form.press())
    assert (page.status, page.trouble) == (409, NB("refusal.WrittenBetween"))
    assert agreement(page, "Fire på møtet").one("h3", class_="own what").text == "Fire på møtet"
    assert page.form(f"rewording-{name}").text("what") == "To på møtet"
    page = await person.send(page.form(f"rewording-{name}").press())
    assert agreement(page, "To på møtet").one("h3", class_="own what").text == "To på møtet"
    # what was confirmed is what the page showed
    form = hers.form(f"rewording-{name}")
    page = await kari.send(hers.form(f"rewording-{name}").press().instead("act", "confirm"))
    assert (page.status, page.trouble) == (409, NB("review.changed"))


async def test_an_agreement_taken_away_while_it_is_reworded_leaves_the_words_as_a_new_one(
    person: Person, kari: Colleague
) -> None:
    both = await met(person, kari)
    await propose(both, "professional")
    mine, hers = await both.pages()
    name = agreement_id(mine, WHAT)
    await person.send(mine.form(f"drop-{name}").press())
    page = await kari.send(hers.form(f"rewording-{name}").write("what", "Fire på møtet").press())
    assert (page.status, page.trouble) == (409, NB("refusal.WrittenBetween"))
    assert page.form("proposing").text("what") == "Fire på møtet"
    await kari.send(page.form("proposing").press())
    assert "Fire på møtet" in agreement(await both.my_page(), "Fire").text
    page = await kari.send(hers.form(f"drop-{name}").press())
    assert page.status == 200, "it is gone already"


async def test_two_devices_of_the_same_hand_see_both_texts(
    person: Person, kari: Colleague, new_person: NewPerson
) -> None:
    both = await met(person, kari)
    phone = await new_person()
    await unlock(phone, both.link)
    there = await phone.open(both.here)
    await person.send(beside(await both.my_page(), WISH, "user").write("words", "Fra nettbrettet").press())
    page = await phone.send(beside(there, WISH, "user").write("words", "Fra telefonen").press())
    assert (page.status, page.trouble) == (409, NB("refusal.WrittenBetween"))
    assert "Fra nettbrettet" in entry(page, WISH).one("div", class_="given beside").text
    assert beside(page, WISH, "user").text("words") == "Fra telefonen"
    there = await phone.open(both.here)
    await stand(both, "user", "agree")
    page = await phone.send(there.form("standpoint").choose("view", "differ").write("words", MINE).press())
    assert page.status == 409
    form = page.form("standpoint")
    assert (form.text("words"), form.picked("view")) == (MINE, ["differ"])
    assert NB("review.view_agree") in page.root.one(id="standing").text


async def test_nobody_writes_over_the_other_and_what_is_written_for_them_says_by_whom(
    person: Person, kari: Colleague
) -> None:
    both = await met(person, kari)
    await person.send(beside(await both.my_page(), WISH, "user").write("words", MINE).press())
    hers = await both.her_page()
    await kari.send(beside(hers, WISH, "user").write("words", "Tre er greit").press())
    await person.send(
        answering(await both.my_page(), SLEEP).choose("kind", "can").write("words", "I mars").press()
    )
    mine, hers = await both.pages()
    for page, catalogue in ((mine, "user"), (hers, "professional")):
        text = entry(page, WISH).text
        assert MINE in text
        assert "Tre er greit" in text
        line = NB(
            f"review.by_user_written_by_professional_to_{catalogue}",
            name="Kari Fagperson",
            day="søndag 22. november 2026",
            clock="15:30",
        )
        assert line.split("{")[0].partition(" søndag")[0] in text
        line = NB(
            f"review.by_professional_written_by_user_to_{catalogue}",
            name="Kari Fagperson",
            day="søndag 22. november 2026",
            clock="15:30",
        )
        assert line.partition(" søndag")[0] in entry(page, SLEEP).text
    assert beside(hers, WISH, "user").text("words") == "Tre er greit", "each hand has only its own to change"


async def test_what_is_withdrawn_while_she_types_leaves_her_words_and_none_of_his(
    person: Person, kari: Colleague
) -> None:
    both = await met(person, kari)
    await person.send(beside(await both.my_page(), WISH, "user").write("words", MINE).press())
    page = await both.her_page()
    answer = answering(page, WISH).choose("kind", "can").write("words", WHY).press()
    agree = page.form("proposing").write("what", WHAT).write("name", "Ola").press()
    taken = page.form("prepare").press()
    await both.withdraw()
    for sent, words in ((answer, [WHY]), (agree, [WHAT, "Ola"]), (taken, [])):
        page = await kari.send(sent)
        assert (page.status, page.heading) == (410, NB("read.withdrawn_heading"))
        assert [field.text for field in page.root.one("main").all("textarea")] == words
        for his in (WISH, SLEEP, DAUGHTER, COURSE, MINE):
            assert his not in page.html
    over = await both.my_page()
    assert MINE in over.html
    assert WHAT not in over.html, "nothing was kept of what came too late"


async def test_the_user_who_was_away_too_long_unlocks_and_it_is_kept(
    person: Person, kari: Colleague, clock: Clock
) -> None:
    both = await met(person, kari)
    page = await both.my_page()
    clock.pass_by(RELEASED.borrowed_browser + timedelta(seconds=1))
    for form, field, text in (
        (beside(page, WISH, "user"), "words", MINE),
        (page.form("proposing").choose("who", "user"), "what", WHAT),
    ):
        held = await person.send(form.write(field, text).press())
        assert (held.status, held.heading) == (401, NB("held.locked_heading"))
        assert held.form("unlock").text(field) == text
        assert WISH not in held.html
        now = await person.send(held.form("unlock").write("link", both.link).press())
        assert now.status == 200
        assert text in now.main
        clock.pass_by(RELEASED.borrowed_browser + timedelta(seconds=1))


async def test_she_who_was_signed_out_signs_in_and_it_is_kept(
    person: Person, kari_with_a_password: Colleague, clock: Clock
) -> None:
    kari = kari_with_a_password
    both = await met(person, kari)
    page = await both.her_page()
    clock.pass_by(timedelta(hours=2))
    held = await kari.send(answering(page, WISH).choose("kind", "not_possible").write("words", WHY).press())
    assert held.status == 401
    assert WHY in held.root.one("blockquote", class_="own").text
    assert WISH not in held.html
    back = await kari.sign_in(page=held)
    form = next(form for form in back.forms() if form.path == both.desk)
    assert form.text("words") == WHY
    now = await kari.send(form.press())
    assert WHY in entry(now, WISH).text
    assert NB("review.kind_not_possible") in entry(now, WISH).text


async def test_a_foreign_review_and_a_missing_one_look_the_same(
    app: web.Application, person: Person, kari: Colleague, new_person: NewPerson
) -> None:
    both = await met(person, kari)
    await propose(both, "user", look_again_on="2027-03-01")
    name = agreement_id(await both.my_page(), WHAT)
    stranger = await new_person()
    theirs = (await stranger.begin()).path
    elsewhere = f"{theirs.partition('/meetings/')[0]}{both.here.rpartition('/')[0]}/{'0' * 32}"
    for end in ("", "/events", f"/calendar/{name}"):
        foreign, missing = await stranger.open(both.here + end), await stranger.open(elsewhere + end)
        assert (foreign.status, foreign.html) == (missing.status, missing.html)
        assert foreign.status == 404
    form = (await both.my_page()).form("proposing").write("what", "x").choose("who", "user").press()
    assert WHAT not in (await stranger.send(form)).html
    meeting = both.here.partition("/review/")[0]
    assert (await person.open(f"{meeting}/review/{'0' * 32}")).status == 404
    for role in ("professional", "peer_worker", "administrator"):
        other = await new_person()
        await in_role(app, other, role)
        missing_path = "/desk/shared/" + "0" * 32
        foreign, missing = await other.open(both.desk), await other.open(missing_path)
        assert (foreign.status, foreign.html) == (missing.status, missing.html)
        assert foreign.status == 404
        act = (await both.her_page()).form("proposing").write("what", "Ord fra en annen").press()
        for sent in (act, Submission(f"{both.desk}/record/pdf", [])):
            assert (await other.send(sent)).status == 404
        assert (await other.open(f"{both.desk}/events")).status == 404
    assert "Ord fra en annen" not in (await both.my_page()).html


async def test_what_is_taken_back_goes_from_her_page_with_all_that_was_said_about_it(
    person: Person, kari: Colleague
) -> None:
    both = await met(person, kari)
    old = await both.her_page()
    await kari.send(answering(old, WISH).choose("kind", "not_possible").write("words", WHY).press())
    await person.send(beside(await both.my_page(), WISH, "user").write("words", MINE).press())
    await person.send(marks(await both.my_page(), WISH).press("point:here"))
    assert WHY in await prepare(both)
    await see(both)
    preview = await choose_again(person, both.shared, "Ni er for mange", "keep")
    await person.send(preview.form("share").press("change"))
    mine, hers = await both.pages()
    for words in (WISH, "Ni er for mange", MINE, WHY):
        assert words not in hers.html
    assert not taking(hers, "pdf"), "a text with his words in it is not taken any more"
    assert not hers.has("pointed")
    assert MINE in mine.html, "it is in his notebook still"
    taken_back = entry(mine, WISH)
    assert not taken_back.has("form"), "what would be refused is not offered"
    assert entry(mine, COURSE).has("form")
    # she who was just writing to it has her own words again, and nothing of his
    page = await kari.send(
        answering(old, WISH).choose("kind", "can").write("words", "Og én ting til").press()
    )
    assert (page.status, page.trouble) == (409, NB("review.gone"))
    assert page.root.one(id="left-over").one("textarea").text == "Og én ting til"
    assert WISH not in page.html
    text = await prepare(both)
    assert WHY not in text
    assert "Ni er for mange" not in text


async def test_an_answer_to_an_older_wording_shows_that_wording(person: Person, kari: Colleague) -> None:
    both = await met(person, kari)
    await kari.send(
        answering(await both.her_page(), COURSE).choose("kind", "can").write("words", WHY).press()
    )
    summary = await person.open(both.here.partition("/review/")[0] + "/summary")
    page = await person.send(summary.form("change").press("go:wishes/wish"))
    await person.send(page.form("reply").say(WISH, "Kurset i april").press())
    for page in await both.pages():
        assert not page.root.has("details", class_="worded"), "what is written is not shared by itself"
    each = await person.open(f"{both.shared.path}/each")
    preview = await person.send(each.form("choices").press())
    await person.send(preview.form("share").press("change"))
    for page in await both.pages():
        now = entry(page, "Kurset i april")
        worded = now.one("div", class_="given").one("details", class_="worded")
        assert worded.one("blockquote").text == COURSE
        assert WHY in now.text


@pytest.mark.parametrize("languages", [("nb", "en"), ("en", "nn")])
async def test_the_other_ones_words_are_marked_with_their_language(
    person: Person, kari: Colleague, languages: tuple[Language, Language]
) -> None:
    his, her = languages
    tags = {"nb": "nb", "nn": "nn", "en": "en"}
    both = await met(person, kari, his)
    await speak(kari, await both.her_page(), her)
    await kari.send(answering(await both.her_page(), WISH).choose("kind", "can").write("words", WHY).press())
    await person.send(beside(await both.my_page(), WISH, "user").write("words", MINE).press())
    await propose(both, "professional")
    await stand(both, "professional", "differ", "Om kurset")
    for page, language in zip(await both.pages(), languages, strict=True):
        assert page.language == language
        said = [e for e in page.root.all() if e.tag in ("p", "h3") and e.attributes.get("dir")]
        spoken = {e.text: e.attributes.get("lang", "") for e in said}
        wanted = {WHY: her, MINE: his, WHAT: her, "Om kurset": her}
        assert {text: spoken[text].partition("-")[0] for text in wanted} == {
            text: tags[one] for text, one in wanted.items()
        }
        assert texts_of(page.root) & foreign_to(language) == set()
        assert entry(page, WISH).one("blockquote").attributes["lang"].partition("-")[0] == tags[his]


async def test_when_the_share_is_over_the_user_has_it_all_and_she_has_nothing(
    person: Person, kari_with_a_password: Colleague, clock: Clock
) -> None:
    kari = kari_with_a_password
    both = await met(person, kari)
    await kari.send(
        answering(await both.her_page(), WISH).choose("kind", "must_ask").write("words", WHY).press()
    )
    await propose(both, "professional", look_again_on="2027-03-01")
    await person.send(marks(await both.my_page(), SLEEP).press("point:here"))
    clock.pass_by(timedelta(hours=13))
    await unlock(person, both.link)
    await kari.sign_in()
    gone = await both.her_page()
    assert (gone.status, gone.heading) == (410, NB("read.expired_heading"))
    assert WHY not in gone.html + (await kari.open("/desk")).html
    page = await both.my_page()
    assert NB("review.over_user") in page.main
    assert not page.has("check"), "nobody is to be recognised any more"
    assert "data-live" not in page.root.one("main").attributes
    assert not page.has("pointed"), "there is no other screen"
    for form in page.forms():
        assert not form.offers("point:here")
    assert WHY in entry(page, WISH).text
    # what waits for the user is confirmed from the notebook, and can be looked at again by the calendar
    name = agreement_id(page, WHAT)
    page = await person.send(page.form(f"confirm-{name}").press())
    assert agreement(page, WHAT).one("p", class_="state").text == NB("review.agreed")
    await person.send(beside(page, WISH, "user").write("words", MINE).press())
    assert MINE in (await both.my_page()).html
    notebook = await person.open("/notebook")
    assert any(a.attributes["href"].startswith(both.here.rpartition("/")[0]) for a in notebook.root.all("a"))


async def test_what_came_of_it_is_taken_along_in_every_language_also_after_the_share(
    person: Person, kari: Colleague
) -> None:
    both = await met(person, kari)
    early = await person.open(f"{both.here}/take")
    assert NB("outcome.nothing") in early.main
    assert (await person.open(f"{both.here}/take.pdf")).path == early.path
    wait = answering(await both.her_page(), WISH).choose("kind", "must_ask")
    await kari.send(wait.write("words", WHY).press())
    await propose(both, "professional")
    await stand(both, "user", "differ", SEEN_SO)
    await both.withdraw()
    for language in LANGUAGES:
        form = next(form for form in early.forms() if form.path == "/language")
        page = await person.send(form.press(language))
        own = [e.text for e in page.root.all("blockquote")]
        assert [words for words in (WISH, WHY, WHAT, SEEN_SO) if words not in own] == []
        assert CATALOGUES[language].say("outcome.stands_user_differ") in page.main
        response = await person.client.request("GET", f"{both.here}/take.pdf")
        assert response.content_type == "application/pdf"
    take = await person.open(f"{both.here.split('/review')[0]}/take")
    assert [a for a in take.root.all("a") if a.attributes["href"] == f"{both.here}/take"]


async def test_the_calendar_entry_for_looking_again_has_no_words(person: Person, kari: Colleague) -> None:
    both = await met(person, kari)
    await propose(both, "user", look_again_on="2027-03-01")
    await propose(both, "user", "Uten dag")
    page = await both.my_page()
    link = agreement(page, WHAT).one("a").attributes["href"]
    response = await person.client.get(link)
    text = (await response.text()).replace("\r\n ", "")
    assert response.content_type == "text/calendar"
    assert "20270301" in text
    assert NB("review.calendar_title") in text
    for words in (WHAT, "Kari", both.here.rpartition("/")[2], agreement_id(page, WHAT)):
        assert words not in text
    assert not agreement(page, "Uten dag").has("a")
    assert not agreement(await both.her_page(), WHAT).has("a"), "it is the user's own calendar"
    missing = link.replace(agreement_id(page, WHAT), agreement_id(page, "Uten dag"))
    assert (await person.open(missing)).status == 404


async def test_the_record_is_the_same_text_everywhere_and_nothing_is_taken_that_he_has_not_seen(
    person: Person, kari: Colleague
) -> None:
    both = await met(person, kari, Datteren="keep")
    await kari.send(
        answering(await both.her_page(), WISH).choose("kind", "must_ask").write("words", WHY).press()
    )
    text = await prepare(both)
    assert WHY in text
    assert "Ni er for mange" in text
    assert "\u00a0" not in text, "other programs take it over"
    assert "\u00a0november 2026 kl.\u00a0" in (await both.her_page()).html, "a person reads it"
    assert "Datteren" not in text
    mine, hers = await both.pages()
    assert await record_text(person, mine) == text
    assert not any("record-text" in field.attributes.get("class", "") for field in hers.root.all("textarea"))
    for kind in ("pdf", "fhir"):
        assert not taking(hers, kind)
        page = await kari.send(Submission(f"{both.desk}/record/{kind}", []))
        assert page.path.startswith(both.desk), "it leads back to the page"
    await see(both)
    hers = await both.her_page()
    assert await record_text(kari, hers) == text
    for kind, begins in (("pdf", b"%PDF"), ("fhir", b"{")):
        (form,) = (f for f in hers.forms() if f.path.endswith(f"/record/{kind}"))
        response = await kari.client.post(
            form.path, data=b"", headers={"Content-Type": "application/x-www-form-urlencoded"}
        )
        body = await response.read()
        assert response.status == 200
        assert body.startswith(begins)
        assert both.desk.rpartition("/")[2] not in response.headers["Content-Disposition"]
    # after something more is said it is another text, and the one he saw is not taken
    await kari.send(marks(hers, WISH).press("mark:talked"))
    hers = await both.her_page()
    assert not taking(hers, "pdf")
    assert NB("review.record_old") in hers.main
    again = await prepare(both)
    assert again != text
    await see(both)
    transfer = next(f for f in (await both.her_page()).forms() if "transfer-" in f.element.attributes["id"])
    page = await kari.send(transfer.press())
    assert NB("review.record_transferred") in page.main
    steps = page.root.one("ol", class_="stages").all("li")
    stages = {step.text: step.attributes.get("class") for step in steps}
    assert stages[NB("review.stage_transferred")] == "reached"
    assert stages[NB("review.stage_confirmed")] is None, "nobody has said where they stand"
    trail = await person.open(both.shared.path)
    for act in ("met", "prepared", "took_pdf", "took_fhir", "transferred"):
        assert NB(f"share.act_{act}") in trail.main, act
    assert "Kari Fagperson" in trail.root.one("ol", class_="trail").text


@pytest.mark.one_application
async def test_what_she_wrote_too_fast_for_us_is_held_and_goes_again(
    app: web.Application, person: Person, kari: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = await met(person, kari)
    page = await both.her_page()
    with monkeypatch.context() as hurried:
        hurried.setitem(vars(app[CONTEXT].limits), "acts", RateLimit(Limit(burst=0, per_second=1)))
        held = await kari.send(answering(page, WISH).choose("kind", "can").write("words", WHY).press())
    assert (held.status, held.headers["Retry-After"]) == (503, "1")
    assert held.form("again").text("words") == WHY
    assert WHY in entry(await kari.send(held.form("again").press()), WISH).text


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_page_of_a_review_speaks_the_readers_language(
    person: Person, kari: Colleague, language: Language, clock: Clock
) -> None:
    both = await opened(person, kari, language)
    await speak(kari, await both.her_page(), language)
    pages = list(await both.pages())
    pages.append(await kari.send(pages[1].form("meet").press("meet")))
    await kari.send(answering(pages[-1], WISH).choose("kind", "must_ask").write("words", WHY).press())
    await kari.send(beside(await both.her_page(), WISH, "user").write("words", "Tre er greit").press())
    await person.send(beside(await both.my_page(), WISH, "user").write("words", MINE).press())
    await person.send(answering(await both.my_page(), SLEEP).choose("kind", "can").press())
    await person.send(marks(await both.my_page(), SLEEP).press("point:here"))
    await person.send(marks(await both.my_page(), DAUGHTER).press("mark:next_time"))
    await propose(both, "professional", look_again_on="2027-03-01")
    pages += await both.pages()
    await stand(both, "user", "differ")
    await stand(both, "professional", "unfinished")
    await prepare(both)
    pages += await both.pages()
    await see(both)
    pages += await both.pages()
    pages.append(await person.send(pages[-2].form("proposing").press()))
    transfer = next(f for f in (await both.her_page()).forms() if "transfer-" in f.element.attributes["id"])
    pages.append(await kari.send(transfer.press()))
    pages.append(await person.open(both.shared.path))
    await both.withdraw()
    pages += await both.pages()
    foreign = foreign_to(language)
    for page in pages:
        assert page.language == language, page.heading
        assert len(texts_of(page.root) & SENTENCES[language]) >= 5, page.heading
        assert texts_of(page.root) & foreign == set(), page.heading


async def test_opened_once_more_it_asks_once_more_whether_this_is_the_person(
    person: Person, kari: Colleague
) -> None:
    both = await met(person, kari)
    await kari.send(answering(await both.her_page(), WISH).choose("kind", "can").write("words", WHY).press())
    closed = await kari.send((await both.her_page()).form("close").press())
    assert closed.path == "/desk"
    assert (await both.her_page()).status == 410
    new_code = await person.send((await person.open(both.shared.path)).form("code").press())
    page = await open_by(kari, new_code.root.one("p", class_="share-code").text)
    assert page.has("meet")
    assert WHY not in page.html
    page = await kari.send(page.form("meet").press("meet"))
    assert WHY in page.html
