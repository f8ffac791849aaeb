"""A review as a FHIR document (R4, 4.0.1), for records that import data.

It is built from the sheet, so it contains nothing that cannot be read there. It claims no profile: a
Norwegian base profile of a Composition wants a code for the kind of document, and none of those codes means
words that a user wrote before a meeting and went through with a professional. LOINC 51855-5, «Patient Note»,
does mean that.

Nor does it say who may see it (`meta.security`): the receiving record decides that.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from assistant.exports.fhir.answers import answers_of
from assistant.exports.fhir.narrative import (
    agreements_read,
    first_read,
    head_read,
    narrative,
    section_read,
    standpoints_read,
)
from assistant.exports.fhir.people import (
    Attribution,
    People,
    Reference,
    Resource,
    instant,
    provenances,
    shared_by_the_user,
)
from assistant.exports.review.sheet import AgreementOnReviewSheet, EntryOnReviewSheet, ReviewSheet, SignedText
from assistant.meetings.review.agreement import OtherPerson
from assistant.meetings.review.review import Standpoint

WISHES_AND_NEEDS = frozenset({"wishes", "goals", "after", "agree", "medicine", "needs"})
"""Sections of the dialogues that contain wishes and needs. Only these become goals."""


def as_fhir(
    sheet: ReviewSheet, *, document: UUID, at: datetime, operator: str | None = None
) -> dict[str, Any]:
    """Return the document as plain data. The same input gives the same document.

    `document` is the document's id, from which all ids in it are derived; it must be unique. `operator` is
    the organisation that runs the service, if named.
    """
    return _Document(sheet, People(document, sheet, operator), at).bundle()


def as_fhir_json(bundle: dict[str, Any]) -> str:
    """Return the document as JSON, with non-ASCII letters as themselves."""
    return json.dumps(bundle, ensure_ascii=False, indent=2) + "\n"


class _Document:
    """Assembles the resources, and records whose words they contain."""

    def __init__(self, sheet: ReviewSheet, people: People, at: datetime) -> None:
        self.sheet, self.people, self.at = sheet, people, at
        self.traces: list[Attribution] = []
        self.goals: dict[str, Resource] = {}
        self.composition = people.place("composition")
        self.answers = people.place("answers")

    def bundle(self) -> dict[str, Any]:
        for _, entry in self.sheet.entries:
            self._goal(entry)
        answers = [answers_of(self.sheet, self.people, self.answers)] if any(self.sheet.entries) else []
        plan = self._plan([one for one in self.sheet.agreements if one.given.is_agreed])
        composition = self._composition()
        shared = [self.answers, *map(_place, self.goals.values())] if answers else []
        whose = [
            *([shared_by_the_user(self.people, shared, self.at)] if shared else []),
            *provenances(self.people, self.traces, self.at),
        ]
        # the people are known only after the resources are built
        people = list(self.people.resources.values())
        resources = [composition, *people, *answers, *self.goals.values(), *plan, *whose]
        return {
            **self.people.resource("Bundle", self.people.place("bundle")),
            "language": self.sheet.language,
            "identifier": {"system": "urn:ietf:rfc:3986", "value": self.people.place("bundle")},
            "type": "document",
            "timestamp": instant(self.at),
            "entry": [{"fullUrl": _place(one), "resource": one} for one in resources],
        }

    def _composition(self) -> Resource:
        sheet, people = self.sheet, self.people
        for voice in sheet.standpoints:
            self._trace(voice, self.composition)
        authors = [people.user, *(people.whose(trace.signed) for trace in self.traces)]
        service = people.service
        return people.resource(
            "Composition",
            self.composition,
            language=sheet.language,
            text=narrative(head_read(sheet)),
            status="final" if sheet.is_settled else "preliminary",
            type={
                "coding": [{"system": "http://loinc.org", "code": "51855-5", "display": "Patient Note"}],
                "text": sheet.title,
            },
            subject=people.user,
            date=instant(self.at),
            author=list({author["reference"]: author for author in authors}.values()),
            title=sheet.title,
            **_where_any("attester", self._attesters()),
            **({"custodian": service} if service else {}),
            event=[{"period": {"start": sheet.on.isoformat(), "end": sheet.on.isoformat()}}],
            **_where_any("section", self._sections()),
        )

    def _attesters(self) -> Iterator[Resource]:
        """Return those who stand by the current text, whether they agree or agree to differ."""
        for voice in self.sheet.standpoints:
            said = voice.given
            if isinstance(said, Standpoint) and voice.still_holds and said.view != "unfinished":
                yield {
                    "mode": "personal" if said.signed.whose == "user" else "professional",
                    "time": instant(said.signed.at),
                    "party": self.people.whose(said.signed),
                }

    def _sections(self) -> Iterator[Resource]:
        sheet = self.sheet
        if sheet.first:
            entries = [one.entry for one in sheet.first]
            yield self._section(sheet.first_heading, first_read(sheet.first), self._shown(entries))
        for section in sheet.sections:
            yield self._section(section.heading, section_read(section), self._shown([*section.entries]))
        if sheet.agreements:
            agreed = any(one.given.is_agreed for one in sheet.agreements)
            plan = [{"reference": self.people.place("plan")}] if agreed else []
            yield self._section(sheet.agreements_heading, agreements_read(sheet.agreements), plan)
        if sheet.standpoints:
            yield self._section(sheet.standpoints_heading, standpoints_read(sheet), [])

    def _section(self, title: str, div: str, entries: list[Reference]) -> Resource:
        # marks, comments and unconfirmed proposals appear in the narrative only, not as data
        read = {"title": title, "text": narrative(div, "additional")}
        return {**read, "entry": entries} if entries else read

    def _shown(self, entries: list[EntryOnReviewSheet]) -> list[Reference]:
        goals = [self.goals[e.given.id] for e in entries if e.given.id in self.goals]
        return [{"reference": place} for place in (self.answers, *map(_place, goals))]

    def _goal(self, entry: EntryOnReviewSheet) -> None:
        """A wish or a need as a Goal expressed by the user, with the answers to it."""
        if entry.section not in WISHES_AND_NEEDS:
            for voice in entry.voices:
                self._trace(voice, self.composition)
            return
        place = self.people.place("goal", entry.given.id)
        self.goals[entry.given.id] = self.people.resource(
            "Goal",
            place,
            lifecycleStatus="proposed",
            description={"text": entry.words.text},
            subject=self.people.user,
            statusDate=self.sheet.shared_on.isoformat(),
            expressedBy=self.people.user,
            **_where_any("note", (self._note(voice, place) for voice in entry.voices)),
        )

    def _note(self, voice: SignedText, goal: str) -> Resource:
        lines = [voice.label, voice.words.text if voice.words else None, voice.until]
        if voice.earlier:
            lines += [voice.earlier_label, voice.earlier.text]
        return {
            "id": self._trace(voice, goal, named=True),
            "authorReference": self.people.whose(voice.given.signed),
            "time": instant(voice.given.signed.at),
            "text": "\n\n".join(filter(None, lines)),
        }

    def _trace(self, voice: SignedText, target: str, *, named: bool = False) -> str:
        element = f"words-{len(self.traces) + 1}"
        self.traces.append(Attribution("author", voice.given.signed, target, element if named else None))
        return element

    def _plan(self, agreed: list[AgreementOnReviewSheet]) -> list[Resource]:
        """Return what both have confirmed, and nothing that is still waiting."""
        if not agreed:
            return []
        place = self.people.place("plan")
        for one in agreed:
            self.traces.append(Attribution("author", one.given.signed, place, f"agreed-{one.given.id}"))
            confirmed = one.given.confirmed.values()
            self.traces += [
                Attribution("attester", signed, place, f"agreed-{one.given.id}") for signed in confirmed
            ]
        plan = self.people.resource(
            "CarePlan",
            place,
            language=self.sheet.language,
            text=narrative(agreements_read(agreed)),
            status="active",
            intent="plan",
            title=self.sheet.agreements_heading,
            subject=self.people.user,
            created=instant(max(one.given.agreement.agreed_at for one in agreed)),
            activity=[{"id": f"agreed-{one.given.id}", "detail": self._activity(one)} for one in agreed],
            **_where_any("note", _looked_at_again(agreed)),
        )
        return [plan]

    def _activity(self, one: AgreementOnReviewSheet) -> Resource:
        by_on = one.given.by_on
        return {
            "status": "not-started",
            **({"scheduledPeriod": {"end": by_on.isoformat()}} if by_on else {}),
            "performer": [self._performer(one)],
            "description": one.what.text,
        }

    def _performer(self, one: AgreementOnReviewSheet) -> Reference:
        who = one.given.who
        if isinstance(who, OtherPerson):
            return {"display": who.name}
        if who == "user":
            return self.people.user
        hands = [signed.by for signed in one.given.confirmed.values() if signed.whose == "professional"]
        # if several people confirmed it, the text does not say which of them does it
        return self.people.professional(hands[0] if len(hands) == 1 else None)


def _looked_at_again(agreed: list[AgreementOnReviewSheet]) -> Iterator[Resource]:
    """An activity has no field for a review date, so the note names the agreement it is about."""
    for one in agreed:
        if one.look_again:
            yield {"text": f"{one.what.text}\n\n{one.look_again}"}


def _where_any(name: str, many: Iterator[Resource]) -> dict[str, list[Resource]]:
    """FHIR allows no empty lists."""
    found = list(many)
    return {name: found} if found else {}


def _place(resource: Resource) -> str:
    return f"urn:uuid:{resource['id']}"
