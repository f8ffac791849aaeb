"""A request unseals the notebook once, whatever it goes through; streams hold nothing of it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from support.person import Person
from support.preparing import say
from support.sharing import choose

from assistant.service import documents
from assistant.vault.sealing import unseal

unsealed: list[str] = []


@pytest.fixture(autouse=True)
def _counted(monkeypatch: pytest.MonkeyPatch) -> None:
    def counting(key: bytes, sealed: bytes, *, owner: str, name: str, revision: int) -> bytes:
        unsealed.append(name)
        return unseal(key, sealed, owner=owner, name=name, revision=revision)

    monkeypatch.setattr(documents, "unseal", counting)


@contextmanager
def notebook_is_unsealed(times: int) -> Iterator[None]:
    unsealed.clear()
    yield
    assert unsealed.count("notebook") == times, unsealed
    assert len(set(unsealed)) * times == len(unsealed), unsealed


async def test_a_request_unseals_the_notebook_once(person: Person) -> None:
    page = await person.reach("matters/now")
    with notebook_is_unsealed(1):
        answer = await person.send(page.form("reply").say("Barna mine.").press("answer"), follow=False)
    assert answer.status == 303
    with notebook_is_unsealed(1):
        page = await person.open(answer.headers["Location"])
    with notebook_is_unsealed(1):
        refused = await person.send(page.form("reply").say("x" * 20_000).press("answer"))
    assert (refused.status, refused.has("trouble")) == (422, True)
    page = await say(person, page, "Færre folk på møtene.")
    preview = await choose(person, await person.summary(page))
    form = preview.form("share").press()
    with notebook_is_unsealed(1):
        answer = await person.send(form, follow=False)
    assert answer.status == 303
    assert (await person.open(answer.headers["Location"])).root.has("p", class_="share-code")


async def test_what_an_earlier_meeting_left_is_found_with_the_notebook_that_is_open(person: Person) -> None:
    await person.begin()
    book = await person.open("/notebook")
    page = await person.send(book.form("another").press())
    with notebook_is_unsealed(1):
        await person.open(page.path)
