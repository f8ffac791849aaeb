"""Sharing, by the forms that both sides are given."""

from support.page import Page, Visiting


async def choose(person: Visiting, summary: Page, for_all: str = "share", **each: str) -> Page:
    """From the summary to the preview: one choice for all, and others for the entries with these words."""
    path = f"{summary.path.removesuffix('/summary')}/share"
    page = await person.open(path)
    if page.has("explained"):
        page = await person.send(page.form("explained").press())
    page = await person.send(page.form("for-all").choose("choice", for_all).press())
    form = page.form("each")
    for fieldset in page.root.all("fieldset", class_="to-choose"):
        field = next(fieldset.all("input")).attributes["name"]
        for words, choice in each.items():
            if words in fieldset.one("legend").text:
                form.choose(field, choice)
    return await person.send(form.press())


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
