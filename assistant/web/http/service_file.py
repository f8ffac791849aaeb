"""The service file: who runs the service, who reads and by when, and the titles of its people.

Each group in it names the person responsible and when it was last checked.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import PydanticCustomError

from assistant.child_process import run_in_child
from assistant.config import OPERATOR_LIMIT, ReadingPromise, Settings, SignInProvider, Unit, locales_folder
from assistant.dialogue import positions
from assistant.dialogue.checks.issues import Issue, issues_of_shape
from assistant.dialogue.text import AsWritten, Text
from assistant.errors import CannotStart
from assistant.languages import LANGUAGES
from assistant.retention import RELEASED, Retention
from assistant.value_class import value_class

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=OPERATOR_LIMIT)]

Issuer = Annotated[str, StringConstraints(pattern=r"^https?://[^\s?#]{4,300}$")]
UnitId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
"""Part of the unit's address."""
WebAddress = Annotated[str, StringConstraints(pattern=r'^https://[^\s"<>\\]{4,300}$')]
Mail = Annotated[
    str, StringConstraints(pattern=r"^[^\s@:<>]+@[^\s@:<>]+\.[^\s@:<>]+$", max_length=OPERATOR_LIMIT)
]


class ServiceModel(BaseModel):
    """Base of the models in the service file: unknown fields refused, immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class CheckedContacts(ServiceModel):
    """A group that is checked together, and who checked it."""

    owner: Name
    last_checked: date


class Operator(CheckedContacts):
    """The organisation that runs the server."""

    name: Name


class PeerWorker(CheckedContacts):
    """The title of staff with lived experience."""

    title: Text


class ReadingPromiseText(CheckedContacts):
    """Who reads what is sent ahead, by when, and who covers for them."""

    who: Text
    by_when: Text
    absence: Text
    readers: Annotated[tuple[Name, ...], Field(min_length=1)]


class UnitReading(ServiceModel):
    """Who reads what is sent ahead to a unit, by when, and who covers for them."""

    who: Text
    by_when: Text
    absence: Text
    readers: Annotated[tuple[Name, ...], Field(min_length=1)]


class Contact(ServiceModel):
    """An emergency contact."""

    number: Name
    name: Text
    what: Text
    source: Name


class Contacts(CheckedContacts):
    """The emergency contacts."""

    numbers: Annotated[tuple[Contact, ...], Field(min_length=1)]


class HelpToCall(ServiceModel):
    """Whom a peer worker calls when a guided session needs help."""

    number: Name
    name: Text
    what: Text


class GuidedGroup(CheckedContacts):
    """What users of guided sessions are told about health records, and whom their facilitators call."""

    record: Text
    call: HelpToCall


class Reachable(ServiceModel):
    """An office, and the ways to reach it."""

    name: Name
    phone: Name | None = None
    email: Mail | None = None
    address: Name | None = None
    """The postal address, on one line."""
    link: WebAddress | None = None

    @property
    def has_a_way(self) -> bool:
        """Return whether there is any way to reach it."""
        return any((self.phone, self.email, self.address, self.link))


class PrivacyGroup(CheckedContacts):
    """Who decides about the data, whom to ask and complain to, and what only the service knows."""

    controller: Reachable
    officer: Reachable | None = None
    """The data protection officer."""
    ombud: Reachable | None = None
    """The patient and user ombud of the county."""
    accessibility: WebAddress | None = None
    """The accessibility statement on uustatus.no."""
    basis: Text | None = None
    """The legal basis, as the controller decided it."""
    backups: Text | None = None
    """For how long backups are kept."""


class SignInGroup(CheckedContacts):
    """The identity provider at which staff sign in. Its key is a file in the keys folder."""

    name: Name
    profile: Literal["helseid", "entra"]
    issuer: Issuer
    client_id: Name
    person: Name = "sub"
    scopes: tuple[Name, ...] = ()
    acr: tuple[Name, ...] = ()
    require: Mapping[Name, Name] = Field(default_factory=dict)
    signed_in_within: Annotated[int, Field(ge=1, le=1440)] | None = None
    session_minutes: Annotated[int, Field(ge=5, le=720)] = 480
    check_minutes: Annotated[int, Field(ge=1, le=60)] = 5
    password: bool = False

    @property
    def provider(self) -> SignInProvider:
        """Return the settings of the provider."""
        return SignInProvider(**self.model_dump(exclude={"owner", "last_checked"}))


class UnitPrivacy(ServiceModel):
    """The answers of a unit that differ from those of the whole service."""

    controller: Reachable | None = None
    officer: Reachable | None = None
    ombud: Reachable | None = None
    basis: Text | None = None
    backups: Text | None = None


class UnitGroup(CheckedContacts):
    """A unit with staff and readers of its own."""

    id: UnitId
    name: Text
    staff: tuple[Name, ...] = ()
    """The sign-in names of those who work there; readers need not be repeated."""
    reading: UnitReading | None = None
    contact: Reachable | None = None
    privacy: UnitPrivacy | None = None

    @property
    def unit(self) -> Unit:
        """Return what the program needs to know of it."""
        readers = self.reading.readers if self.reading else ()
        return Unit(
            id=self.id,
            name=self.name.root,
            staff=frozenset((*self.staff, *readers)),
            reading=_promise(self.reading),
        )


def _only_once(units: tuple[UnitGroup, ...]) -> tuple[UnitGroup, ...]:
    if len({unit.id for unit in units}) < len(units):
        raise PydanticCustomError("unit_twice", "give each unit an 'id' of its own")
    return units


class Service(ServiceModel):
    """The content of the file. Only the emergency contacts are required."""

    operator: Operator | None = None
    peer_worker: PeerWorker | None = None
    reading: ReadingPromiseText | None = None
    contacts: Contacts
    guided: GuidedGroup | None = None
    privacy: PrivacyGroup | None = None
    sign_in: SignInGroup | None = None
    retention: Retention = RELEASED
    """How long everything is kept and stays open."""
    units: Annotated[tuple[UnitGroup, ...], AfterValidator(_only_once)] = ()
    """Units with readers of their own; without them the whole service is one."""
    insight: bool = False
    """Whether users are asked to be counted in the service's figures."""
    zone: Name | None = None
    """The time zone for times shown to people, by its tz database name."""

    @property
    def operator_name(self) -> str | None:
        """Return the name of the organisation that runs the server."""
        return self.operator.name if self.operator else None

    @property
    def promise(self) -> ReadingPromise | None:
        """Return the reading promise; without it nothing can be sent ahead. Units have their own."""
        return None if self.units else _promise(self.reading)

    def unit(self, id_: str) -> UnitGroup | None:
        """Return the unit with this id, if there is one."""
        return next((unit for unit in self.units if unit.id == id_), None)

    def privacy_at(self, unit: UnitGroup | None) -> PrivacyGroup | None:
        """Return what applies at a unit: its own answers before those of the whole service."""
        if self.privacy is None or unit is None or unit.privacy is None:
            return self.privacy
        own = {name: given for name, given in unit.privacy if given is not None}
        return self.privacy.model_copy(update=own)

    def settle(self, settings: Settings) -> Settings:
        """Return the settings completed from the file; command-line options and environment variables win."""
        return settings.model_copy(
            update={
                "operator": settings.operator or self.operator_name,
                "reading": settings.reading or self.promise,
                "zone": settings.zone or self.zone,
                "sign_in": settings.sign_in or (self.sign_in.provider if self.sign_in else None),
                "units": settings.units or tuple(group.unit for group in self.units),
                "insight": self.insight,
                "retention": self.retention.with_security_log(settings.security_log_days),
            }
        )


def _promise(reading: ReadingPromiseText | UnitReading | None) -> ReadingPromise | None:
    if reading is None:
        return None
    return ReadingPromise(
        who=reading.who.root,
        by_when=reading.by_when.root,
        absence=reading.absence.root,
        readers=frozenset(reading.readers),
    )


@value_class
class ServiceRead:
    """The service file as read: its content or its errors, with the position of everything."""

    file: str
    service: Service | None
    issues: tuple[Issue, ...]
    marks: Mapping[positions.Path, positions.Mark]


def read_service(path: Path) -> Service:
    """Return the file's content. Raises `CannotStart` with all its errors."""
    found = look_at_service(path)
    if found.service is None:
        raise CannotStart("\n".join(map(str, found.issues)))
    return found.service


def read_service_in_child(path: Path) -> Service:
    """Return the file's content, and leave what reads YAML to a child process. Raises `CannotStart` with all
    its errors. The file names people, so no copy of it is kept for the next start.
    """

    def read() -> Mapping[str, Any]:
        from assistant.dialogue.marked_yaml import read_marked

        marked = read_marked(path.read_text("utf-8"))
        return {} if marked.problems else {"data": marked.data}

    if found := run_in_child(read):
        with suppress(ValidationError):
            return _from_data(found["data"])
    return read_service(path)  # it says what is wrong


def _from_data(data: Any) -> Service:
    return Service.model_validate(data, context=AsWritten(LANGUAGES))


def zone_in(path: Path) -> str | None:
    """Return the time zone in the file; None if it names none or cannot be read."""
    found = look_at_service(path)
    return found.service.zone if found.service else None


def look_at_service(path: Path) -> ServiceRead:
    """Read the file: its content, or all its errors."""
    from assistant.dialogue.marked_yaml import read_marked  # a server leaves it to a child process

    folder = locales_folder()
    name = f"{folder.name}/{path.name}" if path.parent == folder else str(path)
    try:
        marked = read_marked(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        what = f"the file cannot be read ({type(error).__name__})"
        do = "save it as UTF-8 text that this program may read"
        return ServiceRead(name, None, (Issue(name, 1, 1, "D101", what, do),), {})
    if marked.problems:
        issues = [
            Issue(name, *problem.mark, "D102" if problem.twice else "D101", problem.what, problem.do)
            for problem in marked.problems
        ]
        return ServiceRead(name, None, tuple(issues), marked.marks)
    try:
        service = _from_data(marked.data)
    except ValidationError as error:
        of_shape = issues_of_shape(error, name, marked.marks, Service)
        return ServiceRead(name, None, tuple(of_shape), marked.marks)
    return ServiceRead(name, service, (), marked.marks)
