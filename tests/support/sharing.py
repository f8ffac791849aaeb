"""Sharing, by the forms that both sides are given."""

from support.page import Form, Page, Visiting


async def choose(person: Visiting, summary: Page, **each: str) -> Page:
    """From the summary to the preview: everything, but for the entries with these words."""
    page = await person.open(f"{summary.path.removesuffix('/summary')}/share")
    return await person.send(switched(page, **each).press())


def switched(page: Page, **each: str) -> Form:
    """The list of entries, with another choice for those with these words."""
    form = page.form("choices")
    for words, choice in each.items():
        (switch,) = [
            next(label.all("input"))
            for label in page.root.one("form", id="choices").all("label")
            if "switched" in label.attributes["class"].split() and words in label.text
        ]
        switch_entry(form, switch.attributes["value"], choice)
    return form


def switch_entry(form: Form, entry: str, choice: str) -> None:
    """Share an entry, keep it, or say it in the meeting."""
    for name in ("share", "say"):
        on = [value for value in form.picked(name) if value != entry]
        form.choose(name, *on, *([entry] if choice == name else []))


async def share(person: Visiting, preview: Page, way: str | None = None) -> Page:
    """Share what the preview shows."""
    form = preview.form("share")
    if way is not None:
        form.choose("way", way)
    return await person.send(form.press())


def code_of(page: Page) -> str:
    """The code on the screen."""
    return page.root.one("p", class_="share-code").text


async def open_by(colleague: Visiting, typed: str) -> Page:
    """Type it in, and see what it opens."""
    page = await colleague.open("/d")
    return await colleague.send(page.form("open").write("link", typed).press())


def sheet(page: Page) -> str:
    """What stands on the sheet that is shared, as it was sent."""
    begins = page.html.index('<div class="shared-sheet">')
    return page.html[begins : page.html.index("</article>", begins)]
