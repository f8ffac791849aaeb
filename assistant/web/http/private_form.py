"""Forms on private pages, of users and of staff alike: the whole way from the request to the answer.

Every handler of a private form is an act under `@private_form(…)`. `_PrivateForm.answer` is read from top to
bottom: read the form, find who sent it and whether they may, check the rate, act, and answer a refusal with
the handler's own page, with everything that was typed. The middleware has checked before that the form comes
from one of our own pages. What differs between users and staff is in one `Senders` each:
`user/form_handling.py` and `staff/authentication.py`.
"""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Generic, TypeVar

from aiohttp import web

from assistant.errors import NotFound, NotSaved, Refusal, RevisionConflict, SessionEnded, Trouble
from assistant.value_class import value_class
from assistant.web.http.context import context
from assistant.web.http.forms import DRAFT, Form, read_form
from assistant.web.http.rate_limits import TooOften, check_rate
from assistant.web.http.responses import with_retry_after
from assistant.web.http.unsaved_text import NotLetIn, locked, unanswered

P = TypeVar("P")
Handler = Callable[[web.Request], Awaitable[web.Response]]
Act = Callable[[web.Request, Form, P], Awaitable[web.Response]]
RefusalPage = Callable[[web.Request, Form, P, Trouble], Awaitable[web.Response]]
"""Makes the page that says why a form was refused, and gives back what was typed in it."""
Troubles = tuple[type[Trouble], ...]

GIVEN_BACK: Troubles = (Refusal, NotSaved, RevisionConflict, TooOften)
"""The troubles that a form with own words always comes back with."""


class Senders(ABC, Generic[P]):
    """One kind of people who send private forms, and what is particular to them."""

    public_path: str | None = None
    """The public page on which they begin, where a page without a session leads to it."""

    @abstractmethod
    async def find(self, request: web.Request, form: Form, *, comes_back: bool) -> P:
        """Find the session and check the permission.

        A form that `comes_back` may begin a session with what it carries; it raises `NotLetIn` with a page
        that gives back what was typed.
        """

    @abstractmethod
    def rate_key(self, who: P) -> str:
        """Return what their acts are counted under."""

    def urgent_page(self, request: web.Request, form: Form, trouble: Trouble) -> web.Response | None:
        """Return the page that comes before the handler's own page for this trouble, if there is one."""

    async def check_meeting(self, request: web.Request, form: Form, who: P) -> None:
        """Check that what the path names is theirs. Raises `NotFound`, and `NotLetIn` if words were typed."""

    def remember(self, request: web.Request, response: web.Response, who: P) -> None:
        """Renew what the browser keeps of the session, unless the act has changed it."""


def private_form(
    senders: Senders[P],
    refused: RefusalPage[P] | None = None,
    on: Troubles = (),
    *,
    whole: bool = False,
) -> Callable[[Act[P]], Handler]:
    """Make a request handler of an act; `refused` makes its page for the troubles in `on`.

    The middleware answers all other troubles. A form with own words names `GIVEN_BACK` there: it always
    comes back with them. With `whole`, the form may be as large as a whole script.
    """

    def handler_of(act: Act[P]) -> Handler:
        form_handler = _PrivateForm(senders, act, refused, on, whole)

        @wraps(act)
        async def handler(request: web.Request) -> web.Response:
            return await form_handler.answer(request)

        return handler

    return handler_of


@value_class
class _PrivateForm(Generic[P]):
    """One private form: who sends it, what it does, and how it is refused."""

    senders: Senders[P]
    act: Act[P]
    refused: RefusalPage[P] | None
    on: Troubles
    whole: bool

    @property
    def holds_words(self) -> bool:
        """Return whether it comes back even where it could not be saved, or its session has ended."""
        return NotSaved in self.on

    async def answer(self, request: web.Request) -> web.Response:
        form = await read_form(request, whole=self.whole, gives_back=True)
        comes_back = self.holds_words or bool(form.one(DRAFT))
        try:
            who = await self.senders.find(request, form, comes_back=comes_back)
            try:
                response = await self._acted(request, form, who)
            except NotFound:
                if comes_back:
                    await self.senders.check_meeting(request, form, who)
                raise
        except NotLetIn as held:
            return held.answer
        except SessionEnded:  # perhaps everything was deleted on another device in the meantime
            if comes_back:
                return locked(request, form)
            raise
        self.senders.remember(request, response, who)
        return response

    async def _acted(self, request: web.Request, form: Form, who: P) -> web.Response:
        try:
            check_rate(context(request).limits.acts, self.senders.rate_key(who))
            return await self.act(request, form, who)
        except self.on as trouble:
            return with_retry_after(await self._refused(request, form, who, trouble), trouble)

    async def _refused(self, request: web.Request, form: Form, who: P, trouble: Trouble) -> web.Response:
        assert self.refused is not None, "a form without its own page refuses nothing itself"
        if not self.holds_words:
            return await self.refused(request, form, who, trouble)
        if (urgent := self.senders.urgent_page(request, form, trouble)) is not None:
            return urgent
        try:
            return await self.refused(request, form, who, trouble)
        except (NotSaved, RevisionConflict):  # this page cannot be read either: the text alone
            return unanswered(request, form, self.senders.public_path)
