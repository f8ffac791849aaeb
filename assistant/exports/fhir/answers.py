"""The shared summary as a FHIR QuestionnaireResponse: each question with its answer."""

from collections.abc import Iterator
from datetime import datetime

from assistant.dialogue.model import Text
from assistant.engine.conversation import OnDay
from assistant.exports.fhir.people import People, Resource
from assistant.exports.review.sheet import EntryOnReviewSheet, ReviewSheet
from assistant.zone import service_zone

_EARLIEST = 1900
"""Years before this are typing errors; an old document may hold the year 26."""


def answers_of(sheet: ReviewSheet, people: People, place: str) -> Resource:
    """Return what was shared, question by question. Skipped or kept answers leave no trace.

    It references no Questionnaire: link ids are specific to this share, so omitted questions cannot be
    looked up.
    """
    entries = [entry for _, entry in sheet.entries]
    headings = {entry.section: heading for heading, entry in sheet.entries}
    return people.resource(
        "QuestionnaireResponse",
        place,
        language=sheet.language,
        status="completed",
        subject=people.user,
        authored=sheet.shared_on.isoformat(),
        author=people.user,
        source=people.user,
        item=[
            {
                "linkId": section,
                "text": heading,
                "item": list(_asked([entry for entry in entries if entry.section == section])),
            }
            for section, heading in headings.items()
        ],
    )


def _asked(entries: list[EntryOnReviewSheet]) -> Iterator[Resource]:
    """Group a section's entries by what they answer: the question, and the side of a balance."""
    asked: dict[tuple[str, str | None], list[EntryOnReviewSheet]] = {}
    for entry in entries:
        asked.setdefault((entry.given.asked, entry.under), []).append(entry)
    for (question, under), group in asked.items():
        sides = [side for other, side in asked if other == question]
        number = f"-{sides.index(under) + 1}" if len(sides) > 1 else ""
        topic = group[0].topic.text if group[0].topic else None
        text = " · ".join(part for part in (topic, under) if part)
        yield {
            "linkId": f"{question}{number}",
            **({"text": text} if text else {}),
            "answer": [_answer(entry) for entry in group],
        }


def _answer(entry: EntryOnReviewSheet) -> Resource:
    match entry.given.said:
        # stored before dates were checked: exported as text, not as a date
        case OnDay() as day if day.on.year < _EARLIEST:
            return {"valueString": entry.words.text}
        case OnDay() as day if day.at is not None:
            return {"valueDateTime": datetime.combine(day.on, day.at, service_zone()).isoformat()}
        case OnDay() as day:
            return {"valueDate": day.on.isoformat()}
        case Text():
            # a code would have to be the option's id, which is internal
            return {"valueCoding": {"display": entry.words.text}}
        case words:
            return {"valueString": words}
