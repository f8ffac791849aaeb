"""What somebody is told when a request comes to nothing: which status, which sentences, and the way on."""

import logging
from collections.abc import Mapping

import pytest
from aiohttp import web
from pytest_aiohttp import AiohttpClient
from support.page import Form, Page, Submission
from support.person import CATALOGUES, Person, languages_of

from assistant.errors import (
    CodeLocked,
    CodeOver,
    GrantEnded,
    GuidedSessionFull,
    GuidedSessionOver,
    LinkedElsewhere,
    NotFound,
    NotInThisLanguage,
    NotLinked,
    NotMetYet,
    NotOnOneself,
    NotOnTheWay,
    NotPrintable,
    NotPrinted,
    NotSaved,
    ProofRefused,
    ProviderRefused,
    ProviderUnreachable,
    Refusal,
    RequestReused,
    RevisionConflict,
    SealBroken,
    SecretUnknown,
    ShareMoved,
    ShareOver,
    StaleTurn,
    TooBusy,
    Trouble,
    WrittenBetween,
)
from assistant.service.staff.accounts import LastAdministrator
from assistant.vault.key_stretching import ASKER, Asker
from assistant.web.http.csrf import CrossSiteRequest
from assistant.web.http.forms import BodyTooLarge, BodyTooSlow, BodyUnreadable
from assistant.web.http.rate_limits import TooOften
from assistant.web.http.security_headers import HEADERS
from assistant.web.middleware import SPOKEN

NB = CATALOGUES["nb"].say
# spelled out once more, as it is meant: other programs and browsers act on the status
TOLD: Mapping[tuple[int, str], tuple[Trouble, ...]] = {
    # it cannot be asked for like this
    (400, "unreadable"): (BodyUnreadable(),),
    (403, "foreign"): (CrossSiteRequest(),),
    (404, "not_found"): (NotFound(),),
    (406, "other_language"): (NotInThisLanguage(),),
    (408, "too_slow"): (BodyTooSlow(),),
    (413, "too_large"): (BodyTooLarge(),),
    # something else is so by now
    (409, "not_on_oneself"): (NotOnOneself(),),
    (409, "last_administrator"): (LastAdministrator(),),
    (409, "guided_full"): (GuidedSessionFull(),),
    (409, "out_of_date"): (
        *(StaleTurn(), RequestReused(), NotOnTheWay()),
        *(WrittenBetween(), ShareMoved(), NotMetYet()),
    ),
    # over for good
    (410, "out_of_date"): (ShareOver("withdrawn"),),
    (410, "guided_over"): (GuidedSessionOver(),),
    # what was given does not do
    (422, "refused"): (
        *(Refusal(), ProofRefused(), SecretUnknown(), CodeLocked(), CodeOver()),
        *(ProviderRefused("issuer"), ProviderUnreachable(), GrantEnded(), NotLinked(), LinkedElsewhere()),
    ),
    (422, "not_printable"): (NotPrintable(),),
    # the same again may do a little later
    (429, "too_often"): (TooOften(7), TooBusy()),
    (503, "not_saved"): (NotSaved(), RevisionConflict()),
    (503, "not_printed"): (NotPrinted(),),
    (503, "seal_broken"): (SealBroken(),),
}
EACH = [(status, name, trouble) for (status, name), troubles in TOLD.items() for trouble in troubles]


async def fail_with(error: Exception, person: Person, monkeypatch: pytest.MonkeyPatch) -> Page:
    """Open a page that meets this error."""

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("assistant.web.public.information.HelpPage", fail)
    return await person.open("/nb/help")


def test_every_trouble_that_is_told_of_is_in_this_table() -> None:
    assert {type(trouble) for _, _, trouble in EACH} == {kind for kind, _, _ in SPOKEN}


async def test_each_trouble_has_its_status_and_its_sentences(
    person: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for status, name, trouble in EACH:
        page = await fail_with(trouble, person, monkeypatch)
        assert (page.status, page.heading) == (status, NB(f"trouble.{name}_heading")), trouble
        assert page.heading in page.root.one("title").text
        sentences = NB(f"trouble.{name}").split("\n")
        assert [p.text for p in page.root.one("main").all("p")][: len(sentences)] == sentences
        assert HEADERS.items() <= page.headers.items()
        assert page.headers.get("Retry-After") == ("7" if isinstance(trouble, TooOften) else None)
    told = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert told == ["seal_broken"], "of what is foreseen, only this is a fault that an operator must see"


async def test_every_message_leads_back_to_the_first_page_and_to_it_in_other_languages(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await fail_with(NotFound(), person, monkeypatch)
    ways = {a.text: a.attributes["href"] for a in page.root.one("main").all("a")}
    assert ways == {NB("trouble.to_start"): "/nb/"}
    assert languages_of(page)["nn"] == "/nn/"


async def test_what_is_not_there_in_one_language_can_be_read_at_once_in_another(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await fail_with(NotInThisLanguage(), person, monkeypatch)
    change = languages_of(page)["nn"]
    assert isinstance(change, Form)
    assert dict(change.press("nn").fields) == {"back": "/nb/help", "language": "nn"}


async def test_a_page_that_is_not_there_and_a_method_it_does_not_have_are_told_apart(person: Person) -> None:
    there = await person.client.post("/nb/help", headers={"Origin": person.address})
    assert (there.status, there.headers["Allow"]) == (405, "GET,HEAD")
    nowhere = await person.open("/nb/nowhere")
    assert (nowhere.status, nowhere.heading) == (404, NB("trouble.not_found_heading"))
    assert "Allow" not in nowhere.headers


class Unforeseen(Trouble):
    """A trouble that somebody forgot to give a sentence."""


@pytest.mark.parametrize("error", [Unforeseen("own words"), KeyError("own words")], ids=["ours", "another"])
async def test_what_nobody_foresaw_has_a_sentence_and_the_log_says_what_and_where(
    error: Exception, person: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    page = await fail_with(error, person, monkeypatch)
    assert (page.status, page.heading) == (503, NB("trouble.unforeseen_heading"))
    (told,) = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert told.getMessage() == "unforeseen"
    fields = vars(told)["event_fields"]
    assert fields["error"] == type(error).__name__
    assert "information.py:" in fields["where"]
    assert "own words" not in str(vars(told)) + page.html


async def test_slow_work_is_done_on_behalf_of_the_address_that_asks(
    app: web.Application, aiohttp_client: AiohttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that a crowd behind one address makes only itself wait; in IPv6 that is a home's own network."""
    askers: list[Asker] = []

    def fail(*_: object, **__: object) -> None:
        askers.append(ASKER.get())
        raise NotFound

    monkeypatch.setattr("assistant.web.public.information.HelpPage", fail)
    client = await aiohttp_client(app)
    for address in ("203.0.113.9", "2001:db8:1:2:3::4"):
        monkeypatch.setattr("assistant.web.http.context.address_of", lambda _, address=address: address)
        await client.get("/nb/help")
    assert [asker.name for asker in askers] == ["203.0.113.9", "2001:db8:1:2::/64"]


@pytest.mark.parametrize(
    ("path", "asked", "heading"),
    [("/notebook", "unlock", "held.locked_heading"), ("/desk", "sign-in", "ended.heading")],
)
async def test_without_a_session_a_private_page_asks_for_what_opens_it(
    person: Person, path: str, asked: str, heading: str
) -> None:
    page = await person.open(path)
    assert (page.status, page.heading) == (401, NB(heading))
    assert page.has(asked)
    from_elsewhere = await person.open(path, {"Sec-Fetch-Site": "cross-site"})
    assert (from_elsewhere.status, from_elsewhere.headers["Refresh"]) == (200, f"0; url={path}?again")
    assert (await person.open(f"{path}?again", {"Sec-Fetch-Site": "cross-site"})).heading == NB(heading)


async def test_a_form_that_comes_without_a_session_is_given_back_with_its_text(person: Person) -> None:
    form = (await person.reach("matters/now")).form("reply")
    person.client.session.cookie_jar.clear()
    page = await person.send(form.say("Barna mine.").press())
    assert (page.status, page.heading) == (401, NB("held.locked_heading"))
    assert page.form("unlock").text("statement.new1") == "Barna mine."


async def test_a_button_without_a_session_is_not_pressed_again_by_unlocking(person: Person) -> None:
    page = await person.send(Submission("/language", [("back", "/notebook"), ("language", "nn")]))
    assert page.status == 401
    carried = {control.attributes.get("value") for control in page.form("unlock").controls}
    assert "/notebook" not in carried
