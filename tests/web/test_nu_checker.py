"""What the Nu HTML checker says of every kind of page: nothing. `.ci/run` installs it.

Each page that any test is given is held to the same rules by `check_html` and `support/page.py`, quicker;
this is the checker itself, started once.
"""

# ruff: noqa: F811 — pytest finds fixtures by the names they are imported under
import asyncio
import json
import os
import shutil
from pathlib import Path

import pytest
from aiohttp import web
from support import person as browser
from support.axe import likeness
from support.clock import Clock
from support.colleague import Colleague, an_administrator, as_colleague, in_role
from support.need import need
from support.page import Page
from support.person import NewPerson, Person
from support.quick import LOW_COST, our_texts
from support.reviewing import WISH, answering, met

from assistant.config import Settings
from assistant.web.app import make_app
from web.peer.test_guided_sessions import code_of, join, open_session, peder  # noqa: F401
from web.test_every_page import every_page

pytestmark = pytest.mark.slow
BACK_AS_TYPED = "Forbidden code point U+0007."
"""A control character in a field of the page that refuses it: nothing typed is lost."""


@pytest.fixture
def app(settings: Settings, clock: Clock) -> web.Application:
    """The whole program with the page of components."""
    return make_app(Settings(data=settings.data, watch=True), clock, our_texts(), LOW_COST)


@pytest.fixture
def checker() -> Path:
    """The program."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    program = Path(os.environ.get("ASSISTANT_NU") or cache / "for-motet-nu")
    program /= "node_modules/vnu-jar/build/dist/vnu.jar"
    is_there = shutil.which("java") is not None and program.is_file()
    need("The Nu HTML checker of .ci/nu, or java,", "ASSISTANT_REQUIRE_NU", is_there=is_there)
    return program


async def said_of(checker: Path, folder: Path) -> list[str]:
    """Each error and warning, with what it is about."""
    # a short life: the quick compiler alone
    java = ("java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss4m", "-jar", str(checker))
    process = await asyncio.create_subprocess_exec(
        *java, "--format", "json", "--exit-zero-always", str(folder), stderr=asyncio.subprocess.PIPE
    )
    _, said = await process.communicate()
    messages = json.loads(said)["messages"]
    return sorted(
        {f"{one['message']} {one.get('extract')}" for one in messages if one["message"] != BACK_AS_TYPED}
    )


async def pages_of_staff(new_person: NewPerson, app: web.Application, clock: Clock, peder: Colleague) -> None:
    """A review from both sides, an account, a guided session with its paper."""
    anne = await an_administrator(app, new_person, clock)
    kari = as_colleague(await new_person(), clock)
    account = await in_role(app, kari, "professional")
    both = await met(await new_person(), kari)
    answer = answering(await both.her_page(), WISH).choose("kind", "can")
    await kari.send(answer.press())
    await kari.send(answer.press())  # once more: refused
    await both.my_page()
    for path in ("/desk", "/desk/invitations", f"{both.desk}/record", "/staff/account", "/nb/staff"):
        await kari.open(path)
    for path in ("/admin/staff", f"/admin/staff/{account}", f"/admin/staff/{account}/reset"):
        await anne.open(path)
    lead = await open_session(peder, "one", "before_meeting")
    for path in (lead.path, f"{lead.path}/slips", f"{lead.path}/screen"):
        await peder.open(path)
    user = await new_person()
    page = await join(user, code_of(lead))
    await user.open(f"{page.path}/guided")
    await user.summary(await user.open(page.path))


@pytest.mark.one_application
async def test_the_checker_finds_nothing_to_say(
    checker: Path,
    tmp_path: Path,
    app: web.Application,
    new_person: NewPerson,
    clock: Clock,
    peder: Colleague,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: dict[bytes, Page] = {}
    monkeypatch.setattr(browser, "check_html", lambda page: seen.setdefault(likeness(page.html), page))
    await pages_of_staff(new_person, app, clock, peder)
    person: Person = await new_person()
    await person.open("/en/patterns")
    await every_page(person, "nn", clock)
    folder = tmp_path / "pages"
    folder.mkdir()
    for number, page in enumerate(seen.values()):
        (folder / f"{number}.html").write_text(page.html, "utf-8")
    assert len(seen) >= 90
    (folder / "wrong.html").write_text("<!doctype html><html lang=en><title>x</title><p><div></div></p>")
    said = await said_of(checker, folder)
    assert [one.partition(" <")[0] for one in said] == [said[0].partition(" <")[0]], said
    assert "end tag" in said[0]
