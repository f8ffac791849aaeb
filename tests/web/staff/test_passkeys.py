"""Passkeys of staff who sign in at a provider: what the pages offer, refuse and never keep."""

# ruff: noqa: F811 — pytest finds fixtures by the names they are imported under
import logging
import os
from base64 import urlsafe_b64encode
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from support.at_provider import answer_of, as_client_of, come_back, sign_in_there, to_provider
from support.clock import Clock
from support.page import Page, Submission
from support.person import CATALOGUES, NewPerson, Person
from support.reviewing import prepared
from support.sharing import choose, share
from support.strict_provider import StrictProvider

from assistant.config import Settings
from assistant.languages import LANGUAGES, Language
from assistant.service.form_drafts import DraftWriter
from assistant.web.http.context import CONTEXT
from assistant.web.http.rate_limits import RateLimit
from assistant.web.http.security_headers import HEADERS
from web.staff.test_provider_sign_in import arrived_on, choose_key, kari, profile, provider  # noqa: F401
from web.test_every_button import press_everything
from web.test_nu_checker import checker, said_of  # noqa: F401
from web.test_refused_pages import BROWSER
from web.user.test_share import promise

NB = CATALOGUES["nb"].say
FORBIDDEN, ALLOWED = "publickey-credentials-get=()", "publickey-credentials-get=(self)"


@pytest.fixture
def settings(tmp_path: Path, provider: StrictProvider, first_data: Path) -> Settings:
    agreed = as_client_of(provider, tmp_path / "data", first_data)
    return agreed.model_copy(update={"reading": promise("Kari Nordmann")})


def spelled(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


class Passkey:
    """What the script sends of one passkey."""

    def __init__(self) -> None:
        self.credential, self.salt, self.secret = (spelled(os.urandom(32)) for _ in range(3))

    def add(self, page: Page, name: str = "Mobilen") -> Submission:
        answer = {"called": name, "credential": self.credential, "salt": self.salt, "secret": self.secret}
        return answered(page.form("add-passkey").press(), answer)

    def open(self, page: Page) -> Submission:
        answer = {"credential": self.credential, "secret": self.secret}
        return answered(page.form("open-passkey").press(), answer)

    def prove(self, page: Page) -> Submission:
        answer = {"credential": self.credential, "secret": self.secret}
        return answered(page.form("prove-passkey").press(), answer)


def answered(sent: Submission, answer: dict[str, str]) -> Submission:
    """The form with the fields that the script adds as it is sent."""
    fields = [(name, text) for name, text in sent.fields if name not in answer]
    return Submission(sent.path, [*fields, *answer.items()])


async def add(person: Person, passkey: Passkey, name: str = "Mobilen") -> Page:
    page = await person.send(passkey.add(await person.open("/staff/key"), name))
    assert NB("key.is_open") in page.main
    return page


async def remove(person: Person, name: str) -> Page:
    """Press the button beside the passkey with this name."""
    page = await person.open("/staff/key")
    (row,) = (row for row in page.root.all("li") if name in row.text)
    fields = [(field.attributes["name"], field.attributes["value"]) for field in row.all("input")]
    return await person.send(Submission("/staff/key/passkey/remove", fields))


def told(page: Page) -> str:
    return page.root.one(id="trouble").text


@pytest.fixture
async def user(new_person: NewPerson) -> Person:
    return await new_person()


async def test_what_is_sent_ahead_is_opened_by_a_passkey_another_day(
    kari: Person, user: Person, provider: StrictProvider, clock: Clock
) -> None:
    preview = await choose(user, (await prepared(user))[0])
    assert NB("share.no_reader") in preview.main
    passkey = Passkey()
    page = await sign_in_there(kari, provider)
    assert NB("desk.arrived_no_key") in page.main
    await add(kari, passkey)
    assert NB("desk.arrived_empty") in (await kari.open("/desk")).main
    await kari.send(page.form("sign-out").press())
    await share(user, await user.open(preview.path), "ahead")
    clock.pass_by(timedelta(days=1))
    page = await sign_in_there(kari, provider)
    assert page.path == "/staff/key?first"
    desk = await kari.open("/desk")
    assert arrived_on(desk) == []
    assert NB("desk.arrived_empty") not in desk.main
    assert NB("desk.arrived_closed") in desk.main
    assert [a.attributes["href"] for a in desk.root.all("a") if a.text == NB("desk.open_key")] == [
        "/staff/key"
    ]
    assert not page.has("open-key")
    page = await kari.send(passkey.open(page))
    assert page.path == "/desk"
    (arrived,) = arrived_on(page)
    page = await kari.open(arrived)
    page = await kari.send(page.form("open").press())
    assert page.path.startswith("/desk/shared/")


async def test_the_list_has_each_passkey_and_the_last_one_says_what_goes_with_it(
    kari: Person, user: Person, provider: StrictProvider, clock: Clock
) -> None:
    await sign_in_there(kari, provider)
    page = await kari.open("/staff/key")
    assert NB("key.passkeys_what") in page.main
    assert NB("key.not_sent_to") in page.main
    page = await add(kari, Passkey())
    assert NB("key.last_passkey") in page.main
    clock.pass_by(timedelta(minutes=1))
    page = await add(kari, Passkey(), "")
    assert [b.text for b in page.root.all("b")] == ["Mobilen", NB("key.passkey")]
    assert NB("key.last_passkey") not in page.main
    assert NB("key.remove_passkey_what") in page.main
    preview = await choose(user, (await prepared(user))[0])
    page = await remove(kari, "Mobilen")
    assert NB("key.is_open") in page.main
    assert NB("key.remove_last_passkey") in page.main
    assert (await user.open(preview.path)).root.has("input", name="way", value="ahead")
    page = await remove(kari, NB("key.passkey"))
    assert page.has("choose-key")
    assert NB("key.not_sent_to") in page.main
    assert not (await user.open(preview.path)).root.has("input", name="way", value="ahead")


async def test_the_last_way_goes_only_from_a_page_that_says_what_goes_with_it(
    kari: Person, provider: StrictProvider
) -> None:
    signed_in = await sign_in_there(kari, provider)
    await choose_key(kari)
    older = await add(kari, Passkey())
    await remove(kari, "Mobilen")
    page = await kari.send(older.form("forget-key").press())
    assert (page.status, NB("refusal.LastWay") in told(page)) == (422, True)
    page = await kari.send(page.form("forget-key").press())
    assert page.has("choose-key")
    assert signed_in.has("sign-out")


async def test_a_key_password_and_a_passkey_stand_beside_each_other(
    kari: Person, provider: StrictProvider
) -> None:
    passkey = Passkey()
    signed_in = await sign_in_there(kari, provider)
    await choose_key(kari)
    page = await kari.open("/staff/key")
    assert NB("key.forget_what") in page.main
    await add(kari, passkey)
    page = await kari.open("/staff/key")
    assert NB("key.remove_password_what") in page.main
    await kari.send(signed_in.form("sign-out").press())
    page = await sign_in_there(kari, provider)
    assert page.has("open-key")
    assert page.has("open-passkey")
    assert not page.has("add-passkey"), "only who has opened the key adds a way to it"
    assert not page.has("forget-key")
    page = await kari.send(passkey.prove(await kari.open("/staff/proof")))
    assert NB("key.is_open") in page.main
    page = await kari.send(page.form("forget-key").press())
    assert NB("key.is_open") in page.main
    await kari.send(signed_in.form("sign-out").press())
    page = await sign_in_there(kari, provider)
    assert not page.has("open-key")
    page = await kari.send(passkey.open(page))
    assert page.path == "/desk"
    assert not (await kari.open("/staff/account")).has("change-password")


async def test_without_the_script_the_page_says_so_and_a_form_without_an_answer_is_refused(
    kari: Person, provider: StrictProvider
) -> None:
    await sign_in_there(kari, provider)
    page = await kari.open("/staff/key")
    assert NB("key.passkey_script") in page.main
    (controls,) = (d for d in page.root.one("form", id="add-passkey").all("div") if "hidden" in d.attributes)
    assert NB("key.add_passkey") in controls.text
    refused = await kari.send(page.form("add-passkey").write("called", "Mobilen").press())
    assert (refused.status, NB("refusal.PasskeyUnread") in told(refused)) == (422, True)
    assert refused.has("choose-key")


async def test_each_bad_case_gets_its_own_sentence(kari: Person, provider: StrictProvider) -> None:
    mine, other = Passkey(), Passkey()
    signed_in = await sign_in_there(kari, provider)
    await add(kari, mine)
    await add(kari, other, "PC")
    await kari.send(signed_in.form("sign-out").press())
    page = await sign_in_there(kari, provider)
    wrong = mine.open(page)
    cases: list[tuple[Submission, str]] = [
        (answered(wrong, {"secret": other.secret}), "key.passkey_refused"),
        (answered(wrong, {"credential": Passkey().credential}), "refusal.PasskeyUnknown"),
        (answered(wrong, {"secret": ""}), "refusal.PasskeyUnread"),
    ]
    for sent, key in cases:
        refused = await kari.send(sent)
        assert (refused.status, NB(key) in told(refused)) == (422, True), key
    assert (await kari.send(of_an_older_page(other))).path == "/staff/proof"
    stale = mine.open(page)
    await kari.send(other.prove(await kari.open("/staff/proof")))
    await remove(kari, "Mobilen")
    refused = await kari.send(stale)
    assert NB("refusal.PasskeyUnknown") in told(refused)
    again = await kari.send(Submission("/staff/key/passkey/remove", [("passkey", "gone")]))
    assert NB("refusal.PasskeyUnknown") in told(again)


def of_an_older_page(passkey: Passkey) -> Submission:
    """The form of a page on which the key was open, sent in a session in which it is not."""
    fields = [(name, getattr(passkey, name)) for name in ("credential", "salt", "secret")]
    return Submission("/staff/key/passkey/add", fields)


async def test_no_way_is_added_to_a_key_that_was_replaced_in_another_session(
    kari: Person, new_person: NewPerson, provider: StrictProvider
) -> None:
    await sign_in_there(kari, provider)
    await add(kari, Passkey())
    page = await kari.open("/staff/key")
    other = await new_person()
    await sign_in_there(other, provider)
    address = await to_provider(other, "start-over", "/staff/proof")
    await come_back(other, await answer_of(address))
    await add(other, Passkey())
    refused = await kari.send(Passkey().add(page))
    assert (refused.status, NB("refusal.KeyNotOpen") in told(refused)) == (422, True)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_script_is_given_its_sentences_in_the_language_of_the_page(
    kari: Person, provider: StrictProvider, language: Language
) -> None:
    say = CATALOGUES[language].say
    await sign_in_there(kari, provider)
    page = await kari.open("/staff/key")
    page = await kari.send(page.form("staff-language").press(language))
    words = page.root.one("form", id="add-passkey").attributes
    names = {"unable": "browser", "silent": "unfit", "cancelled": "not_made"}
    for name, key in {**names, "already": "already", "waiting": "waiting"}.items():
        assert words[f"data-{name}"] == say(f"key.passkey_{key}")


async def test_a_disabled_account_opens_nothing_with_its_passkey(
    app: web.Application, kari: Person, provider: StrictProvider
) -> None:
    passkey = Passkey()
    signed_in = await sign_in_there(kari, provider)
    await add(kari, passkey)
    await kari.send(signed_in.form("sign-out").press())
    page = await sign_in_there(kari, provider)
    accounts = app[CONTEXT].services.staff.accounts
    await accounts.disable((await accounts.named("Kari Nordmann")).member.id)
    page = await kari.send(passkey.open(page))
    assert (page.status, NB("ended.heading") in page.heading) == (401, True)
    assert passkey.secret not in page.html
    page = await sign_in_there(kari, provider)
    assert page.heading == NB("provider.not_linked_heading")


async def test_the_answer_of_a_passkey_is_in_no_page_no_draft_and_no_log(
    app: web.Application,
    kari: Person,
    provider: StrictProvider,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    passkey = Passkey()
    await sign_in_there(kari, provider)
    page = await kari.open("/staff/key")
    # with words beside it, refused, and by a browser that is given an address for the refusal
    sent = answered(passkey.add(page, "m" * 200), {"greeting": "Hei", "draft": "/desk/invitations#invite"})
    refused = await kari.send(sent, BROWSER)
    assert refused.path.startswith("/staff/refused/")
    assert refused.headers["Permissions-Policy"].endswith(ALLOWED)
    assert passkey.secret not in refused.html
    staff = app[CONTEXT].services.staff
    who = await staff.sign_ins.recognise({c.key: c.value for c in kari.client.session.cookie_jar}["w"])
    kept = await app[CONTEXT].services.form_drafts.on_page(DraftWriter.staff(who), refused.path)
    assert "Hei" in str(kept)
    assert passkey.secret not in str(kept)
    # and after the session has ended
    clock.pass_by(timedelta(hours=2))
    ended = await kari.send(sent)
    assert (ended.status, "Hei" in ended.main) == (401, True)
    assert passkey.secret not in ended.html
    assert passkey.secret not in caplog.text


async def test_only_the_pages_about_the_key_may_ask_for_passkeys(
    kari: Person, provider: StrictProvider
) -> None:
    await sign_in_there(kari, provider)
    for path in ("/desk", "/staff/account", "/nb/", "/nb/staff"):
        assert (await kari.open(path)).headers["Permissions-Policy"].endswith(FORBIDDEN), path
    page = await kari.open("/staff/key")
    assert page.headers["Permissions-Policy"].endswith(ALLOWED)
    assert page.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]


async def test_every_button_can_be_pressed_twice_and_from_an_older_page(
    kari: Person, provider: StrictProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RateLimit, "wait_for", lambda *_: 0.0)
    await sign_in_there(kari, provider)
    pages = [await kari.open("/staff/key"), await add(kari, Passkey()), await add(kari, Passkey(), "PC")]
    for page in pages:
        assert not await press_everything(kari, page)


@pytest.mark.slow
async def test_the_nu_checker_has_nothing_to_say_of_the_page(
    checker: Path, tmp_path: Path, kari: Person, provider: StrictProvider
) -> None:
    signed_in = await sign_in_there(kari, provider)
    pages = [await kari.open("/staff/key"), await add(kari, Passkey())]
    pages += [await add(kari, Passkey(), "PC"), await kari.send(pages[0].form("add-passkey").press())]
    await choose_key(kari)
    pages.append(await kari.open("/staff/key"))
    await kari.send(signed_in.form("sign-out").press())
    pages.append(await sign_in_there(kari, provider))
    folder = tmp_path / "pages"
    folder.mkdir()
    for number, page in enumerate(pages):
        (folder / f"{number}.html").write_text(page.html, "utf-8")
    assert await said_of(checker, folder) == []
