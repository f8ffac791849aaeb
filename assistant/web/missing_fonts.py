"""Log at start which scripts no installed font covers, so that this is known before a PDF lacks letters."""

from assistant.events import Event, note
from assistant.web.http.context import Context

_WRITTEN = ("عربي", "ትግርኛ", "தமிழ்", "ไทย", "中文", "한국어", "🙂")
"""What people write beside the offered languages, as samples; the bundled fonts cover none of it."""


async def note_missing_fonts(site: Context) -> None:
    """Write one line if letters of the texts, or of a sample of what people write, are in no font.

    Each sample is asked about alone, because the typesetter names only a few letters at a time.
    """
    texts = ("".join(set().union(*one.sentences.values())) for one in site.pages.catalogues.values())
    scripts: set[str] = set()
    for text in (*texts, *_WRITTEN):
        scripts.update(await site.services.exports.scripts_lacking(text))
    if scripts:
        note(Event.FONTS_MISSING, scripts=", ".join(sorted(scripts)))
