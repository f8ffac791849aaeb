"""Forms of people who are not signed in: begin, unlock, open a link or code, sign in.

The same way as `private_form`, without a session: read the form, act, and answer a refusal with the handler's
own page, with what was typed. An act that checks a secret counts wrong ones itself, because each kind of
secret is counted in its own way.
"""

from collections.abc import Awaitable, Callable
from functools import wraps

from aiohttp import web

from assistant.errors import Trouble
from assistant.web.http.context import path_language
from assistant.web.http.forms import Form, read_form
from assistant.web.http.private_form import Handler, Troubles
from assistant.web.http.responses import with_retry_after

Act = Callable[[web.Request, Form], Awaitable[web.Response]]
RefusalPage = Callable[[web.Request, Form, Trouble], Awaitable[web.Response]]


def public_form(
    refused: RefusalPage | None = None, on: Troubles = (), *, gives_back: bool = False
) -> Callable[[Act], Handler]:
    """Make a request handler of an act; `refused` makes its page for the troubles in `on`.

    A form that `gives_back` text typed before its session ended may be large. A path in a language that is
    not offered is not found.
    """

    def handler_of(act: Act) -> Handler:
        @wraps(act)
        async def handler(request: web.Request) -> web.Response:
            if "language" in request.match_info:
                path_language(request)
            form = await read_form(request, gives_back=gives_back)
            try:
                return await act(request, form)
            except on as trouble:
                assert refused is not None, "a form without its own page refuses nothing itself"
                return with_retry_after(await refused(request, form, trouble), trouble)

        return handler

    return handler_of
