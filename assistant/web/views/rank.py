"""The entries that a rank may put first, by section, in the order in which a summary is read."""

from hashlib import sha256
from itertools import groupby

from aiohttp import web

from assistant.dialogue.model import Rank
from assistant.engine.entries import Entry, rankable_in
from assistant.engine.reply import Given
from assistant.meetings.reading_order import place_of
from assistant.meetings.summary import topic_named
from assistant.service.preparation.standing import Standing
from assistant.web.http.context import reader_language
from assistant.web.views.said import said_shown
from assistant.web.views.shown import EntryToTap, SectionToTap, Shown

_WIDTH = 70


def rankable_at(standing: Standing, question: Rank) -> dict[str, Entry]:
    """Return the entries a rank may put first, by id."""
    return rankable_in(standing.machine, standing.journey, question.among)


def entries_to_tap(
    request: web.Request, standing: Standing, question: Rank, given: Given, tapped: str = ""
) -> list[SectionToTap]:
    """Return the entries with the numbers they have; `tapped` names the one that was tapped last."""
    rankable = rankable_at(standing, question)
    first = [id_ for id_ in dict.fromkeys(given.get("first", ())) if id_ in rankable]
    written = [section.id for section in standing.dialogue.frame.sections]
    headings = {section.id: section.heading for section in standing.dialogue.frame.sections}

    def section_of(entry: Entry) -> str:
        return standing.dialogue.question(entry.state).section or ""

    def shown(entry: Entry) -> EntryToTap:
        return EntryToTap(
            entry.id,
            _in_one_line(said_shown(request, entry.said)),
            entry.under,
            _topic(request, standing, entry),
            first.index(entry.id) + 1 if entry.id in first else None,
            tap_name(request, entry.id) == tapped,
        )

    in_order = sorted(rankable.values(), key=lambda entry: written.index(section_of(entry)))
    in_order.sort(key=lambda entry: place_of(section_of(entry)))
    return [
        SectionToTap(section, headings[section], [shown(entry) for entry in entries])
        for section, entries in groupby(in_order, key=section_of)
    ]


def tap_name(request: web.Request, entry: str) -> str:
    """Return an entry's name for an address. Browsers remember addresses, so the name reveals nothing."""
    meeting = request.match_info.get("meeting", "")
    return sha256(f"{meeting} {entry}".encode()).hexdigest()[:12]


def _in_one_line(said: Shown) -> Shown:
    """Return a statement shortened for a list; the statement itself is unchanged."""
    line = " ".join(said.text.split())
    return said._replace(text=line if len(line) <= _WIDTH else f"{line[:_WIDTH].rstrip()} …")


def _topic(request: web.Request, standing: Standing, entry: Entry) -> Shown | None:
    topic = topic_named(standing.dialogue, standing.journey, entry.state)
    if topic is None:
        return None
    return (
        Shown(topic, own=True)
        if isinstance(topic, str)
        else Shown(topic.in_(reader_language(request)), own=False)
    )
