"""Forms on private pages, of users and of staff alike: the whole way from the request to the answer.

`private_form` is read from top to bottom: read the form, find who sent it, check the rate, act, and answer a
refusal with the handler's own page, with everything that was typed. What differs between users and staff is
in one `Senders` each: `user/form_handling.py` and `staff/authentication.py`.
"""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Generic, TypeVar

from aiohttp import web

from assistant.errors import NotFound, NotSaved, Refusal, RevisionConflict, SessionEnded, Trouble
from assistant.web.http.context import context
from assistant.web.http.forms import Form, read_form
from assistant.web.http.rate_limits import TooOften, check_rate
from assistant.web.http.responses import with_retry_after
from assistant.web.http.unsaved_text import NotLetIn, locked, unanswered

P = TypeVar("P")
Handler = Callable[[web.Request], Awaitable[web.Response]]
Act = Callable[[web.Request, Form, P], Awaitable[web.Response]]
RefusalPage = Callable[[web.Request, Form, P, Trouble], Awaitable[web.Response]]
"""Makes the page that says why a form was refused, and gives back what was typed in it."""

GIVEN_BACK: tuple[type[Trouble], ...] = (Refusal, NotSaved, RevisionConflict, TooOften)
"""The troubles that a form always comes back with."""


class Senders(ABC, Generic[P]):
    """One kind of people who send private forms, and what is particular to them."""

    public_path: str | None = None
    """The public page on which they begin, where a page without a session leads to it."""

    @abstractmethod
    async def find(self, request: web.Request, form: Form) -> P:
        """Find the session, or begin one with what the form carries.

        Raises `NotLetIn` with a page that gives back what was typed.
        """

    @abstractmethod
    def rate_key(self, who: P) -> str:
        """Return what their acts are counted under."""

    @abstractmethod
    def urgent_page(self, request: web.Request, form: Form, trouble: Trouble) -> web.Response | None:
        """Return the page that comes before the handler's own page for this trouble, if there is one."""

    async def check_meeting(self, request: web.Request, form: Form, who: P) -> None:
        """Check that what the path names is theirs. Raises `NotFound`, and `NotLetIn` if words were typed."""

    def remember(self, request: web.Request, response: web.Response, who: P) -> None:
        """Renew what the browser keeps of the session."""


def private_form(
    senders: Senders[P],
    refused: RefusalPage[P],
    *,
    also: tuple[type[Trouble], ...] = (),
    whole: bool = False,
) -> Callable[[Act[P]], Handler]:
    """Make a request handler of an act; `refused` makes its page for `GIVEN_BACK` and `also`.

    With `whole`, the form may be as large as a whole script.
    """

    def handler_of(act: Act[P]) -> Handler:
        @wraps(act)
        async def handler(request: web.Request) -> web.Response:
            form = await read_form(request, whole=whole, gives_back=True)
            try:
                who = await senders.find(request, form)
            except NotLetIn as held:
                return held.answer
            try:
                try:
                    check_rate(context(request).limits.acts, senders.rate_key(who))
                    response = await act(request, form, who)
                except (*GIVEN_BACK, *also) as trouble:
                    response = await _given_back(senders, refused, request, form, who, trouble)
            except NotFound:
                await senders.check_meeting(request, form, who)
                raise
            except SessionEnded:  # everything was deleted on another device in the meantime
                return locked(request, form)
            senders.remember(request, response, who)
            return response

        return handler

    return handler_of


async def _given_back(
    senders: Senders[P],
    refused: RefusalPage[P],
    request: web.Request,
    form: Form,
    who: P,
    trouble: Trouble,
) -> web.Response:
    """Build the page for a refused form; if that cannot be read either, a page with the text alone."""
    response = senders.urgent_page(request, form, trouble)
    if response is None:
        try:
            response = await refused(request, form, who, trouble)
        except (NotSaved, RevisionConflict):
            response = unanswered(request, form, senders.public_path)
    return with_retry_after(response, trouble) if isinstance(trouble, TooOften) else response
