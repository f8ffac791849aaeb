"""The summary as shown on a page: entries by topic, and the map."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from hashlib import sha256
from itertools import groupby
from typing import TypedDict

from aiohttp import web

from assistant.dialogue.model import Address, Text
from assistant.engine.conversation import RankedStatements
from assistant.engine.entries import MEETING, Entry, entries_of
from assistant.meetings.balance_map import map_balances
from assistant.meetings.map_drawing import MapDrawing, draw_map
from assistant.meetings.paper_fit import PaperFit, fit_on_paper
from assistant.meetings.reading_order import in_reading_order
from assistant.meetings.summary import SectionTopic, Summary, SummarySection, marked
from assistant.service.preparation.standing import Standing
from assistant.web.http.context import conversation_path, reader_catalogue, reader_language, services
from assistant.web.views.question import topic_shown
from assistant.web.views.shown import Shown
from assistant.web.views.summary_pages import (
    AskedAgain,
    EntriesShown,
    EntryShown,
    EntryToRead,
    FirstShown,
    PrivateShown,
    QuestionEntriesShown,
    SectionShown,
    TopicShown,
)
from assistant.web.views.transcript import shown

_NAME = 18

Asked = Callable[[Address], Text | None]
"""Returns the question at an address; None on pages where answers cannot be changed."""


class SummaryFields(TypedDict):
    """The fields of every page with the summary."""

    first: list[FirstShown]
    first_asked: list[AskedAgain]
    which_meeting: SectionShown | None
    chapters: list[SectionShown]
    map: MapDrawing | None
    today: str
    here_conversation: str
    fit: PaperFit


def on_a_sheet(request: web.Request, standing: Standing, said: Summary) -> SummaryFields:
    """Return the fields for the summary, without private entries."""

    def asked(state: Address) -> Text:
        return standing.dialogue.question(state).prompt

    chapters = chapters_shown(request, replace(said, chapters=in_reading_order(said.chapters)), asked)
    return SummaryFields(
        first=first_shown(request, said),
        first_asked=[
            *(AskedAgain(rank, asked(rank), None) for rank in _ranks(standing)),
            *_asked_again(request, asked, (entry for _, entry in said.first)),
        ],
        which_meeting=next((chapter for chapter in chapters if chapter.id == MEETING), None),
        chapters=[chapter for chapter in chapters if chapter.id != MEETING],
        map=map_shown(request, said),
        today=reader_catalogue(request).day(services(request).preparations.today()),
        here_conversation=conversation_path(request),
        fit=fit_on_paper(said, reader_language(request)),
    )


def _ranks(standing: Standing) -> list[Address]:
    """Return the questions where something was put first."""
    answers = standing.journey.answers.items()
    return [address for address, answer in answers if isinstance(answer, RankedStatements)]


def first_shown(request: web.Request, said: Summary) -> list[FirstShown]:
    """Return the entries that were put first."""
    return [
        FirstShown(
            section.id,
            section.heading,
            name_shown(request, entry.topic),
            entry_shown(request, entry),
        )
        for section, entry in said.first
    ]


def chapters_shown(request: web.Request, said: Summary, asked: Asked) -> list[SectionShown]:
    """Return the other entries, by section."""
    return [_chapter(request, asked, chapter) for chapter in said.chapters]


def private_shown(request: web.Request, standing: Standing, said: Summary) -> list[PrivateShown]:
    """Return the private entries, by question."""
    return [
        PrivateShown(topic_shown(request, standing, part.state), part)
        for part in _parts(request, lambda a: standing.dialogue.question(a).prompt, said.private)
    ]


def entry_shown(request: web.Request, entry: Entry) -> EntryShown:
    """Return an entry with its words, and its name for an address."""
    said = shown(request, entry)
    return EntryShown(entry.id, said.text, said.own, entry_name(request, entry), said.is_unread)


def to_read(request: web.Request, standing: Standing) -> list[EntryToRead]:
    """Return the entries on the journey that another person wrote and the user has not approved."""
    return [
        EntryToRead(
            entry_shown(request, entry),
            entry.version,
            entry.under,
            address,
            standing.dialogue.question(address).prompt,
            topic_shown(request, standing, address),
        )
        for address, answer in standing.journey.answers.items()
        for entry in marked(entries_of(address, standing.dialogue.question(address), answer), standing.unread)
        if entry.is_unread
    ]


def entry_name(request: web.Request, entry: Entry) -> str:
    """Return an entry's name for an address. Browsers remember addresses, so the name reveals nothing."""
    if isinstance(entry.said, str):
        return entry.id
    return sha256(f"{request.match_info.get('meeting', '')} {entry.id}".encode()).hexdigest()[:_NAME]


def name_shown(request: web.Request, topic: str | Text | None) -> Shown | None:
    """Return a topic's name: the user's own words verbatim, or the wording of an option."""
    match topic:
        case None:
            return None
        case str():
            return Shown(topic, own=True)
        case wording:
            return Shown(wording.in_(reader_language(request)), own=False)


def _chapter(request: web.Request, asked: Asked, chapter: SummarySection) -> SectionShown:
    return SectionShown(
        chapter.section.id,
        chapter.section.heading,
        [_block(request, asked, block) for block in chapter.blocks],
        _asked_again(request, asked, chapter.entries),
    )


def _asked_again(request: web.Request, asked: Asked, entries: Iterable[Entry]) -> list[AskedAgain]:
    """Return the questions that these entries answer, each once, in their order."""
    topics = {entry.state: name_shown(request, entry.topic) for entry in entries}
    prompts = {state: asked(state) for state in topics}
    return [AskedAgain(state, prompt, topics[state]) for state, prompt in prompts.items() if prompt]


def _block(request: web.Request, asked: Asked, block: SectionTopic) -> TopicShown:
    return TopicShown(
        entry_shown(request, block.head) if block.head else None,
        name_shown(request, block.topic),
        _parts(request, asked, block.entries),
    )


def _parts(request: web.Request, asked: Asked, entries: Iterable[Entry]) -> list[QuestionEntriesShown]:
    """Return the entries by question, with links to change them."""
    return [
        QuestionEntriesShown(
            state,
            asked(state),
            [
                EntriesShown(under, [entry_shown(request, entry) for entry in together])
                for under, together in groupby(said, key=lambda entry: entry.under)
            ],
        )
        for state, said in groupby(entries, key=lambda entry: entry.state)
    ]


def map_shown(request: web.Request, said: Summary) -> MapDrawing | None:
    """Return the support–challenge map of what is in this summary; None if there is nothing to draw."""
    return draw_map(map_balances(said), reader_catalogue(request))
