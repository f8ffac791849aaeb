"""From where a person stands to the page they see: a question, the way back, or the round-off."""

import secrets
from collections.abc import Sequence

from aiohttp import web

from assistant.dialogue.model import Address, Choice, Choices, OwnText, Question, Rank, Statements, Text
from assistant.engine.conversation import Statement
from assistant.engine.journey import statements_in
from assistant.engine.reply import Given
from assistant.meetings.summary import Entry, entries_of, topic_named
from assistant.service.prepare import Standing
from assistant.web.desk import catalogue, public_address, reader_language
from assistant.web.forms import Form
from assistant.web.live import written
from assistant.web.pages import Live, Page, Trouble
from assistant.web.user.pages import (
    Answered,
    LinkShown,
    QuestionPage,
    Rankable,
    RoundOff,
    Shown,
    StateNamed,
    WayBack,
)

_REQUEST_ID = 32
_LIST_WIDTH = 70


def conversation_path(request: web.Request) -> str:
    """The path of the conversation for this meeting."""
    return f"/meetings/{request.match_info['meeting']}"


def live_at(request: web.Request, standing: Standing) -> Live:
    """Where a page made from this hears of what is newer."""
    return Live(f"{conversation_path(request)}/events", written(standing.seen))


def new_request_id() -> str:
    """An id for the reply a form will be sent as, so that sent twice it is taken once."""
    return secrets.token_hex(_REQUEST_ID // 2)


def request_id(form: Form) -> str:
    """The id a form was given; a form without a proper one gets its own, and is just not protected twice."""
    given = form.one("request")
    return given if len(given) == _REQUEST_ID and given.isalnum() and given.isascii() else new_request_id()


def step_page(request: web.Request, standing: Standing, *, more: bool = False) -> Page:
    """The page for where the person stands."""
    if standing.question is None:
        say = catalogue(request).say
        return RoundOff(
            title=say("round_off.heading"),
            here=conversation_path(request),
            live=live_at(request, standing),
            said=_said(standing),
            offers=offers(standing),
            here_conversation=conversation_path(request),
            turn=standing.conversation.turn,
            request_id=new_request_id(),
        )
    if standing.way_back_due:
        return WayBack(
            title=catalogue(request).say("way_back.heading"),
            here=conversation_path(request),
            live=live_at(request, standing),
            link=link_shown(request, standing.link),
        )
    return question_page(request, standing, standing.filled, more=more)


def question_page(
    request: web.Request,
    standing: Standing,
    given: Given,
    *,
    more: bool = False,
    trouble: Trouble | None = None,
    request_id: str | None = None,
    seen: str | None = None,
) -> QuestionPage:
    """One question, its fields filled with what is given."""
    question, journey = standing.question, standing.journey
    assert question is not None, "there is a question where a reply was refused"
    at_most = question.at_most if isinstance(question, Statements) else 1
    fields = _fields(given, at_most, more=more)
    return QuestionPage(
        title=question.prompt.in_(reader_language(request)),
        here=conversation_path(request),
        live=live_at(request, standing),
        request_id=request_id or new_request_id(),
        turn=standing.conversation.turn,
        seen=written(standing.seen) if seen is None else seen,
        state=standing.at,
        part=standing.dialogue.part_of(standing.at).topic,
        topic=topic_shown(request, standing, standing.at),
        place=journey.led.index(standing.at) + 1 if standing.at in journey.led else 0,
        all=len(journey.led),
        # what stands on the first page is not said twice
        said=[] if journey.questions[0] == standing.at else _said(standing),
        question=question,
        filled=given,
        fields=fields if _takes_words(question) else (),
        can_add=isinstance(question, Statements) and len(fields) < at_most,
        rankable=_rankable(standing) if isinstance(question, Rank) else (),
        offers=offers(standing),
        has_answer=standing.answer is not None and standing.answer.given,
        is_draft=standing.is_draft and trouble is None,
        earlier=_earlier(request, standing),
        trouble=trouble,
    )


def link_shown(request: web.Request, link: str) -> LinkShown:
    """The private link in its two forms: the whole address, and the code with where to type it."""
    door = f"{public_address(request)}/{reader_language(request)}/r"
    return LinkShown(f"{door}#{link}", link, door.split("://", 1)[1])


def shown(request: web.Request, entry: Entry) -> Shown:
    """What an entry says: own words verbatim, the wording of an option, or a day as one reads it aloud."""
    book = catalogue(request)
    match entry.said:
        case str() as words:
            return Shown(words, own=True)
        case Text() as wording:
            return Shown(wording.in_(book.language), own=False)
        case day:
            on = book.day(day.on)
            return Shown(book.say("day.both", on=on, at=book.clock(day.at)) if day.at else on, own=False)


def offers(standing: Standing) -> list[StateNamed]:
    """The questions one may go to from here; one that puts things first only once there are things to put."""
    open_ = [a for a in standing.journey.questions if a in standing.journey.offered and a != standing.at]
    named = [(address, standing.dialogue.question(address)) for address in open_]
    return [
        StateNamed(address, question.prompt)
        for address, question in named
        if not isinstance(question, Rank) or len(_said_in(standing, question)) > 1
    ]


def topic_shown(request: web.Request, standing: Standing, address: Address) -> Shown | None:
    """The topic an address belongs to, as its user chose or named it."""
    topic = topic_named(standing.dialogue, standing.journey, address)
    if topic is None:
        return None
    own = isinstance(topic, str)
    return Shown(topic if isinstance(topic, str) else topic.in_(reader_language(request)), own)


def _takes_words(question: Question) -> bool:
    return isinstance(question, OwnText | Statements) or (
        isinstance(question, Choice | Choices) and bool(question.own)
    )


def _said_in(standing: Standing, question: Rank) -> dict[str, Statement]:
    return statements_in(standing.machine, standing.journey, question.among)


def _rankable(standing: Standing) -> list[Rankable]:
    question = standing.question
    assert isinstance(question, Rank), "only a rank puts statements first"
    return [Rankable(id_, _one_line(said.text)) for id_, said in _said_in(standing, question).items()]


def _one_line(text: str) -> str:
    """A statement as a list can show it; the statement itself is not changed."""
    line = " ".join(text.split())
    return line if len(line) <= _LIST_WIDTH else f"{line[:_LIST_WIDTH].rstrip()} …"


def _said(standing: Standing) -> Sequence[Text]:
    before = standing.journey.said_before(standing.at)
    return [standing.dialogue.state(address).prompt for address in before]


def _fields(given: Given, at_most: int, *, more: bool) -> list[tuple[str, str]]:
    """The texts given, by field, and an empty one where there is none yet or one more is wanted."""
    fields = [(name, texts[0]) for name, texts in given.items() if name.startswith("statement.") and texts]
    is_room = len(fields) < at_most and all(text.strip() for _, text in fields)
    if not fields or (more and is_room):
        taken = {name for name, _ in fields}
        number = next(n for n in range(1, len(taken) + 2) if f"statement.new{n}" not in taken)
        fields.append((f"statement.new{number}", ""))
    return fields


def _earlier(request: web.Request, standing: Standing) -> list[Answered]:
    return [
        Answered(
            address,
            question.prompt,
            [shown(request, entry) for entry in entries_of(address, question, answer)],
        )
        for address, answer in standing.journey.answers.items()
        if address != standing.at
        for question in [standing.dialogue.question(address)]
    ]
