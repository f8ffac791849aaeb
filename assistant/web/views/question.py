"""One question as shown on a page: the text before it, its fields and their content."""

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Literal

from aiohttp import web

from assistant.dialogue.model import Address, Choice, Choices, OwnText, Question, Rank, Statements, Text
from assistant.engine.conversation import Statement
from assistant.engine.replies import filled_in
from assistant.engine.reply import Given
from assistant.meetings.summary import is_unread, topic_named
from assistant.service.preparation.standing import Standing
from assistant.web.http.context import reader_language
from assistant.web.http.pages import FormError
from assistant.web.views.rank import entries_to_tap
from assistant.web.views.shown import QuestionShown, Shown, TopicAside


def asked_at(
    request: web.Request,
    standing: Standing,
    address: Address,
    given: Given,
    *,
    more: bool = False,
    trouble: FormError | None = None,
    half: Literal["", "levels", "ways"] = "",
    prefix: str = "",
    tapped: str = "",
) -> QuestionShown:
    """Return the question at this address with its fields filled.

    The `prefix` keeps its fields apart from those of other questions on the same page.
    """
    question, journey = standing.dialogue.question(address), standing.journey
    at_most = _room(question)
    fields = _fields(given, at_most, more=more)
    answer = journey.answers.get(address)
    return QuestionShown(
        prefix=prefix,
        state=address,
        topic=topic_shown(request, standing, address),
        # the text of the first page is not repeated
        said=[] if journey.questions[0] == address else said_before(standing, address),
        question=question,
        half=half,
        filled=given,
        shown=question_digest(given),
        fields=fields if takes_words(question) else (),
        can_add=takes_words(question) and len(fields) < at_most,
        rankable=entries_to_tap(request, standing, question, given, tapped)
        if isinstance(question, Rank)
        else (),
        topics_aside=[TopicAside(own.id, own.text) for own in _topics_aside(standing, address, given)],
        has_answer=answer is not None and answer.given,
        is_unread=answer is not None and is_unread(address, question, answer, standing.unread),
        is_draft=given == standing.drafts.get(address) and trouble is None,
        trouble=trouble,
    )


def question_digest(given: Given) -> str:
    """Return a short digest of a question's fields, to tell later whether they were touched."""
    return sha256(json.dumps(filled_in(given), sort_keys=True).encode()).hexdigest()[:12]


def said_before(standing: Standing, address: Address) -> Sequence[Text]:
    """Return the guide's statements before a question."""
    return [standing.dialogue.state(said).prompt for said in standing.journey.said_before(address)]


def topic_shown(request: web.Request, standing: Standing, address: Address) -> Shown | None:
    """Return the topic of an address, as the user chose or named it."""
    topic = topic_named(standing.dialogue, standing.journey, address)
    if topic is None:
        return None
    own = isinstance(topic, str)
    return Shown(topic if isinstance(topic, str) else topic.in_(reader_language(request)), own)


def takes_words(question: Question) -> bool:
    """Return whether it has a variable number of fields, one for each statement."""
    return isinstance(question, OwnText | Statements) or (
        isinstance(question, Choice | Choices) and bool(question.own)
    )


def _room(question: Question) -> int:
    """Return the maximum number of fields for own words."""
    if isinstance(question, Choices):
        return question.at_most or len(question.options)
    return question.at_most if isinstance(question, Statements) else 1


def _topics_aside(standing: Standing, address: Address, given: Given) -> list[Statement]:
    """Return user-named topics that were removed here while they have answers, and are not in a field
    again.
    """
    if not standing.conversation.topics_aside or address not in standing.machine.name_topics:
        return []
    return [own for own in standing.conversation.topics_aside if f"statement.{own.id}" not in given]


def _fields(given: Given, at_most: int, *, more: bool) -> list[tuple[str, str]]:
    """Return the texts by field, with an empty field if there is none or one more is wanted."""
    fields = [(name, texts[0]) for name, texts in given.items() if name.startswith("statement.") and texts]
    is_room = len(fields) < at_most and all(text.strip() for _, text in fields)
    if not fields or (more and is_room):
        taken = {name for name, _ in fields}
        number = next(n for n in range(1, len(taken) + 2) if f"statement.new{n}" not in taken)
        fields.append((f"statement.new{number}", ""))
    return fields
