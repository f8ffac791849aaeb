"""Retention: how long things are kept and stay open, as the service decides within bounds.

The service file gives each period as a number and a unit, `90 days`. What it does not give is as it was when
the program was released. Periods that only the program needs, such as the life of a request id, are not here.
"""

import re
from datetime import timedelta
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from assistant.value_class import value_class

_YEAR = timedelta(days=365)
_UNITS = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    "year": _YEAR,
}
_WRITTEN = re.compile(r"([1-9][0-9]{0,4}) (minute|hour|day|week|year)s?")
MOST_MONTHS = 60
"""The most months that a user may choose to keep a notebook."""
CHOICES_LIMIT = 6


def _read(given: Any) -> timedelta:
    if isinstance(given, timedelta):
        return given
    found = _WRITTEN.fullmatch(given) if isinstance(given, str) else None
    if found is None:
        raise PydanticCustomError(
            "period_unreadable", "write a number and a unit: 20 minutes, 12 hours, 90 days, 4 weeks or 1 year"
        )
    return int(found[1]) * _UNITS[found[2]]


@value_class
class Between:
    """The bounds of a period, both included, as they are written in the service file."""

    least: str
    most: str

    def read(self, given: Any) -> timedelta:
        """Return the period as written. Raises pydantic's error for one that is unreadable or outside."""
        period = _read(given)
        if not _read(self.least) <= period <= _read(self.most):
            raise PydanticCustomError(
                "period_outside",
                "choose between {least} and {most}",
                {"least": self.least, "most": self.most},
            )
        return period

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.read, handler(source))


def _ascending(months: Any) -> Any:
    is_list = isinstance(months, (list, tuple)) and all(type(month) is int for month in months)
    if (
        not is_list
        or not 1 <= len(months) <= CHOICES_LIMIT
        or sorted(set(months)) != list(months)
        or not 1 <= months[0] <= months[-1] <= MOST_MONTHS
    ):
        raise PydanticCustomError(
            "months_unreadable",
            "write at most {limit} numbers of months between 1 and {most}, the lowest first: [1, 3, 12]",
            {"limit": CHOICES_LIMIT, "most": MOST_MONTHS},
        )
    return tuple(months)


class Retention(BaseModel):
    """How long everything is kept that a service may decide about."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    notebook: Annotated[timedelta, Between("30 days", "5 years")] = _YEAR
    """The notebook, after it was last used, unless the user chose a day."""
    unanswered: Annotated[timedelta, Between("1 hour", "7 days")] = timedelta(days=1)
    """A notebook in which nothing was answered."""
    months: Annotated[tuple[int, ...], BeforeValidator(_ascending)] = (1, 3, 12, 24)
    """The months from now that a user may choose between."""
    own_browser: Annotated[timedelta, Between("1 day", "90 days")] = timedelta(weeks=4)
    """The user's own browser stays open, after the last act."""
    borrowed_browser: Annotated[timedelta, Between("5 minutes", "60 minutes")] = timedelta(minutes=20)
    """A borrowed browser stays open, after the last act."""
    only_looking: Annotated[timedelta, Between("1 hour", "12 hours")] = timedelta(hours=3)
    """Only viewing pages keeps a browser open, after the last act."""
    share_code: Annotated[timedelta, Between("5 minutes", "2 hours")] = timedelta(minutes=30)
    """A code shown in the meeting is valid."""
    together: Annotated[timedelta, Between("1 hour", "24 hours")] = timedelta(hours=12)
    """How long a share opened together can be read: a meeting, with time around it."""
    ahead: Annotated[timedelta, Between("1 day", "90 days")] = timedelta(days=14)
    """How long a share sent ahead can be read after the meeting, to the end of that week."""
    invitation: Annotated[timedelta, Between("7 days", "180 days")] = timedelta(days=60)
    """An invitation without a date works."""
    staff_drafts: Annotated[timedelta, Between("1 day", "30 days")] = timedelta(days=7)
    """Half-filled forms of staff, after the last change."""
    staff_idle: Annotated[timedelta, Between("10 minutes", "2 hours")] = timedelta(minutes=60)
    """A sign-in of staff, after the last act: by default the length of a meeting."""
    staff_longest: Annotated[timedelta, Between("2 hours", "12 hours")] = timedelta(hours=8)
    """A sign-in of staff, in all: by default a working day."""
    staff_link: Annotated[timedelta, Between("1 hour", "14 days")] = timedelta(days=3)
    """The one-time link to a new account."""
    known_browser: Annotated[timedelta, Between("30 days", "1 year")] = timedelta(days=180)
    """A browser that staff signed in from is known, after the last sign-in."""
    account_changes: Annotated[timedelta, Between("30 days", "2 years")] = timedelta(days=90)
    """Changes to accounts are shown to everyone who works here."""
    security_log: Annotated[timedelta, Between("30 days", "5 years")] = timedelta(days=180)
    """The security log."""

    def with_security_log(self, days: int | None) -> Self:
        """Return the same with another life of the security log, if one was given at start."""
        return self if days is None else self.model_copy(update={"security_log": timedelta(days=days)})


RELEASED = Retention()
"""The periods of a service that decides about none."""
