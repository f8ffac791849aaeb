"""Several lines typed as one answer: whether they are one statement or several is asked, once."""

from collections.abc import Mapping

from aiohttp import web

from assistant.dialogue.model import Address
from assistant.engine.lines import lines_to_ask_about, lines_typed, set_apart
from assistant.engine.reply import Given
from assistant.service.notebook.sessions import SignedInUser
from assistant.service.preparation.standing import Standing
from assistant.web.http.context import preparations
from assistant.web.http.forms import Form
from assistant.web.user.form_handling import turn_of


def lines_to_ask_about_at(standing: Standing, given: Mapping[Address, Given]) -> dict[Address, int]:
    """Return how many lines to ask about at each of these questions, for those with any."""
    answers, questions = standing.conversation.answers, standing.journey.questions
    lines = {
        a: lines_to_ask_about(standing.dialogue.question(a), fields, answers.get(a))
        for a, fields in given.items()
        if a in questions
    }
    return {a: count for a, count in lines.items() if count}


async def given_as_meant(request: web.Request, form: Form, who: SignedInUser, given: Given) -> Given | None:
    """Return the answer as the person means it; None if they have to be asked.

    A page that is no longer current is not asked about: the turn refuses it.
    """
    meant = form.one("move").partition(":")[2]
    if meant == "whole" or not lines_typed(given):
        return given
    standing = await preparations(request).standing(who, request.match_info["meeting"], form.one("state"))
    before = standing.conversation.answers.get(form.one("state"))
    if meant == "apart":
        return set_apart(given, before)
    is_current = standing.at == form.one("state") and standing.conversation.turn == turn_of(form)
    is_asked = is_current and standing.question and lines_to_ask_about(standing.question, given, before)
    return None if is_asked else given
