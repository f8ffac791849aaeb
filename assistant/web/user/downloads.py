"""Downloads: the summary and other data as files.

A file is a private page like any other: it is created on request and not stored. Its name does not reveal
whose it is, which meeting it is for, or when that is.
"""

from aiohttp import web

from assistant.engine.entries import Entry
from assistant.service.export.files import Contacts, ExportSource
from assistant.service.notebook.sessions import SignedInUser
from assistant.web.http.context import (
    MEETING,
    context,
    conversation_path,
    reader_catalogue,
    reader_language,
    services,
)
from assistant.web.http.rate_limits import check_rate
from assistant.web.http.responses import as_file, render
from assistant.web.http.sessions import signed_in_user
from assistant.web.views.summary import entry_name, entry_shown
from assistant.web.views.summary_pages import CardOffered, TakePage


async def take(request: web.Request) -> web.Response:
    """List the downloads with their contents; `?notes` includes private notes."""
    who = await signed_in_user(request)
    taken = await services(request).exports.look(who, _meeting(request))
    here, with_private = f"{conversation_path(request)}/take", "notes" in request.query
    lacking = await services(request).exports.letters_lacking(
        taken, reader_catalogue(request), with_private=with_private
    )
    review = await services(request).outcomes.newest(who, _meeting(request))
    page = TakePage(
        title=reader_catalogue(request).say("take.title"),
        here=_chosen(here, notes=with_private),
        here_conversation=conversation_path(request),
        has_sheet=bool(taken.said.first or taken.said.chapters or taken.said.private),
        has_private=bool(taken.said.private),
        with_private=with_private,
        other_choice=_chosen(here, notes=not with_private),
        sheet=_chosen(f"{here}/summary.pdf", notes=with_private),
        large=_chosen(f"{here}/summary.pdf", large=True, notes=with_private),
        text=_chosen(f"{here}/summary.txt", notes=with_private),
        calendar=f"{here}/meeting.ics" if taken.day else None,
        everything=f"{here}/everything.json",
        is_for_treatment=taken.read.meeting.is_for_treatment,
        cards=_cards(request, taken, here),
        outcome=f"{conversation_path(request)}/review/{review}/take" if review else None,
        lacking=" ".join(lacking),
        on_paper=f"{conversation_path(request)}/print",
        device=who.device,
    )
    return render(request, page)


async def summary_pdf(request: web.Request) -> web.Response:
    """Download the summary on A4; `?large` for large print."""
    who = await _careful_visitor(request)
    large = "large" in request.query
    made = await services(request).exports.pdf(
        who,
        _meeting(request),
        reader_catalogue(request),
        _contacts(request),
        "large" if large else "ordinary",
        with_private="notes" in request.query,
    )
    name = reader_catalogue(request).say("take.file_large" if large else "take.file_sheet")
    return as_file(made, "application/pdf", f"{name}.pdf")


async def summary_text(request: web.Request) -> web.Response:
    """Download the summary as plain text."""
    who = await _careful_visitor(request)
    catalogue, with_private = reader_catalogue(request), "notes" in request.query
    made = await services(request).exports.text(
        who, _meeting(request), catalogue, _contacts(request), with_private=with_private
    )
    return as_file(made.encode(), "text/plain", f"{catalogue.say('take.file_sheet')}.txt")


async def everything(request: web.Request) -> web.Response:
    """Download all data as JSON."""
    who = await _careful_visitor(request)
    made = await services(request).exports.everything(who, _meeting(request), reader_catalogue(request))
    return as_file(
        made.encode(), "application/json", f"{reader_catalogue(request).say('take.file_everything')}.json"
    )


async def calendar(request: web.Request) -> web.Response:
    """Download the calendar entry. Raises `NotFound` if no day was given."""
    who = await _careful_visitor(request)
    made = await services(request).exports.calendar(who, _meeting(request), reader_catalogue(request))
    return as_file(made, "text/calendar", f"{reader_catalogue(request).say('take.file_calendar')}.ics")


async def card(request: web.Request) -> web.Response:
    """Download one entry as a card. Raises `NotFound` for entries not in the summary."""
    who = await _careful_visitor(request)

    def is_wanted(entry: Entry) -> bool:
        return entry_name(request, entry) == request.match_info["entry"]

    made = await services(request).exports.card(who, _meeting(request), reader_catalogue(request), is_wanted)
    return as_file(made, "application/pdf", f"{reader_catalogue(request).say('take.file_card')}.pdf")


async def _careful_visitor(request: web.Request) -> SignedInUser:
    who = await signed_in_user(request)
    check_rate(context(request).limits.acts, who.owner.notebook_id)
    return who


def _cards(request: web.Request, taken: ExportSource, here: str) -> list[CardOffered]:
    inside = [(chapter.section, entry) for chapter in taken.said.chapters for entry in chapter.entries]
    return [
        CardOffered(
            section.heading, entry_shown(request, entry), f"{here}/card/{entry_name(request, entry)}.pdf"
        )
        for section, entry in (*taken.said.first, *inside)
    ]


def _chosen(path: str, **choices: bool) -> str:
    """Return the address with these choices."""
    chosen = "&".join(name for name, wanted in choices.items() if wanted)
    return f"{path}?{chosen}" if chosen else path


def _contacts(request: web.Request) -> Contacts:
    language = reader_language(request)
    return [(contact.number, contact.name.in_(language)) for contact in context(request).pages.contacts]


def _meeting(request: web.Request) -> str:
    return request.match_info["meeting"]


def routes() -> list[web.RouteDef]:
    """Routes for the page and its files."""
    return [
        web.get(f"{MEETING}/take", take),
        web.get(f"{MEETING}/take/summary.pdf", summary_pdf),
        web.get(f"{MEETING}/take/summary.txt", summary_text),
        web.get(f"{MEETING}/take/everything.json", everything),
        web.get(f"{MEETING}/take/meeting.ics", calendar),
        web.get(f"{MEETING}/take/card/{{entry:[0-9a-f]+}}.pdf", card),
    ]
