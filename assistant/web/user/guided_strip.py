"""The strip about a guided session on the pages of a meeting, and the revision its screens wait for."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from aiohttp import web

from assistant.dialogue.model import Text
from assistant.errors import NotFound, NotSaved
from assistant.meetings.guided.participation import WIDER, all_pieces, shown_of
from assistant.meetings.guided.room import Facilitator, Room
from assistant.meetings.written_for import approved_answers
from assistant.service.guided.views import ParticipantRoom
from assistant.service.notebook.sessions import SignedInUser
from assistant.service.preparation.standing import Standing
from assistant.web.http.context import VISITOR, context, reader_catalogue, services
from assistant.web.http.event_stream import OVER
from assistant.web.views.shown import StripShown
from assistant.zone import local

LOCKED_AFTER = timedelta(minutes=10)
"""How long a borrowed browser stays open after the session: time to write down a codename."""


async def strip_of(request: web.Request, who: SignedInUser, standing: Standing) -> StripShown | None:
    """Return the strip for a page of this meeting; None if it is in no guided session.

    A borrowed browser is held open as long as the session lasts, also when it gets more time. If it ended
    early, the browser is held open for ten minutes more.
    """
    guided = standing.meeting.guided
    if guided is None or guided.key is None:
        return None
    site = context(request)
    try:
        found = await site.services.guided.joining.room_for(who, standing.meeting.id)
    except NotFound:
        return None
    path = f"/meetings/{standing.meeting.id}/guided"
    names = [facilitator.name for facilitator in _facilitators(found)]
    if found.room is None:
        with suppress(NotSaved):  # reading continues during a database write failure
            request[VISITOR] = await site.services.sessions.let_go(who, site.clock() + LOCKED_AFTER)
        return StripShown(path, names, is_over=True, is_borrowed=who.device != "own", revision=OVER)
    with suppress(NotSaved):
        request[VISITOR] = await site.services.sessions.hold(who, found.ends_at + LOCKED_AFTER)
    room = found.room
    answers = approved_answers(standing.dialogue, standing.journey.answers, standing.unread)
    shown = shown_of(standing.conversation.dialogue, standing.at, answers, guided)
    return StripShown(
        path=path,
        names=names,
        is_over=False,
        is_resting=room.stage == "rest",
        at=room.at,
        prompt=await prompt_at(request, room),
        can_go=room.at in standing.journey.questions and room.at != standing.at,
        note=room.note,
        until="" if room.until is None else reader_catalogue(request).clock(local(room.until).time()),
        seen=None if guided.form == "group" else len(all_pieces(shown.answers)),
        sees_question=guided.scope in WIDER,
        sees_answers=guided.scope == "answers",
        revision=found.revision,
    )


async def stop(request: web.Request, who: SignedInUser) -> None:
    """Leave the session, and take everything back that the facilitator sees."""
    await services(request).guided.joining.leave(who, request.match_info["meeting"])
    await let_go(request, who)


async def let_go(request: web.Request, who: SignedInUser) -> None:
    """Lock a borrowed browser as it would without a guided session, after the user has left one."""
    site = context(request)
    with suppress(NotSaved):
        await site.services.sessions.let_go(who, site.clock() + who.remembered_for)


async def with_strip(
    request: web.Request, who: SignedInUser, standing: Standing
) -> tuple[Standing, StripShown | None]:
    """Return the strip, and the standing with the revision of the room among those the page shows."""
    strip = await strip_of(request, who, standing)
    if strip is None:
        return standing, None
    return replace(standing, seen=standing.seen._replace(room=strip.revision)), strip


def _facilitators(found: ParticipantRoom) -> Sequence[Facilitator]:
    return (found.room or found.participation).facilitators


async def prompt_at(request: web.Request, room: Room) -> Text | None:
    """Return the wording of the question a room is at, in the text the session was opened with."""
    if room.at is None:
        return None
    machine = await services(request).dialogues.of(room.digest)
    return machine.dialogue.question(room.at).prompt
