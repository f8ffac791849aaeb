"""The surroundings of a question: the conversation so far, and the journey by topics."""

from itertools import groupby

from aiohttp import web

from assistant.dialogue.model import AGREEMENTS, Address, Choices, Rank, part_id_of, topic_of, written_at
from assistant.engine.conversation import Answer, ChosenOptions, RankedStatements
from assistant.engine.entries import Entry, entries_of, is_something_to_rank
from assistant.engine.way import PartVisit, turned_at
from assistant.languages import TAGS, as_language
from assistant.meetings.review.carry_over import LeftFromMeeting
from assistant.meetings.share import Said
from assistant.meetings.summary import marked
from assistant.service.notebook.sessions import SignedInUser
from assistant.service.preparation.standing import Standing
from assistant.web.http.context import reader_catalogue, reader_language, services
from assistant.web.views.question import said_before, topic_shown
from assistant.web.views.rank import rankable_at
from assistant.web.views.said import said_shown
from assistant.web.views.shown import (
    Exchange,
    JourneyShown,
    LeftShown,
    PartShown,
    PromiseShown,
    SaidAtQuestion,
    SetAside,
    Shown,
    StateNamed,
    Talk,
    Transcript,
)

_SHORT = 70
"""Characters an answer may have to be shown above the question; a longer one would push it out of sight."""
_FEW = 2


def transcript(request: web.Request, standing: Standing) -> Transcript:
    """Return everything that was asked and answered, in journey order, before and after the current question.

    It has a page of its own: on the page of a question it would make each turn dearer than the last.
    """
    order = standing.journey.order
    here = order.get(standing.at, len(order))
    exchanges = all_said(request, standing)
    return Transcript(
        [exchange for exchange in exchanges if order[exchange.state] <= here],
        [exchange for exchange in exchanges if order[exchange.state] > here],
    )


def all_said(request: web.Request, standing: Standing) -> list[Exchange]:
    """Return everything that was asked and answered, in journey order."""
    return [_exchange(request, standing, address) for address in standing.journey.answers]


def talk_shown(request: web.Request, standing: Standing) -> Talk:
    """Return what the page of a question shows of the conversation: the last exchange, if it is short."""
    order = standing.journey.order
    here = order.get(standing.at, len(order))
    before = [address for address in standing.journey.answers if order[address] < here]
    last = _exchange(request, standing, before[-1]) if before else None
    return Talk(last if last is not None and _is_short(last) else None, bool(standing.journey.answers))


def journey_shown(request: web.Request, standing: Standing, *, offers: bool = True) -> JourneyShown:
    """Return the parts of the journey with their state, and the answers that are set aside."""
    shown = [
        # an offered part is named by its question: «Mer» alone is not informative
        part_shown(request, standing, visit)._replace(name=standing.dialogue.question(visit.first).prompt)
        if visit.state == "offered"
        else part_shown(request, standing, visit)
        for visit in standing.visits
        if visit.state != "offered" or (offers and is_worth_offering(standing, visit.first))
    ]
    return JourneyShown(shown, _aside(request, standing))


def part_shown(request: web.Request, standing: Standing, visit: PartVisit) -> PartShown:
    """Return a part on the journey, by its name or its topic's."""
    name, topic = standing.dialogue.part_of(visit.first).topic, topic_shown(request, standing, visit.first)
    return PartShown(visit.key, visit.first, name, topic, visit.state)


def is_worth_offering(standing: Standing, address: Address) -> bool:
    """Return whether there is anything to do there: a rank needs something to rank."""
    question = standing.dialogue.question(address)
    if not isinstance(question, Rank):
        return True
    return is_something_to_rank(standing.machine, standing.journey, question.among)


def shown(request: web.Request, entry: Entry) -> Shown:
    """Return the statement of an entry for display."""
    return said_shown(request, entry.said)._replace(is_unread=entry.is_unread)


async def carried_over(
    request: web.Request, who: SignedInUser, meeting_id: str | None = None
) -> list[LeftShown]:
    """Return what was left for next time, before this meeting or, without one, in general."""
    left = await services(request).notebooks.taken_along(who, meeting_id)
    return [LeftShown(one.why, [_left(request, one, said) for said in one.said]) for one in left]


def _left(request: web.Request, one: LeftFromMeeting, said: Said) -> tuple[Shown, PromiseShown | None]:
    text = said_shown(request, said)._replace(is_unread=said in one.unread)
    made, catalogue = one.promises.get(said), reader_catalogue(request)
    if made is None:
        return text, None
    name = made.signed.by.name or catalogue.say("along.some_professional")
    if made.by_on:
        line = catalogue.say("along.promise_by", name=name, day=catalogue.day(made.by_on))
    else:
        line = catalogue.say("along.promise", name=name)
    known = as_language(made.signed.by.language)
    return text, PromiseShown(line, made.words, TAGS[known] if known else "")


def _exchange(request: web.Request, standing: Standing, address: Address) -> Exchange:
    is_first = standing.journey.questions[0] == address
    return Exchange(
        state=address,
        topic=topic_shown(request, standing, address),
        said=[] if is_first else said_before(standing, address),
        prompt=standing.dialogue.question(address).prompt,
        answer=_said(request, standing, address, standing.journey.answers[address]),
    )


def _said(request: web.Request, standing: Standing, address: Address, answer: Answer) -> list[SaidAtQuestion]:
    question = standing.dialogue.question(address)
    if isinstance(answer, RankedStatements) and isinstance(question, Rank):
        rankable = rankable_at(standing, question)
        chosen = [rankable[id_] for id_ in answer.first if id_ in rankable]
        first = [shown(request, entry) for entry in marked(chosen, standing.unread)]
        return [SaidAtQuestion(None, first)] if first else []
    entries = marked(entries_of(address, question, answer), standing.unread)
    return [
        SaidAtQuestion(under, [shown(request, entry) for entry in together])
        for under, together in groupby(entries, key=lambda entry: entry.under)
    ]


def _is_short(exchange: Exchange) -> bool:
    lines = [said.text for under in exchange.answer for said in under.shown]
    return sum(map(len, lines)) <= _SHORT and len(lines) <= _FEW and not any("\n" in line for line in lines)


def _aside(request: web.Request, standing: Standing) -> list[SetAside]:
    """Return the set-aside answers by part, with the question whose answer skips them."""
    set_aside = standing.journey.set_aside
    written = list(standing.dialogue.states)
    parts = [part.id for part in standing.dialogue.parts]
    kept = sorted(
        (address for address, answer in set_aside.items() if answer.given),
        key=lambda a: (parts.index(part_id_of(a)), topic_of(a) or "", written.index(written_at(a))),
    )
    groups: list[SetAside] = []
    for _, together in groupby(kept, key=lambda a: (part_id_of(a), topic_of(a))):
        answers = [_set_aside(request, standing, address) for address in together]
        first = answers[0].state
        cause = turned_at(standing.machine, standing.journey, first)
        named = None if cause is None else StateNamed(cause, standing.dialogue.question(cause).prompt)
        topic = _topic_once(request, standing, first)
        groups.append(SetAside(standing.dialogue.part_of(first).topic, topic, named, answers))
    return groups


def _set_aside(request: web.Request, standing: Standing, address: Address) -> Exchange:
    answer = _said(request, standing, address, standing.journey.set_aside[address])
    return Exchange(address, None, [], standing.dialogue.question(address).prompt, answer)


def _topic_once(request: web.Request, standing: Standing, address: Address) -> Shown | None:
    """Return the topic of an answer that was set aside, as it was chosen or named."""
    topic, names = topic_of(address), standing.machine.topics_from(part_id_of(address))
    if topic is None or names is None:
        return None
    if names == AGREEMENTS:
        carried = {agreement.id: agreement.text for agreement in standing.journey.carried}
        return Shown(carried[topic], own=True) if topic in carried else None
    question, chosen = standing.dialogue.question(names), standing.conversation.answers.get(names)
    own = [*(chosen.own if isinstance(chosen, ChosenOptions) else ()), *standing.conversation.topics_aside]
    for statement in own:
        if statement.id == topic:
            return Shown(statement.text, own=True)
    options = question.options if isinstance(question, Choices) else []
    wordings = [option.text for option in options if option.id == topic]
    return Shown(wordings[0].in_(reader_language(request)), own=False) if wordings else None
