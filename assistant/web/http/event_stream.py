"""A stream of server-sent events that tells a page there is something newer to fetch. It carries no words,
only one line with the current revisions; the page then fetches itself through the ordinary route. Each time
a stream wakes it checks access like any page: the session is valid and the meeting exists. It begins with
the current revisions, so a page that was disconnected misses nothing and nothing is buffered. A stream does
not prolong the session.
"""

import asyncio
from contextlib import suppress
from functools import partial

from aiohttp import web
from aiohttp.hdrs import TRANSFER_ENCODING

from assistant.errors import NotFound, ShareOver
from assistant.meetings.notebook import Meeting, Notebook
from assistant.service.broadcast import Listener
from assistant.service.notebook.leaving_guided_sessions import room_subject
from assistant.service.preparation.drafts import SeenRevisions
from assistant.service.services import Services
from assistant.web.http.connections import Connection
from assistant.web.http.context import AFTER, MEETING, context, cookie_of, is_after
from assistant.web.http.cookies import cookie_name, staff_cookie_name
from assistant.web.http.open_streams import STREAMS, EventStreams, Look, OpenStream
from assistant.web.http.rate_limits import check_rate
from assistant.web.http.sessions import signed_in_user

OVER = 999_999_999
"""The revision of a guided session's room that is gone: larger than any, so open screens look again."""
REVISION = "X-Revision"
"""A response header for our own JavaScript: the revisions after the request, as `SeenRevisions.text`."""
ONCE = "once"
"""Query parameter of a stream's address: send the current revision, and end."""
_HEADERS = {"Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"}
_AGAIN_AFTER = b"retry: 4000\n\n"


async def events(request: web.Request) -> web.StreamResponse:
    """Send every newer revision of this meeting's preparation, until the session or the meeting ends."""
    who = await signed_in_user(request)
    site, meeting_id, after = context(request), request.match_info["meeting"], is_after(request)
    check_rate(site.limits.acts, who.owner.notebook_id)
    meeting = _about(await site.services.sessions.notebook(who), meeting_id, is_after=after)
    look = partial(_look, site.services, who.secret, meeting_id, after)
    documents = (meeting.conversation, meeting.draft)
    room = () if meeting.guided is None else (room_subject(meeting.guided.session),)
    return await stream(request, who.secret, who.owner.notebook_id, documents, look, *room)


async def stream(
    request: web.Request, secret: str, about: str, documents: tuple[str, ...], look: Look, *also: str
) -> web.StreamResponse:
    """Send the result of `look` on every notification about this subject, until access ends. `also` names
    further subjects, such as the member of staff at the screen.
    """
    streams, connection = request.app[STREAMS], request.protocol
    if ONCE in request.query:
        return await _once(streams, about, documents, look)
    response = web.StreamResponse(headers=_HEADERS)
    response.force_close()  # no other request is answered on a connection that is handed over
    with suppress(ConnectionError):  # the page is closed or hidden already
        await _begin(request, response, streams.patience)
        is_chunked = TRANSFER_ENCODING in response.headers
        assert isinstance(connection, Connection), "the server is ours"
        opened = OpenStream(streams, _cookies(request, secret), look, is_chunked=is_chunked)
        streams.begin(opened, connection, about, documents, *also)
    return response


async def _once(streams: EventStreams, about: str, documents: tuple[str, ...], look: Look) -> web.Response:
    """Send the current revision and end, for a browser that has enough streams. It keeps no connection."""
    with streams.broadcast.listening(about, documents) as listener:
        try:
            return web.Response(text=await look(listener))
        except ShareOver:
            raise NotFound from None


def _cookies(request: web.Request, secret: str) -> frozenset[str]:
    """Return the session cookies of this browser: the user's, and the staff's if it has one."""
    settings = context(request).settings
    names = (cookie_name(settings), staff_cookie_name(settings))
    return frozenset({secret, *(found for name in names if (found := cookie_of(request, name)) is not None)})


async def _begin(request: web.Request, response: web.StreamResponse, patience: float) -> None:
    """Write the headers and the first line, and wait until the system has taken all that aiohttp wrote. Drop
    a client that does not read it in time.
    """
    await response.prepare(request)
    transport = request.transport
    if transport is None:
        raise ConnectionResetError
    # otherwise 64 KiB of small lines wait for a client that reads nothing, before anyone waits for it
    transport.set_write_buffer_limits(high=0)
    try:
        async with asyncio.timeout(patience):
            await response.write(_AGAIN_AFTER)
            await request.writer.drain()
    except TimeoutError:
        transport.abort()
        raise ConnectionResetError from None


async def _look(services: Services, secret: str, meeting_id: str, is_after: bool, listener: Listener) -> str:
    """Return the current revisions, if the session still has access."""
    who = await services.sessions.recognise(secret)
    notebook = await services.sessions.notebook(who)
    meeting = _about(notebook, meeting_id, is_after=is_after)
    listener.saw(notebook.revisions)
    room = await _room_revision(services, meeting)
    return SeenRevisions.of(notebook, meeting)._replace(room=room).text


async def _room_revision(services: Services, meeting: Meeting) -> int:
    """Return the revision of the guided session that a meeting is prepared in; 0 outside of one."""
    if meeting.guided is None or meeting.guided.key is None:
        return 0
    revision = await services.guided.joining.revision(meeting.guided)
    return OVER if revision is None else revision


def _about(notebook: Notebook, meeting_id: str, *, is_after: bool) -> Meeting:
    """Return the meeting, or the look back on it once it has begun. Raises `NotFound`."""
    meeting = notebook.meeting(meeting_id)
    if is_after and not notebook.has_begun(meeting := meeting.after):
        raise NotFound
    return meeting


def routes() -> list[web.RouteDef]:
    """Routes for the stream. Not for HEAD: it would wait for ever for a response without a body."""
    return [web.get(f"{at}/events", events, allow_head=False) for at in (MEETING, AFTER)]
