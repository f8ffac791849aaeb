"""What comes first is chosen by tapping entries, one form for each tap; every entry can be tapped."""

import pytest
from support.page import Element, Page
from support.person import CATALOGUES, Person
from support.preparing import ORDINARY, entry_of, numbers, ordinary, quotes, tap, taps

from assistant.languages import LANGUAGES, Language

NB = CATALOGUES["nb"].say
SLEEP, DAUGHTER = ORDINARY["matters/now"]
SUPPORT = "Jeg vil ha mer støtte enn nå"
ALL = [words for texts in ORDINARY.values() for words in texts]


async def asked(person: Person, language: Language = "nb") -> tuple[Page, Page]:
    """The summary, and the question of what comes first."""
    summary = await ordinary(person, language)
    offers = next(form for form in summary.forms() if form.offers("go:first/three"))
    return summary, await person.send(offers.press("go:first/three"))


def first(page: Page) -> list[str]:
    (section,) = (one for one in page.root.all("section") if is_first(one))
    return [quote.text for quote in section.all("blockquote")]


def is_first(section: Element) -> bool:
    return section.attributes.get("aria-labelledby") == "section-first"


async def test_every_entry_of_the_summary_can_be_tapped_but_what_meeting_it_is(person: Person) -> None:
    summary, page = await asked(person)
    entries = {quote.attributes["data-entry"]: quote for quote in quotes(summary)}
    meeting = {id_ for id_, quote in entries.items() if quote.attributes["data-section"] == "meeting"}
    assert sorted(map(entry_of, taps(page))) == sorted(entries.keys() - meeting)
    assert len(meeting) == 2


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_tap_gives_the_next_number_and_another_takes_it_away(
    person: Person, language: Language
) -> None:
    say = CATALOGUES[language].say
    _, page = await asked(person, language)
    assert say("rank.how", limit=3) in page.main
    ids = [entry_of(button) for button in taps(page)]
    for words in (DAUGHTER, SLEEP):
        page = await tap(person, page, words)
        assert page.state == "first/three"
    assert sorted(numbers(page).values()) == [f"{say('rank.number', number=n)}: " for n in (1, 2)]
    page = await tap(person, page, DAUGHTER)
    assert list(numbers(page).values()) == [f"{say('rank.number', number=1)}: "]
    assert [entry_of(button) for button in taps(page)] == ids, "no entry moves"


async def test_a_tap_leads_back_to_the_entry_by_an_address_that_says_nothing(person: Person) -> None:
    _, page = await asked(person)
    page = await tap(person, page, SUPPORT)
    (tapped,) = (button for button in taps(page) if button.attributes.get("id") == "saved")
    assert entry_of(tapped) == "balance/now.support.level.more"
    assert "more" not in page.path
    assert "balance" not in page.path


async def test_what_is_tapped_holds_without_next_and_comes_first_on_every_page(person: Person) -> None:
    summary, page = await asked(person)
    for words in (SUPPORT, DAUGHTER):
        page = await tap(person, page, words)
    here = summary.path.removesuffix("/summary")
    for path in ("/summary", "/show", "/print"):
        sheet = await person.open(here + path)
        assert first(sheet) == [SUPPORT, DAUGHTER]
        assert [quote.text for quote in quotes(sheet)].count(SUPPORT) == 1


async def test_the_summary_leads_to_the_choice_and_the_choice_can_be_changed_there(person: Person) -> None:
    summary, page = await asked(person)
    await tap(person, page, SLEEP)
    summary = await person.open(summary.path)
    page = await person.send(summary.form("change").press("go:first/three"))
    assert len(numbers(page)) == 1
    page = await person.send(page.form("reply").press("skip"))
    summary = await person.open(summary.path)
    assert not any(map(is_first, summary.root.all("section")))
    offers = next(form for form in summary.forms() if form.offers("go:first/three"))
    assert (await person.send(offers.press("go:first/three"))).state == "first/three"


async def test_one_too_many_is_told_and_what_was_chosen_stands(person: Person) -> None:
    _, page = await asked(person)
    for button in taps(page)[:3]:
        page = await person.send(page.form("reply").press(button.attributes["value"]))
    chosen = numbers(page)
    page = await person.send(page.form("reply").press(taps(page)[3].attributes["value"]))
    assert page.status == 422
    assert NB("refusal.TooManyChosen", limit=3) in page.main
    assert numbers(page) == chosen
    page = await person.send(page.form("reply").press(taps(page)[0].attributes["value"]))
    assert len(numbers(page)) == 2


async def test_an_entry_that_is_not_there_is_told_and_nothing_is_lost(person: Person) -> None:
    _, page = await asked(person)
    page = await tap(person, page, SLEEP)
    chosen = numbers(page)
    form = page.form("reply")
    for sent in (
        form.press(taps(page)[0].attributes["value"]).instead("move", "tap:gone"),
        form.press("answer").instead("first", "gone"),
        form.press(taps(page)[0].attributes["value"]).instead("move", "tap:private/notes"),
    ):
        refused = await person.send(sent)
        assert refused.status == 422
        assert NB("refusal.NoSuchOption") in refused.main
    summary = await person.summary(await person.send(page.form("reply").press("answer")))
    assert first(summary) == [SLEEP]
    assert len(chosen) == 1


async def test_an_entry_that_was_removed_in_another_tab_is_told_and_the_rest_stands(person: Person) -> None:
    summary, page = await asked(person)
    for words in (SLEEP, DAUGHTER):
        page = await tap(person, page, words)
    other = await person.send(page.form("reply").press("go:matters/now"))
    form = other.form("reply")
    await person.send(form.write(form.words[0], "").press())
    button = next(b for b in taps(page) if SLEEP[:40] in b.text)
    stale = await person.send(page.form("reply").press(button.attributes["value"]))
    assert stale.status == 409
    summary = await person.open(summary.path)
    assert first(summary) == [DAUGHTER]


async def test_the_form_with_all_questions_takes_taps_too_and_keeps_what_is_typed(person: Person) -> None:
    summary, page = await asked(person)
    page = await person.send(page.form("reply").press("view:form"))
    form = page.form("whole")
    field = next(name for name in form.words if name.startswith("wishes/wish:"))
    third = taps(page)[2].attributes["value"]
    page = await person.send(form.write(field, "skrevet ved siden av").press(third))
    assert page.form("whole").text(field) == "skrevet ved siden av"
    assert list(numbers(page)) == [entry_of(taps(page)[2])]
    summary = await person.open(summary.path)
    assert len(first(summary)) == 1
