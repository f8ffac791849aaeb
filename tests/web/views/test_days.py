"""Days that can hardly be meant are asked about; times are told in the service's zone."""

from support.clock import Clock
from support.colleague import Colleague
from support.inviting import invite
from support.person import CATALOGUES, Person
from support.reviewing import WISH, answering, met
from support.sharing import choose, share

NB = CATALOGUES["nb"].say


async def test_a_year_of_two_figures_is_asked_about_and_one_press_mends_it(person: Person) -> None:
    page = await person.reach("meeting/day")
    page = await person.send(page.form("reply").write("on", "0026-12-03").write("at", "09:30").press())
    assert (page.status, page.trouble) == (422, NB("refusal.DayImpossible"))
    assert NB("day.meant", day="torsdag 3. desember 2026") in page.main
    assert not page.form("reply").offers("0026-12-03")
    page = await person.send(page.form("reply").press("2026-12-03"))
    assert page.status == 200
    summary = await person.summary(page)
    assert "torsdag 3. desember 2026 kl. 09:30" in summary.main


async def test_a_meeting_that_is_over_is_asked_about_once(person: Person) -> None:
    page = await person.reach("meeting/day")
    page = await person.send(page.form("reply").write("on", "2025-12-03").press())
    assert (page.status, page.trouble) == (422, NB("refusal.DayUnlikely"))
    assert page.form("reply").offers("2026-12-03")
    page = await person.send(page.form("reply").press("2025-12-03"))
    assert page.status == 200
    assert "onsdag 3. desember 2025" in (await person.summary(page)).main


async def test_an_answer_in_a_review_is_never_for_a_year_that_is_gone(
    person: Person, kari: Colleague
) -> None:
    both = await met(person, kari)
    for typed, trouble in (("0026-12-03", "DayImpossible"), ("2026-11-01", "DayOver")):
        form = answering(await both.her_page(), WISH).choose("kind", "must_ask").say("Jeg må spørre")
        page = await both.send("professional", form.write("by_on", typed).press())
        assert (page.status, page.trouble) == (422, NB(f"refusal.{trouble}"))
    form = answering(await both.her_page(), WISH).choose("kind", "must_ask").say("Jeg må spørre")
    page = await both.send("professional", form.write("by_on", "0026-12-03").press())
    page = await both.send("professional", answering(page, WISH).press("2026-12-03"))
    assert page.status == 200
    assert "torsdag 3. desember 2026" in page.main


async def test_a_far_off_day_of_an_agreement_is_asked_about_and_may_stay(
    person: Person, kari: Colleague
) -> None:
    both = await met(person, kari)
    form = (await both.her_page()).form("proposing").write("what", "Kurset").choose("who", "user")
    page = await both.send(
        "professional", form.write("by_on", "2028-06-01").write("look_again_on", "2029-06-01").press()
    )
    assert (page.status, page.trouble) == (422, NB("refusal.DayUnlikely"))
    page = await both.send("professional", page.form("proposing").press("2028-06-01"))
    assert (page.status, page.trouble) == (422, NB("refusal.DayUnlikely"))
    page = await both.send("professional", page.form("proposing").press("2029-06-01"))
    assert page.status == 200
    for day in ("torsdag 1. juni 2028", "fredag 1. juni 2029"):
        assert day in page.main


async def test_an_invitation_offers_the_day_that_was_meant(kari: Colleague) -> None:
    page = await invite(kari, on="0026-12-03")
    assert (page.status, page.trouble) == (422, NB("refusal.DayNotAhead"))
    page = await kari.send(page.form("invite").press("2026-12-03"))
    assert "torsdag 3. desember 2026 kl. 10:00" in page.main


async def test_a_code_is_told_until_when_in_oslo_and_reading_on_which_day(
    person: Person, clock: Clock
) -> None:
    page = await person.reach("matters/now")
    page = await person.send(page.form("reply").say("Sove").press())
    shared = await share(person, await choose(person, await person.summary(page)))
    assert "kl. 16:00" in shared.main  # half an hour after 15:30 in Oslo, which is 14:30 UTC
    assert "i morgen kl. 03:30" in shared.main


async def test_a_byte_order_mark_stops_no_pdf(person: Person) -> None:
    page = await person.reach("matters/now")
    page = await person.send(page.form("reply").say("\ufeffJeg vil sove").press())
    summary = await person.summary(page)
    assert "\ufeffJeg vil sove" in summary.html
    take = await person.open(summary.path.replace("/summary", "/take"))
    for link in take.root.one("main").all("a"):
        if ".pdf" in link.attributes["href"]:
            response = await person.client.get(link.attributes["href"])
            assert (response.status, (await response.read())[:4]) == (200, b"%PDF")
    assert NB("take.lacking") not in take.main


async def test_letters_that_no_font_has_are_told_before_the_file_is_fetched(person: Person) -> None:
    page = await person.reach("matters/now")
    page = await person.send(page.form("reply").say("\U0001e290 sove").press())
    take = await person.open((await person.summary(page)).path.replace("/summary", "/take"))
    assert f"{NB('take.lacking')} \U0001e290" in take.root.one(id="lacking").text
    (paper,) = [a for a in take.root.one("main").all("a") if a.text == NB("take.lacking_print")]
    assert "\U0001e290 sove" in (await person.open(paper.attributes["href"])).main
