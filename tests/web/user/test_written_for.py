"""«Noen skriver for meg»: what another person types waits until the user has read it."""

from support.page import Page
from support.person import CATALOGUES, Person
from support.sharing import choose

NB = CATALOGUES["nb"].say
MINE, THEIRS = "Jeg vil ha mer ro.", "Han vil ha lengre samtaler."


async def with_help(person: Person) -> tuple[Page, str]:
    """A wish of the user's own, and one that somebody wrote; the summary, and the meeting's path."""
    page = await person.reach("wishes/wish", await person.begin())
    path = page.path
    page = await person.send(page.form("reply").say(MINE).press("answer"))
    page = await person.send(page.form("reply").press("written_for:on"))
    assert NB("written.on") in page.main
    page = await person.send(page.form("reply").press("go:wishes/wish"))
    page = await person.send(page.form("reply").press("more"))
    (empty,) = [name for name in page.form("reply").words if page.form("reply").text(name) == ""]
    page = await person.send(page.form("reply").write(empty, THEIRS).press("answer"))
    page = await person.send(page.form("reply").press("written_for:off"))
    assert NB("written.on") not in page.main
    return await person.open(f"{path}/summary"), path


async def test_it_is_marked_until_the_user_has_said_that_it_is_theirs(person: Person) -> None:
    page, path = await with_help(person)
    assert NB("written.heading") in page.main
    assert page.main.count(NB("written.mark")) == 1
    assert page.main.count(THEIRS) > page.main.count(MINE)
    page = await person.send(page.form("read-1").press())
    assert NB("written.mark") not in page.main
    assert NB("written.heading") not in page.main
    assert THEIRS in page.main
    assert NB("written.mark") not in (await person.open(path)).main


async def test_it_is_not_shared_before(person: Person) -> None:
    _, path = await with_help(person)
    page = await choose(person, await person.open(f"{path}/summary"))
    assert MINE in page.main
    assert THEIRS not in page.main
    assert NB("written.not_shared", count=1) in page.main
    summary = await person.open(f"{path}/summary")
    await person.send(summary.form("read-1").press())
    page = await person.open(f"{path}/share/preview")
    assert THEIRS in page.main


async def test_what_the_user_changes_themselves_is_theirs(person: Person) -> None:
    page, path = await with_help(person)
    page = await person.send(page.form("change").press("go:wishes/wish"))
    form = page.form("reply")
    (field,) = [name for name in form.words if form.text(name) == THEIRS]
    await person.send(form.write(field, "Jeg vil ha lengre samtaler.").press("answer"))
    assert NB("written.heading") not in (await person.open(f"{path}/summary")).main


async def test_an_approval_of_an_older_wording_takes_nothing(person: Person) -> None:
    page, path = await with_help(person)
    older = page.form("read-1").press()
    page = await person.open(path)
    page = await person.send(page.form("reply").press("written_for:on"))
    page = await person.send(page.form("reply").press("go:wishes/wish"))
    form = page.form("reply")
    (field,) = [name for name in form.words if form.text(name) == THEIRS]
    await person.send(form.write(field, "Noe annet.").press("answer"))
    page = await person.send(older)
    assert page.main.count(NB("written.mark")) == 1


async def test_it_is_marked_in_the_conversation_and_told_in_the_file(person: Person) -> None:
    _, path = await with_help(person)
    page = await person.open(path)
    assert NB("written.mark") in page.main
    response = await person.client.get(f"{path}/take/everything.json")
    assert len((await response.json())["unread"]) == 1
