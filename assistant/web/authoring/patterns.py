"""The components of the pages, each in every state, drawn by the templates that draw the pages.

The questions, options and examples are those of the dialogues in use, and an error is the one that the
engine raises for the form shown. Like the page for authors, it exists only with `--watch`.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from aiohttp import web

from assistant.dialogue.model import Balance, Choice, Choices, Day, Dialogue, Question, Rank, Say
from assistant.engine.reply import Given, read_answer
from assistant.errors import Refusal
from assistant.languages import Catalogue, Language
from assistant.web.authoring.local_only import only_from_this_machine
from assistant.web.http.context import context, path_language, reader_catalogue
from assistant.web.http.page_data import page_data
from assistant.web.http.pages import FormError, Page, form_error
from assistant.web.http.responses import render
from assistant.web.views.question import question_digest, takes_words
from assistant.web.views.shown import EntryToTap, QuestionShown, SectionToTap, Shown


class QuestionPattern(NamedTuple):
    """One kind of question, by the name of each state that it is shown in."""

    kind: str
    states: Mapping[str, QuestionShown]


@page_data
class PatternsPage(Page):
    """Every component in all its states."""

    template = "authoring/patterns.html"
    questions: Sequence[QuestionPattern]


async def patterns(request: web.Request) -> web.Response:
    """Show the components."""
    only_from_this_machine(request)
    path_language(request)
    catalogue = reader_catalogue(request)
    today = context(request).clock().date()
    kinds = _questions_by_kind(context(request).services.dialogues.in_use, catalogue.language)
    shown = [QuestionPattern(kind, _states(*asked, catalogue, today)) for kind, asked in kinds.items()]
    page = PatternsPage(
        title=catalogue.say("patterns.heading"),
        public_path="/patterns",
        questions=shown,
    )
    return render(request, page)


def _questions_by_kind(
    dialogues: Mapping[str, Dialogue], language: Language
) -> dict[str, tuple[Question, SectionToTap]]:
    """Return the question of each kind that shows most of it, and statements to put first."""
    found: dict[str, Question] = {}
    examples: list[EntryToTap] = []
    headings = [section.heading for dialogue in dialogues.values() for section in dialogue.frame.sections]
    for dialogue in dialogues.values():
        for address, state in dialogue.states.items():
            if isinstance(state, Say):
                continue
            if state.asks not in found or _parts_of(state) > _parts_of(found[state.asks]):
                found[state.asks] = state
            if isinstance(state, Rank) or not takes_words(state):
                continue
            examples += [
                EntryToTap(f"{address}.{n}", Shown(text.in_(language), own=True), None, None, None)
                for n, text in enumerate(state.examples)
            ]
    rankable = SectionToTap("examples", headings[0], examples[:4])
    return {kind: (question, rankable) for kind, question in sorted(found.items())}


def _parts_of(question: Question) -> int:
    """Return how many optional parts of its component a question uses."""
    return sum(
        bool(part)
        for part in (
            question.examples,
            getattr(question, "own", None),
            getattr(question, "others", None),
            getattr(question, "with_time", None),
        )
    )


def _states(
    question: Question, rankable: SectionToTap, catalogue: Catalogue, today: date
) -> dict[str, QuestionShown]:
    """Return the question empty, filled in, restored from a draft, written by another person, and refused."""
    filled = _filled(question, rankable, catalogue.language, today)
    forms = {
        "empty": {},
        "filled": filled,
        "draft": filled,
        "unread": filled,
        "refused": _refused(question, today),
    }
    return {
        state: _shown(question, rankable, given, state, _error(question, given, catalogue, today, state))
        for state, given in forms.items()
    }


def _shown(
    question: Question, rankable: SectionToTap, given: Given, state: str, trouble: FormError | None
) -> QuestionShown:
    fields = [(name, texts[0]) for name, texts in given.items() if name.startswith("statement.")]
    return QuestionShown(
        prefix=f"{question.asks}.{state}.",
        state=f"patterns/{question.asks}",
        topic=None,
        said=(),
        question=question,
        filled=given,
        shown=question_digest(given),
        fields=(fields or [("statement.new1", "")]) if takes_words(question) else (),
        can_add=False,
        rankable=[_numbered(rankable, given)] if isinstance(question, Rank) else (),
        topics_aside=(),
        has_answer=state == "filled",
        is_unread=state == "unread",
        is_draft=state == "draft",
        trouble=trouble,
    )


def _numbered(rankable: SectionToTap, given: Given) -> SectionToTap:
    first = given.get("first", ())
    entries = [
        one._replace(number=first.index(one.id) + 1) if one.id in first else one for one in rankable.entries
    ]
    return rankable._replace(entries=entries)


def _filled(question: Question, rankable: SectionToTap, language: Language, today: date) -> Given:
    """Return a form that answers the question with its options and its examples."""
    match question:
        case Choice(options=options) | Choices(options=options):
            return {"option": (options[0].id,)}
        case Rank():
            return {"first": tuple(one.id for one in rankable.entries[: question.at_most])}
        case Day():
            return {"on": (today.isoformat(),), "at": ("10:00",)}
        case Balance(support=support, challenge=challenge):
            return {
                "support.level": (support.levels[-2].id,),
                "support.forms": (support.forms[0].id,),
                "challenge.level": (challenge.levels[0].id,),
            }
        case _:
            words = question.examples[0] if question.examples else question.prompt
            return {"statement.new1": (words.in_(language),)}


def _refused(question: Question, today: date) -> Given:
    """Return a form that the engine refuses."""
    match question:
        case Choice() | Choices():
            return {"option": ()}
        case Rank():
            return {"first": ()}
        case Day():
            return {"on": ((today - timedelta(days=40)).isoformat(),)}
        case Balance():
            return {}
        case _:
            return {"statement.new1": ("",)}


def _error(
    question: Question, given: Given, catalogue: Catalogue, today: date, state: str
) -> FormError | None:
    """Return the error that the engine raises for this form, as the page words it."""
    if state != "refused":
        return None
    try:
        read_answer(question, given, None, "", today=today)
    except Refusal as refusal:
        return form_error(catalogue, refusal)
    raise AssertionError(f"a form that the engine takes: {question.asks}")
