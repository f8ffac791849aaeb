"""The page for a reply to a question that is no longer asked."""

from aiohttp import web

from assistant.languages import as_language
from assistant.service.notebook.sessions import SignedInUser
from assistant.web.http.context import LANGUAGE, conversation_path, reader_catalogue, services
from assistant.web.http.forms import Form
from assistant.web.http.responses import render
from assistant.web.http.unsaved_text import typed_words
from assistant.web.user.pages import OffTheWayPage


async def off_the_way_page(request: web.Request, form: Form, who: SignedInUser) -> web.Response:
    """Page for a question that is no longer asked: the text, to be copied, and a link onwards. The page's
    own language buttons submit the text, so that it is shown again in that language. The ordinary language
    links would load another page, and the text would be lost.
    """
    move, _, to = form.one("move").partition(":")
    if form.one("copy") and move == "language" and (language := as_language(to)):
        await services(request).sessions.speak(who, language)
        request[LANGUAGE] = language
    words = typed_words(form)
    ours = {"copy", "language", "move", "link", *(name for name, _ in words)}
    page = OffTheWayPage(
        title=reader_catalogue(request).say("trouble.off_the_way_heading"),
        here=conversation_path(request),
        words=words,
        carried=[(name, text) for name, texts in form.fields.items() if name not in ours for text in texts],
    )
    return render(request, page, 409)
