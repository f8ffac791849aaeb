"""Preparing with topics, notes and things put first, by the forms a browser without JavaScript is given."""

from collections.abc import Iterator, Sequence

from support.as_read import our_library
from support.made_once import made_once
from support.page import Element, Page
from support.person import Person

DIALOGUE = our_library()["before_meeting"]
FORMS = ("time", "listen", "beside"), ("ask_on", "be_clear", "not_take_over")
BALANCE = (
    "Bli med meg den første gangen. Etterpå går det bra alene.",
    "Spør meg om kurset, også når jeg ikke nevner det.",
    "Jeg blir stille og ser ned. Da har det vært for mye en stund.",
    "ta en pause og spørre meg etterpå.",
)
ORDINARY = {
    "matters/now": (
        "Å få sove om natten. Det går ut over alt annet når jeg ikke gjør det. Jeg har prøvd det meste.",
        "Datteren min. Hun er hos meg annenhver uke, og da vil jeg ha krefter til å finne på noe.",
    ),
    "wishes/wish": (
        "Jeg vil ha færre folk på møtene. Ni er for mange. Jeg rekker ikke å si noe.",
        "Jeg vil prøve kurset i mars. Men jeg vil ikke begynne alene.",
    ),
    "needs/need": (
        "En pause uten at jeg må forklare hvorfor. Si fra når det er ti minutter igjen.",
        "Noen som kan ringe NAV sammen med meg. Jeg får det ikke til alene nå.",
    ),
    "helps/helped": ("Å gå en tur før jeg skal snakke om noe vanskelig.",),
    "care_team/decide": ("Hvem jeg ringer til det første halvåret på kurset.",),
    "questions/ask": (
        "Hvem leser referatet? Kan jeg få lese det før det går videre?",
        "Hva skjer hvis jeg trapper ned på medisinen? Jeg vil vite hva dere har sett hos andre.",
    ),
}
"""What an ordinary preparation holds: one to three sentences to each question of the short way."""
NOTE = "BAREFORMEG: puste ut før jeg går inn"


async def say(person: Person, page: Page, *texts: str) -> Page:
    """Give these statements, one field more for each."""
    for number in range(1, len(texts)):
        page = await person.send(page.form("reply").say(*texts[:number]).press("more"))
    return await whole(person, await person.send(page.form("reply").say(*texts).press("answer")))


async def whole(person: Person, page: Page) -> Page:
    """Say that several lines are one answer, if that is asked."""
    is_asked = page.has("reply") and page.form("reply").offers("answer:whole")
    return await person.send(page.form("reply").press("answer:whole")) if is_asked else page


async def place(
    person: Person, page: Page, support: str, challenge: str, words: Sequence[str] = BALANCE
) -> Page:
    """Place a balance, with three ways ticked on each side."""
    form = page.form("reply")
    form.choose("support.level", support).choose("challenge.level", challenge)
    form = (await person.send(form.press())).form("reply")
    form.choose("support.forms", *FORMS[0]).choose("challenge.forms", *FORMS[1])
    return await person.send(form.say(*words).press())


@made_once
async def short_way(person: Person, language: str = "nb") -> Page:
    """An ordinary answer to every question of the short way, up to the round-off."""
    page = await person.begin(language)
    page = await person.send(page.form("reply").choose("option", "care_team").press())
    page = await person.send(page.form("reply").write("on", "2027-02-05").write("at", "12:30").press())
    page = await person.send(page.form("continue").press("skip"))
    for _ in range(7):
        if page.state in ORDINARY:
            page = await say(person, page, *ORDINARY[page.state])
        else:
            page = await place(person, page, "more", "same")
    return page


async def say_more(person: Person, page: Page, *about: str) -> Page:
    """From the round-off, into more of these."""
    offer = next(form for form in page.forms() if form.offers("go:more/about"))
    page = await person.send(offer.press("go:more/about"))
    return await person.send(page.form("reply").choose("option", *about).press())


async def skip_to_round_off(person: Person, page: Page) -> Page:
    """Skip what is open."""
    while page.has("reply"):
        page = await person.send(page.form("reply").press("skip"))
    return page


@made_once
async def ordinary(person: Person, language: str = "nb") -> Page:
    """The summary of an ordinary preparation: the short way, one topic, and a note only for oneself."""
    page = await say_more(person, await short_way(person, language), "topics", "private")
    page = await person.send(page.form("reply").choose("option", "days").press())
    page = await say(person, page, "Jeg ligger våken til fire. Om dagen sover jeg når de andre er ute.")
    page = await place(person, page, "same", "more")
    page = await say(person, page, NOTE)
    return await person.summary(page)


@made_once
async def three_topics(person: Person, own: str) -> Page:
    """The summary of three topics, one of them in own words: two in one place, one without a place."""
    page = await person.reach("questions/ask")
    page = await skip_to_round_off(person, page)
    page = await say_more(person, page, "topics")
    page = await person.send(page.form("reply").choose("option", "days", "money").say(own).press())
    for number, levels in enumerate((("more", "less"), ("more", "less"), ("unsure", "more"))):
        page = await say(person, page, f"Om tema {number}")
        page = await place(person, page, *levels)
    return await person.summary(page)


def taps(page: Page) -> list[Element]:
    """The entries that a tap puts first, or takes away again."""
    return [b for b in page.root.all("button") if b.attributes.get("value", "").startswith("tap:")]


def entry_of(button: Element) -> str:
    """The id of the entry that this button is for."""
    return button.attributes["value"].rpartition(":")[2]


async def tap(person: Person, page: Page, words: str, form: str = "reply") -> Page:
    """Tap the entry with these words."""
    line = " ".join(words.split())[:60]
    button = next(b for b in taps(page) if line in " ".join(b.text.split()))
    return await person.send(page.form(form).press(button.attributes["value"]))


def numbers(page: Page) -> dict[str, str]:
    """The entries that have a number, by their id: what a screen reader says before their words."""
    pressed = [b for b in taps(page) if b.attributes["aria-pressed"] == "true"]
    return {entry_of(b): b.one("span", class_="unseen").text for b in pressed}


def quotes(page: Page) -> Iterator[Element]:
    """Every entry on the page, wherever it stands."""
    return (e for e in page.root.all("blockquote") if "data-entry" in e.attributes)


def links(page: Page, inside: str) -> list[str]:
    """Where the links of this class lead."""
    return [link.attributes["href"] for link in page.root.one("main").all("a", class_=inside)]
