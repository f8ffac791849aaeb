"""Self-contained files of a dialogue: the whole script as one page, and the drawing."""

from assistant.config import locales_folder, service_file
from assistant.dialogue.drawing.diagram import diagram_of, mermaid
from assistant.dialogue.model import Dialogue
from assistant.languages import Catalogue, Language, read_catalogues
from assistant.web.http.pages import Assets, Pages
from assistant.web.http.service_file import read_service
from assistant.web.public.script import drawing_of, script_page

_STYLES = ("site.css", "script.css", "drawing.css")


def script_alone(dialogue: Dialogue, language: Language, *, facilitator: bool) -> str:
    """Return the script as a self-contained page; with facilitator notes only if requested."""
    assets = Assets.read()
    pages = Pages(read_catalogues(locales_folder()), read_service(service_file()), assets)
    told = pages.catalogues[language]
    page = script_page(dialogue, told, facilitator=facilitator, drawing=drawing_of(dialogue, told))
    return pages.render_alone(page, language, "\n".join(_css(assets, name) for name in _STYLES))


def drawing_alone(dialogue: Dialogue, catalogue: Catalogue) -> str:
    """Return the drawing as a self-contained file."""
    return str(drawing_of(dialogue, catalogue, _css(Assets.read(), "drawing.css")))


def as_mermaid(dialogue: Dialogue, catalogue: Catalogue) -> str:
    """Return the drawing as Mermaid text."""
    return mermaid(diagram_of(dialogue, catalogue))


def _css(assets: Assets, name: str) -> str:
    return assets.files[name].decode()
