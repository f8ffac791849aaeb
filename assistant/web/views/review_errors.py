"""Error messages on a review page. Every typed word is given back."""

from dataclasses import replace
from typing import get_args

from aiohttp import web

from assistant.engine.reply import without_hidden
from assistant.errors import (
    DayUnlikely,
    DayUnreadable,
    NothingSaid,
    NotMetYet,
    Refusal,
    Trouble,
    WrittenBetween,
)
from assistant.meetings.review.review import AnswerKind, Side, View
from assistant.web.http.context import reader_catalogue
from assistant.web.http.forms import Form
from assistant.web.http.pages import FormError as TroubleShown
from assistant.web.http.pages import form_error
from assistant.web.views.review_forms import day_typed, days_said, one_of
from assistant.web.views.review_pages import AgreementTyped, EntryView, ReviewShown

REFUSED = (Refusal, NotMetYet)
_ONLY_PRESSED = ("confirm", "drop", "see", "prepare")
"""Acts without typed text."""


def anchor(form: Form) -> str:
    """Return the part of the page a form is in."""
    act = form.one("act").partition(":")[0]
    if act in ("mark", "want", "answer", "beside"):
        return f"entry-{form.one('entry')}"
    if act in ("confirm", "drop") or (act == "propose" and form.one("seen") != "0"):
        return f"agreement-{form.one('id')}"
    parts = {"propose": "agreements", "stand": "standing", "prepare": "record", "see": "record"}
    return parts.get(act, "record" if act == "transfer" else "heading")


def status_of(trouble: Trouble) -> int:
    """Return the HTTP status of a page with this error."""
    return 409 if isinstance(trouble, WrittenBetween | NotMetYet) else 422


def error_told(request: web.Request, sheet: ReviewShown, form: Form, trouble: Trouble) -> ReviewShown:
    """Return the current page with the typed text in its fields and the error."""
    act = form.one("act").partition(":")[0]
    sheet = replace(sheet, trouble=_spoken(request, form, act, trouble), trouble_at=anchor(form))
    if act == "answer":
        sheet = replace(sheet, trouble_in="answer")
    elif act == "beside":
        is_own = form.one("whose") in ("", sheet.side)
        sheet = replace(sheet, trouble_in="beside" if is_own else "for-other")
    if act in ("answer", "beside"):
        return _in_entries(sheet, form, act)
    if act == "propose":
        return _in_agreements(sheet, form)
    if act == "stand":
        view = one_of(get_args(View), form.one("view"))
        return replace(sheet, own_view=view or sheet.own_view, own_view_words=_typed(form, "words"))
    return sheet


def gone(request: web.Request, sheet: ReviewShown, form: Form) -> ReviewShown:
    """Build the page when the target of an act no longer exists."""
    say = reader_catalogue(request).say
    trouble = TroubleShown(say("review.gone_heading"), say("review.gone"))
    return replace(sheet, trouble=trouble, trouble_at="heading", left_over=words_typed(form))


def _spoken(request: web.Request, form: Form, act: str, trouble: Trouble) -> TroubleShown:
    catalogue, name = reader_catalogue(request), type(trouble).__name__
    if isinstance(trouble, NothingSaid):
        key = f"review.nothing_{act}_{trouble.field}"
    elif isinstance(trouble, WrittenBetween) and act in _ONLY_PRESSED:
        key = "review.changed"
    elif isinstance(trouble, DayUnreadable | DayUnlikely | WrittenBetween):
        key = f"refusal.{name}"
    else:
        key = f"review.{name}"
    return form_error(catalogue, trouble, heading="review.not_kept", key=key, sure=days_said(form))


def _in_entries(sheet: ReviewShown, form: Form, act: str) -> ReviewShown:
    def given_back(one: EntryView) -> EntryView:
        if one.id != form.one("entry"):
            return one
        words = _typed(form, "words")
        if act == "answer":
            by_on = without_hidden(day_typed(form, "by_on"))
            kind = one_of(get_args(AnswerKind), form.one("kind"))
            return replace(one, answer=one.answer._replace(kind=kind, words=words, by_on=by_on))
        if form.one("whose") in ("", sheet.side):
            return replace(one, own=one.own._replace(words=words))
        return replace(one, for_other=one.for_other._replace(words=words))

    return replace(
        sheet,
        first=[given_back(one) for one in sheet.first],
        last=sheet.last._replace(entries=[given_back(e) for e in sheet.last.entries]) if sheet.last else None,
        asking=[c._replace(entries=[given_back(one) for one in c.entries]) for c in sheet.asking],
        chapters=[c._replace(entries=[given_back(one) for one in c.entries]) for c in sheet.chapters],
    )


def _in_agreements(sheet: ReviewShown, form: Form) -> ReviewShown:
    typed = AgreementTyped(
        form.one("id"),
        _typed(form, "what"),
        one_of(get_args(Side), form.one("who")),
        _typed(form, "name"),
        without_hidden(day_typed(form, "by_on")),
        without_hidden(day_typed(form, "look_again_on")),
        is_other=form.one("who") == "other",
    )
    there = {one.id: one for one in sheet.agreements}
    if typed.id not in there:
        return replace(sheet, new_agreement=typed)
    if there[typed.id].dropped:  # the typed text continues as a new agreement
        anew = typed._replace(id=sheet.new_agreement.id)
        return replace(sheet, new_agreement=anew, trouble_at="agreements")
    seen = there[typed.id].typed.seen
    return replace(
        sheet,
        agreements=[
            replace(one, typed=typed._replace(seen=seen)) if one.id == typed.id else one
            for one in sheet.agreements
        ],
    )


def _typed(form: Form, field: str) -> str:
    return without_hidden(form.one(field))


def words_typed(form: Form) -> list[str]:
    """Return the own words in a form of a review."""
    return [without_hidden(text) for field in ("what", "name", "words") if (text := form.one(field)).strip()]
