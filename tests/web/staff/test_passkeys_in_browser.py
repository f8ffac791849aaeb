"""Passkeys in Chromium, with authenticators that it simulates: with the extension `prf`, and without."""

# ruff: noqa: F811 — pytest finds fixtures by the names they are imported under
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest
from aiohttp import web
from playwright.async_api import CDPSession, Page, expect
from support.clock import Clock
from support.colleague import PASSWORD
from support.person import CATALOGUES
from support.strict_provider import KARI, StrictProvider
from support.tab import Tab

from assistant.vault.encryption import about
from assistant.vault.staff_keys import open_with, seal_to
from assistant.web.http.context import CONTEXT
from web.staff.test_provider_sign_in_in_browser import address, app, provider, set_up, time  # noqa: F401
from web.test_history_in_browser import TRIED_APART, Acts
from web.user.test_conversation_in_browser import DESK, PHONE, NewTab, new_tab  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
NB = CATALOGUES["nb"].say
MEANING = about("share", "one")
ASKED_WITH_ANOTHER_SALT = """() => {
const { credentials } = navigator;
const get = credentials.get.bind(credentials);
credentials.get = (asked) => {
  const { evalByCredential } = asked.publicKey.extensions.prf;
  for (const id in evalByCredential) evalByCredential[id] = { first: new Uint8Array(32) };
  return get(asked);
};
}"""
"""To the person it looks as if the passkey were another one than the one that was added."""


class Authenticator:
    """A simulated authenticator of one browser."""

    def __init__(self, session: CDPSession, options: dict[str, Any]) -> None:
        self.session, self.options, self.id = session, options, ""

    @classmethod
    async def of(cls, page: Page, *, has_prf: bool = True) -> "Authenticator":
        session = await page.context.new_cdp_session(page)
        await session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "ctap2Version": "ctap2_1",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
            "hasPrf": has_prf,
        }
        made = cls(session, options)
        await made.plug_in()
        return made

    async def plug_in(self) -> None:
        answer = await self.session.send("WebAuthn.addVirtualAuthenticator", {"options": self.options})
        self.id = answer["authenticatorId"]

    async def change(self, **options: object) -> None:
        """Put another one in its place."""
        await self.session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": self.id})
        self.options |= options
        await self.plug_in()

    async def credentials(self) -> list[dict[str, Any]]:
        answer = await self.session.send("WebAuthn.getCredentials", {"authenticatorId": self.id})
        credentials: list[dict[str, Any]] = answer["credentials"]
        return credentials

    async def forget_all(self) -> None:
        """Its owner deletes what is on it."""
        await self.session.send("WebAuthn.clearCredentials", {"authenticatorId": self.id})


async def sign_in_again(tab: Tab) -> None:
    """Sign out, and in at the provider: a new session."""
    await tab.page.click("#sign-out button")
    await tab.page.click("#provider button")
    await tab.page.click(f"#{KARI}")
    await tab.page.wait_for_selector("#sign-out")
    await tab.page.wait_for_load_state()


async def send_without_answer(page: Page) -> None:
    """Send the form as the script would, but without asking the device, which has a passkey already."""
    await page.eval_on_selector("#add-passkey", "form => form.submit()")


def status_of(page: Page, form: str) -> Any:
    return expect(page.locator(f"#{form} [role=status]"))


async def test_a_passkey_is_added_and_opens_what_is_sent_ahead_in_a_new_session(
    new_tab: NewTab, app: web.Application, provider: StrictProvider, time: Clock
) -> None:
    tab = await new_tab(viewport=PHONE)
    page, acts = tab.page, Acts(tab, app)
    phone = await Authenticator.of(page)
    await set_up(tab, app, provider, "Kari Nordmann", KARI, "professional")
    await expect(page.locator("#add-passkey button")).to_be_visible()
    await tab.look()
    await page.fill("#called", "Mobilen")
    await acts.press("#add-passkey button")
    await expect(page.locator(".saved")).to_have_text(NB("key.is_open"))
    await tab.look()
    (credential,) = await phone.credentials()
    assert credential["rpId"] == "localhost"
    assert credential["isResidentCredential"]

    staff = app[CONTEXT].services.staff
    member = (await staff.accounts.named("Kari Nordmann")).member
    assert member.public_key is not None
    sealed = seal_to(member.public_key, b"a share's key", MEANING)
    await sign_in_again(tab)
    await tab.look()
    await expect(page.locator("#open-key")).to_have_count(0)
    await acts.press("#open-passkey button")
    await expect(page).to_have_url(f"{tab.address}/desk")
    (cookie,) = [c for c in await page.context.cookies() if c["name"] == "w"]
    who = await staff.sign_ins.recognise(cookie["value"])
    assert open_with(who.private_key, sealed, MEANING) == b"a share's key"

    # with the name typed and the screen left alone for a while, the passkey proves who is there
    await tab.open("/staff/key")
    await page.fill("#called", "Mobilen igjen")
    time.pass_by(timedelta(minutes=5))
    await send_without_answer(page)
    await expect(page.locator("#prove-passkey button")).to_be_visible()
    await tab.look()
    await acts.press("#prove-passkey button")
    await expect(page.locator(".saved")).to_have_text(NB("proof.done"))
    await expect(page.locator("#called")).to_have_value("Mobilen igjen")

    # the same device has one already; removed here, it opens nothing, and with it goes the key
    await tab.open("/staff/key")
    await page.click("#add-passkey button")
    await status_of(page, "add-passkey").to_have_text(NB("key.passkey_already"))
    assert NB("key.last_passkey") in await page.inner_text("main")
    await acts.press(".accounts button")
    await expect(page.locator("#choose-key")).to_be_visible()
    assert not (await staff.accounts.named("Kari Nordmann")).can_be_sent_to
    assert acts.tried >= TRIED_APART["passkeys"]


async def test_a_refused_answer_is_in_no_page_and_can_be_tried_again_at_the_address_of_the_refusal(
    new_tab: NewTab, app: web.Application, provider: StrictProvider
) -> None:
    tab = await new_tab(viewport=DESK)
    page, acts = tab.page, Acts(tab, app)
    await Authenticator.of(page)
    await set_up(tab, app, provider, "Kari Nordmann", KARI, "professional")
    await page.click("#add-passkey button")
    await expect(page.locator(".saved")).to_be_visible()
    await sign_in_again(tab)
    await page.evaluate(ASKED_WITH_ANOTHER_SALT)
    await acts.press("#open-passkey button")
    await expect(page.locator("#trouble")).to_contain_text(NB("key.passkey_refused"))
    assert "/staff/refused/" in page.url
    await tab.look()
    sent = dict(parse_qsl(acts.sent[-1][1]))
    assert set(sent) == {"first", "credential", "secret"}
    assert sent["secret"] not in await page.content()
    await page.click("#open-passkey button")
    await expect(page).to_have_url(f"{tab.address}/desk")


async def test_an_authenticator_without_the_extension_is_told_so_and_a_password_can_be_chosen(
    new_tab: NewTab, app: web.Application, provider: StrictProvider
) -> None:
    tab = await new_tab(viewport=DESK)
    page = tab.page
    await Authenticator.of(page, has_prf=False)
    await set_up(tab, app, provider, "Kari Nordmann", KARI, "professional")
    await page.click("#add-passkey button")
    await status_of(page, "add-passkey").to_have_text(NB("key.passkey_unfit"))
    await tab.look()
    assert not (await app[CONTEXT].services.staff.accounts.named("Kari Nordmann")).can_be_sent_to
    await page.fill("#password", PASSWORD)
    await page.fill("#again", PASSWORD)
    await page.click("#choose-key button")
    await expect(page.locator(".saved")).to_have_text(NB("key.is_open"))


async def test_what_is_cancelled_or_deleted_on_the_device_is_told_and_tried_again(
    new_tab: NewTab, app: web.Application, provider: StrictProvider
) -> None:
    tab = await new_tab(viewport=DESK)
    page = tab.page
    phone = await Authenticator.of(page)
    await phone.change(isUserVerified=False)
    await set_up(tab, app, provider, "Kari Nordmann", KARI, "professional")
    await page.click("#add-passkey button")
    await status_of(page, "add-passkey").to_have_text(NB("key.passkey_not_made"))
    await phone.change(isUserVerified=True)
    await page.click("#add-passkey button")
    await expect(page.locator(".saved")).to_be_visible()
    await sign_in_again(tab)
    await phone.forget_all()
    await page.click("#open-passkey button")
    await status_of(page, "open-passkey").to_have_text(NB("key.passkey_cancelled"))
    await tab.look()


async def test_a_browser_without_passkeys_or_without_javascript_says_so(
    new_tab: NewTab, app: web.Application, provider: StrictProvider
) -> None:
    tab = await new_tab(viewport=DESK)
    await Authenticator.of(tab.page)
    await set_up(tab, app, provider, "Kari Nordmann", KARI, "professional")
    await tab.page.click("#add-passkey button")
    await expect(tab.page.locator(".saved")).to_be_visible()
    scripts = (
        "delete window.PublicKeyCredential",
        "PublicKeyCredential.getClientCapabilities = () => ({ 'extension:prf': false })",
        "",
    )
    for script in scripts:
        other = await new_tab(viewport=DESK, java_script_enabled=bool(script))
        other.also = (provider.issuer,)
        if script:
            await other.page.add_init_script(script)
        await other.open("/nb/staff")
        await other.page.click("#provider button")
        await other.page.click(f"#{KARI}")
        await status_of(other.page, "open-passkey").to_have_text(
            NB("key.passkey_browser" if script else "key.passkey_script")
        )
        await expect(other.page.locator("#open-passkey button")).to_be_hidden()
        await other.look()
