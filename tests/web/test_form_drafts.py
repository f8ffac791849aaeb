"""What is half typed in a form survives a reload, another language and a lock, for users and for staff."""

from datetime import timedelta

import pytest
from aiohttp import web
from support.clock import Clock
from support.colleague import Colleague, a_colleague
from support.database import content
from support.page import Form, Page, Submission
from support.person import CATALOGUES, NewPerson, Person
from support.reviewing import SLEEP, WISH, Both, answering, beside, met, prepared

from assistant.config import Settings
from assistant.retention import RELEASED
from assistant.web.http.context import CONTEXT, FRAGMENT

NB, EN = (CATALOGUES[language].say for language in ("nb", "en"))
WORDS = "\n Jeg <tror> «du» & jeg vil det samme 👩🏽‍🍳\nHalvferdig"
LOCKED = RELEASED.borrowed_browser + timedelta(seconds=1)
SCRIPT = {FRAGMENT: "1"}


@pytest.fixture
async def kari(anne: Colleague, new_person: NewPerson) -> Colleague:
    return await a_colleague(anne, new_person, "Kari Fagperson", "professional")


@pytest.fixture
async def both(person: Person, kari: Colleague) -> Both:
    return await met(person, kari)


def while_typing(form: Form) -> Submission:
    """What the script sends while somebody types: the form, to where drafts are kept."""
    sent = form.press()
    return Submission("/form-draft", sent.fields)


def forms_typed_in(page: Page, side: str) -> dict[str, Form]:
    """Each form of a review that takes text, half filled in."""
    answer = answering(page, SLEEP).choose("kind", "must_ask").write("words", WORDS)
    return {
        "answering": answer.write("by_on", "2027-03-01"),
        "beside": beside(page, WISH, side).write("words", WORDS),
        "proposing": page.form("proposing").write("what", WORDS).write("name", "Fastlegen"),
        "standpoint": page.form("standpoint").choose("view", "differ").write("words", WORDS),
    }


@pytest.mark.parametrize("side", ["user", "professional"])
async def test_every_form_of_a_review_is_half_filled_in_after_a_reload(both: Both, side: str) -> None:
    sender = both.mine if side == "user" else both.hers
    for form in forms_typed_in(await both.page_of(side), side).values():
        assert (await sender.send(while_typing(form), SCRIPT)).status == 204
    page = await both.page_of(side)
    assert answering(page, SLEEP).text("words") == WORDS
    assert answering(page, SLEEP).picked("kind") == ["must_ask"]
    assert answering(page, SLEEP).text("by_on") == "2027-03-01"
    assert beside(page, WISH, side).text("words") == WORDS
    assert page.form("proposing").text("what") == WORDS
    assert page.form("proposing").text("name") == "Fastlegen"
    assert page.form("standpoint").text("words") == WORDS
    assert page.form("standpoint").picked("view") == ["differ"]
    assert page.main.count(NB("form_draft.not_sent")) == 4
    other = await both.page_of("professional" if side == "user" else "user")
    assert "Halvferdig" not in other.main, "nobody reads along"
    assert NB("form_draft.not_sent") not in other.main


async def test_a_form_that_is_sent_is_not_half_filled_in_any_more(both: Both) -> None:
    form = beside(await both.my_page(), WISH, "user").write("words", WORDS)
    await both.mine.send(while_typing(form), SCRIPT)
    page = await both.mine.send(beside(await both.my_page(), WISH, "user").press())
    assert NB("form_draft.not_sent") not in page.main
    assert NB("form_draft.not_sent") not in (await both.my_page()).main
    assert beside(page, WISH, "user").text("words") == WORDS, "it is her own now, to be changed"


async def test_what_was_refused_is_there_after_a_reload_without_a_script(both: Both) -> None:
    page = await both.her_page()
    page = await both.hers.send(answering(page, SLEEP).write("words", WORDS).press())
    assert page.status == 422
    assert answering(await both.her_page(), SLEEP).text("words") == WORDS


@pytest.mark.parametrize("side", ["user", "professional"])
async def test_another_language_is_a_button_of_the_form_itself(both: Both, side: str) -> None:
    form = forms_typed_in(await both.page_of(side), side)["answering"]
    page = await both.send(side, form.press("language:en"))
    assert page.language == "en"
    assert answering(page, SLEEP).text("words") == WORDS
    assert answering(page, SLEEP).picked("kind") == ["must_ask"]
    assert EN("form_draft.not_sent") in page.main


async def test_a_users_draft_opens_again_after_a_lock(both: Both, clock: Clock) -> None:
    form = forms_typed_in(await both.my_page(), "user")["proposing"]
    await both.mine.send(while_typing(form), SCRIPT)
    clock.pass_by(LOCKED)
    assert (await both.my_page()).status == 401
    page = await both.mine.open("/nb/r")
    await both.mine.send(page.form("open").write("link", both.link).press())
    assert (await both.my_page()).form("proposing").text("what") == WORDS


async def test_staffs_draft_opens_again_when_they_sign_in_anew(both: Both) -> None:
    form = forms_typed_in(await both.her_page(), "professional")["standpoint"]
    await both.hers.send(while_typing(form), SCRIPT)
    await both.hers.send((await both.her_page()).form("sign-out").press())
    assert (await both.her_page()).status == 401
    await both.hers.sign_in()
    assert (await both.her_page()).form("standpoint").text("words") == WORDS


async def test_a_draft_sent_to_an_ended_session_is_kept_once_signed_in(both: Both, clock: Clock) -> None:
    form = forms_typed_in(await both.her_page(), "professional")["beside"]
    clock.pass_by(timedelta(minutes=61))
    page = await both.hers.send(form.press())
    assert page.status == 401
    page = await both.hers.send(page.form("sign-in").press("en"))
    assert (page.status, page.language) == (200, "en")
    page = await both.hers.sign_in(page=page)
    assert page.form("again").text("words") == WORDS
    page = await both.hers.send(page.form("again").press("language:nb"))
    assert page.language == "nb"
    assert beside(page, WISH, "professional").text("words") == WORDS


async def test_a_draft_never_goes_over_words_that_its_writer_has_not_seen(both: Both) -> None:
    first = (await both.my_page()).form("proposing").write("what", "Vi er tre på møtet").choose("who", "user")
    await both.mine.send(first.press())

    async def rewording(side: str) -> Form:
        page = await both.page_of(side)
        return next(form for form in page.forms() if form.named("what") and form.text("what") != "")

    mine = (await rewording("user")).write("what", WORDS)
    await both.mine.send(while_typing(mine), SCRIPT)
    await both.hers.send((await rewording("professional")).write("what", "Vi er fire på møtet").press())
    again = await rewording("user")
    assert again.text("what") == WORDS
    page = await both.mine.send(again.press())
    assert page.status == 409
    assert "Vi er fire på møtet" in page.main
    assert (await rewording("user")).text("what") == WORDS, "and neither are mine lost"


async def test_staffs_drafts_end_with_the_share_and_leave_nothing(both: Both, settings: Settings) -> None:
    form = forms_typed_in(await both.her_page(), "professional")["beside"]
    await both.hers.send(while_typing(form), SCRIPT)
    assert rows_of(settings) == 1
    await both.withdraw()
    assert rows_of(settings) == 0
    assert (await both.her_page()).status == 410
    assert (await both.hers.send(while_typing(form))).status == 404, "nor is one kept after it"


async def test_the_drafts_of_a_meeting_go_with_the_meeting(both: Both, settings: Settings) -> None:
    form = forms_typed_in(await both.my_page(), "user")["beside"]
    await both.mine.send(while_typing(form), SCRIPT)
    assert rows_of(settings) == 1
    ask = await both.mine.open(f"{both.here.partition('/review')[0]}/delete")
    await both.mine.send(ask.form("ask").press())
    assert rows_of(settings) == 0


async def test_a_draft_for_a_deleted_meeting_is_given_back_and_not_kept(
    both: Both, settings: Settings
) -> None:
    sent = (await both.my_page()).form("proposing").write("what", WORDS).press("language:en")
    typed = Submission("/form-draft", sent.fields)
    ask = await both.mine.open(f"{both.here.partition('/review')[0]}/delete")
    await both.mine.send(ask.form("ask").press())
    page = await both.mine.send(typed)
    assert (page.status, page.form("unlock").text("what")) == (401, WORDS)
    assert rows_of(settings) == 0


async def test_an_invitation_survives_a_reload_another_language_and_a_week_but_no_longer(
    kari: Colleague, clock: Clock, app: web.Application, settings: Settings
) -> None:
    page = await kari.open("/desk/invitations")
    form = page.form("invite").write("greeting", WORDS).write("on", "2026-12-03").take("kind", "care_team")
    page = await kari.send(form.press("language:en"))
    assert page.language == "en"
    form = page.form("invite")
    assert (form.text("greeting"), form.text("on"), form.text("kind")) == (WORDS, "2026-12-03", "care_team")
    await app[CONTEXT].services.form_drafts.sweep(clock())
    assert (await kari.open("/desk/invitations")).form("invite").text("greeting") == WORDS
    clock.pass_by(RELEASED.staff_drafts + timedelta(seconds=1))
    await app[CONTEXT].services.form_drafts.sweep(clock())
    assert rows_of(settings) == 0


async def test_a_new_account_and_changed_roles_survive_a_reload(anne: Colleague) -> None:
    page = await anne.open("/admin/staff")
    form = page.form("add").write("name", "Nils Ny").choose("role", "professional")
    page = await anne.send(form.press("language:nn"))
    assert page.language == "nn"
    assert page.form("add").text("name") == "Nils Ny"
    assert page.form("add").picked("role") == ["professional"]


async def test_choices_of_a_share_survive_another_language_and_a_lock(person: Person, clock: Clock) -> None:
    page, link = await prepared(person)
    page = await person.open(f"{page.path.removesuffix('/summary')}/share")
    form = page.form("choices")
    kept, *others = form.picked("share")
    page = await person.send(form.choose("share", *others).press("language:en"))
    assert (page.language, page.form("choices").picked("share")) == ("en", others)
    form = page.form("choices")
    clock.pass_by(LOCKED)
    page = await person.send(form.press())
    assert page.status == 401
    page = await person.send(page.form("unlock").write("link", "feil").press())
    page = await person.send(page.form("unlock").write("link", link).press())
    assert page.has("share"), "the choice was taken, and the preview comes"
    page = await person.open(page.path.replace("preview", "each"))
    assert page.form("choices").picked("share") == others
    assert kept in page.form("choices").text("listed")


async def test_a_thief_with_the_database_finds_no_words_no_pages_and_no_forms(
    both: Both, settings: Settings
) -> None:
    for side in ("user", "professional"):
        for form in forms_typed_in(await both.page_of(side), side).values():
            await both.send(side, while_typing(form))
    held = [line for line in content(settings) if line.startswith('INSERT INTO "form_drafts"')]
    assert len(held) == 8
    assert not [line for line in held if "Halvferdig" in line or "proposing" in line or "/desk" in line]


def rows_of(settings: Settings) -> int:
    """How many drafts there are."""
    return len([line for line in content(settings) if line.startswith('INSERT INTO "form_drafts"')])
