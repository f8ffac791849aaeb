"""The people in a FHIR document, and the attribution of words to them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID, uuid5

from assistant.exports.fhir.narrative import narrative, said_plainly
from assistant.exports.review.sheet import ReviewSheet
from assistant.meetings.review.review import Author, Signed
from assistant.value_class import value_class

Resource = dict[str, Any]
Reference = dict[str, str]
Role = Literal["author", "attester"]
_ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
_ELEMENT = "http://hl7.org/fhir/StructureDefinition/targetElement"
_PART_TAKEN = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"


def instant(at: datetime) -> str:
    """Format a moment for FHIR, in UTC with seconds."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


@dataclass
class People:
    """The people mentioned so far. The same person is always the same resource within a document."""

    document: UUID
    sheet: ReviewSheet
    operator: str | None
    resources: dict[str, Resource] = field(default_factory=dict)

    def place(self, *name: str) -> str:
        """Return a reference to a new place in this document."""
        return uuid5(self.document, "/".join(name)).urn

    def resource(self, kind: str, place: str, **content: Any) -> Resource:
        """Add a resource at its reference."""
        return {"resourceType": kind, "id": place.removeprefix("urn:uuid:"), **content}

    @property
    def user(self) -> Reference:
        """The user. This program never asks for a name or an identity number; the record knows the
        patient.
        """
        name = [{"extension": [{"url": _ABSENT, "valueCode": "not-asked"}]}]
        text = narrative(said_plainly(self.sheet.nameless))
        return self._at("Patient", self.place("user"), text=text, name=name)

    def professional(self, author: Author | None) -> Reference:
        """Return the professional as a FHIR Practitioner, by display name; a generic one if nothing was
        signed.
        """
        if author is None or not author.name:
            name: list[Resource] = [{"extension": [{"url": _ABSENT, "valueCode": "unknown"}]}]
        else:
            name = [{"text": author.name}]
        id_ = author.id if author is not None else ""
        return self._at("Practitioner", self.place("professional", id_), name=name)

    @property
    def service(self) -> Reference | None:
        """The organisation that runs the service, if named."""
        if not self.operator:
            return None
        return self._at("Organization", self.place("service"), name=self.operator)

    def whose(self, signed: Signed) -> Reference:
        """Return the person whose words they are."""
        if signed.whose == "user":
            return self.user
        return self.professional(signed.by if signed.is_in_own_hand else None)

    def author(self, signed: Signed) -> Reference:
        """Return the person who wrote the words down."""
        return self.user if signed.by.side == "user" else self.professional(signed.by)

    def _at(self, kind: str, place: str, **content: Any) -> Reference:
        self.resources.setdefault(place, self.resource(kind, place, **content))
        return {"reference": place}


@value_class
class Attribution:
    """Attributes words in a resource to a person, or records that a person confirms it."""

    role: Role
    signed: Signed
    target: str
    element: str | None = None
    """The id of the element in the resource that contains the words."""


def provenances(people: People, traces: list[Attribution], at: datetime) -> Iterator[Resource]:
    """Return the Provenance resources: one for each side, writer and role."""
    groups: dict[tuple[str, ...], list[Attribution]] = {}
    for trace in traces:
        by = trace.signed.by
        groups.setdefault((trace.role, trace.signed.whose, by.side, by.id), []).append(trace)
    for name, group in groups.items():
        signed, signed_as = group[0].signed, group[0].role
        agents = [_agent(signed_as, people.whose(signed))]
        if not signed.is_in_own_hand:
            agents.append(_agent("enterer", people.author(signed)))
        said = sorted(trace.signed.at for trace in group)
        yield people.resource(
            "Provenance",
            people.place("provenance", *name),
            target=list(_targets(group)),
            occurredPeriod={"start": instant(said[0]), "end": instant(said[-1])},
            recorded=instant(at),
            agent=agents,
        )


def shared_by_the_user(people: People, targets: list[str], at: datetime) -> Resource:
    """Return the Provenance that says: these are the user's own words, shared by their own choice."""
    return people.resource(
        "Provenance",
        people.place("provenance", "shared"),
        target=[{"reference": target} for target in targets],
        occurredDateTime=people.sheet.shared_on.isoformat(),
        recorded=instant(at),
        agent=[_agent("author", people.user)],
    )


def _targets(group: list[Attribution]) -> Iterator[Resource]:
    for place in dict.fromkeys(trace.target for trace in group):
        elements = dict.fromkeys(t.element for t in group if t.target == place and t.element)
        target: Resource = {"reference": place}
        if elements:
            target = {"extension": [{"url": _ELEMENT, "valueUri": e} for e in elements], **target}
        yield target


def _agent(part: str, who: Reference) -> Resource:
    return {"type": {"coding": [{"system": _PART_TAKEN, "code": part}]}, "who": who}
