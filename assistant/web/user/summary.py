"""The summary and the ways to end: show it, keep it, delete it all."""

from collections.abc import Iterable
from itertools import groupby

from aiohttp import web

from assistant.languages import as_language
from assistant.meetings.summary import Entry, Summary
from assistant.service.prepare import Standing
from assistant.web.desk import (
    DESK,
    MEETING,
    answer,
    catalogue,
    forget,
    own_path,
    remember,
    see_other,
    visitor,
)
from assistant.web.forms import read_form
from assistant.web.pages import MessagePage
from assistant.web.user.asked import topic_shown
from assistant.web.user.pages import (
    ChapterShown,
    DeletePage,
    EntryShown,
    FirstShown,
    Group,
    Part,
    ShowPage,
    SummaryPage,
)
from assistant.web.user.steps import conversation_path, link_shown, new_request_id, offers
from assistant.web.user.talk import shown


async def summary(request: web.Request) -> web.Response:
    """Everything the person said, on one page, and what they can do with it."""
    who = await visitor(request)
    standing, said = await request.app[DESK].preparations.summary(who, request.match_info["meeting"])
    here = conversation_path(request)
    book = catalogue(request)
    page = SummaryPage(
        title=book.say("summary.heading"),
        here=f"{here}/summary",
        here_conversation=here,
        first=_first(request, said),
        chapters=_chapters(request, standing, said),
        private=_parts(request, standing, said.private),
        offers=offers(standing),
        request_id=new_request_id(),
        turn=standing.conversation.turn,
        kept_until=book.day(standing.kept_until.date()),
        device=who.device,
        link=link_shown(request, standing.link),
    )
    return answer(request, page)


async def show(request: web.Request) -> web.Response:
    """The summary alone, large, for the other person in the room to read on this screen."""
    who = await visitor(request)
    standing, said = await request.app[DESK].preparations.summary(who, request.match_info["meeting"])
    here = conversation_path(request)
    page = ShowPage(
        title=catalogue(request).say("summary.heading"),
        here=f"{here}/show",
        here_conversation=here,
        first=_first(request, said),
        chapters=_chapters(request, standing, said),
    )
    return answer(request, page)


async def ask_delete(request: web.Request) -> web.Response:
    """What deleting means, before it is done."""
    who = await visitor(request)
    notebook = await request.app[DESK].visits.notebook(who)
    back = f"/meetings/{notebook.meetings[-1].id}"
    return answer(
        request, DeletePage(title=catalogue(request).say("delete.heading"), here="/delete", back=back)
    )


async def delete(request: web.Request) -> web.Response:
    """Delete everything at once."""
    await read_form(request)
    who = await visitor(request)
    await request.app[DESK].visits.delete_everything(who)
    say = catalogue(request).say
    page = MessagePage(
        title=say("deleted.heading"),
        public_path="/",
        heading=say("deleted.heading"),
        sentences=[say("deleted.what"), say("deleted.not_reached")],
        ways=[(f"/{who.language}/", "trouble.to_start")],
    )
    response = answer(request, page)
    forget(request, response)
    return response


async def device(request: web.Request) -> web.Response:
    """Say again whose device this is."""
    form = await read_form(request)
    who = await visitor(request)
    who = await request.app[DESK].visits.remember(who, "own" if form.one("device") == "own" else "borrowed")
    response = see_other(own_path(form.one("back")))
    remember(request, response, who)
    return response


async def language(request: web.Request) -> web.Response:
    """Another language, on the same page."""
    form = await read_form(request)
    wanted = as_language(form.one("language"))
    who = await visitor(request)
    if wanted is not None:
        who = await request.app[DESK].visits.speak(who, wanted)
    response = see_other(own_path(form.one("back")))
    remember(request, response, who)
    return response


def _first(request: web.Request, summary: Summary) -> list[FirstShown]:
    return [FirstShown(section.id, section.heading, _entry(request, e)) for section, e in summary.first]


def _chapters(request: web.Request, standing: Standing, summary: Summary) -> list[ChapterShown]:
    return [
        ChapterShown(chapter.section.id, chapter.section.heading, _parts(request, standing, chapter.entries))
        for chapter in summary.chapters
    ]


def _parts(request: web.Request, standing: Standing, entries: Iterable[Entry]) -> list[Part]:
    """What was said, question by question, and where to change it."""
    return [
        Part(
            state,
            standing.dialogue.question(state).prompt,
            [
                Group(topic_shown(request, standing, state), under, [_entry(request, e) for e in together])
                for under, together in groupby(said, key=lambda entry: entry.under)
            ],
        )
        for state, said in groupby(entries, key=lambda entry: entry.state)
    ]


def _entry(request: web.Request, entry: Entry) -> EntryShown:
    return EntryShown(entry.id, *shown(request, entry))


def routes() -> list[web.RouteDef]:
    """The summary of one meeting, and what belongs to the whole notebook."""
    return [
        web.get(f"{MEETING}/summary", summary),
        web.get(f"{MEETING}/show", show),
        web.get("/delete", ask_delete),
        web.post("/delete", delete),
        web.post("/device", device),
        web.post("/language", language),
    ]
