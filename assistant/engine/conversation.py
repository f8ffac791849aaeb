"""A conversation: the answers given so far, and the current question.

The journey is not stored; `journey.py` computes it from the answers every time. Words are kept exactly as
received, character for character.
"""

from datetime import date, time
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SerializeAsAny

from assistant.dialogue.model import Address

FORMAT: Literal[1] = 1
ROUND_OFF: Address = "end"
"""The address when nothing is left to ask."""


class StoredModel(BaseModel):
    """A stored model: unknown fields are refused on reading, and it is immutable."""

    # pydantic would keep short strings that it read, of anybody, to find them again: names and words stay in
    # memory for as long as the request that reads them
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True, cache_strings="keys")


class Statement(StoredModel):
    """Own words, with an id that survives edits and a version that counts them."""

    id: str
    text: str
    version: int = 1


class Skipped(StoredModel):
    """The person chose not to answer. It counts as a complete answer."""

    kind: Literal["skipped"] = "skipped"

    @property
    def given(self) -> bool:
        return False

    @property
    def options(self) -> tuple[str, ...]:
        return ()


class _Given(StoredModel):
    @property
    def given(self) -> bool:
        return True


class ChosenOptions(_Given):
    """One or more options, own words in their place, or both."""

    kind: Literal["chosen"] = "chosen"
    options: tuple[str, ...]
    own: tuple[Statement, ...] = ()

    @property
    def topics(self) -> tuple[str, ...]:
        """The ids of everything chosen or named, for parts repeated for each topic."""
        return (*self.options, *(statement.id for statement in self.own))


class _Said(_Given):
    @property
    def options(self) -> tuple[str, ...]:
        return ()


class StatementsGiven(_Said):
    """One or more statements in own words."""

    kind: Literal["stated"] = "stated"
    statements: tuple[Statement, ...]


class Axis(StoredModel):
    """One axis of a balance: level, forms, and own words."""

    level: str | None = None
    forms: tuple[str, ...] = ()
    own: Statement | None = None


class PlacedBalance(_Said):
    """Support and challenge, each on its own axis, and how to tell that it is too much."""

    kind: Literal["placed"] = "placed"
    support: Axis
    challenge: Axis
    signal: Statement | None = None
    then: Statement | None = None


class OnDay(_Said):
    """A date, with a time of day if given; local to where the meeting takes place."""

    kind: Literal["day"] = "day"
    on: date
    at: time | None = None


class RankedStatements(_Said):
    """Ids of the statements put first; ids of deleted statements are ignored."""

    kind: Literal["ranked"] = "ranked"
    first: tuple[str, ...]


Answer = Annotated[
    Skipped | ChosenOptions | StatementsGiven | PlacedBalance | OnDay | RankedStatements,
    Field(discriminator="kind"),
]


class Conversation(StoredModel):
    """A dialogue being held by one user for one meeting, on the version it began with."""

    format: Literal[1] = FORMAT
    dialogue: str
    """The content hash of the dialogue's text."""
    turn: int = 0
    at: Address
    # each answer is written as what it is: to find it in the union first takes pydantic as long again
    answers: dict[Address, SerializeAsAny[Answer]] = {}
    carried: tuple[Statement, ...] = ()
    """Agreements of earlier meetings that it began with, by id and in the user's words."""
    topics_aside: tuple[Statement, ...] = ()
    """Names of user-named topics that were removed while they still have answers, so that they can be
    restored.
    """
