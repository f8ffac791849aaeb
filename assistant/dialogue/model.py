"""A dialogue as its author wrote it, checked for shape.

A dialogue has parts, a part has states, a state asks one thing in every language. Nothing here can
hold code: a condition is one of the named guards of `guards.py`, and nothing else.
"""

import hashlib
from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from assistant.dialogue.text import AuthoredModel as AuthoredModel
from assistant.dialogue.text import Text as Text

TEXT_LIMIT = 4_000
"""Characters in one text: about two written pages, and well below the limit of a sealed document."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Place = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}(/[a-z][a-z0-9_]{0,39})?$")]

Address = str
"""The address of a state: `part/state`, or `part/topic/state` in a part that is repeated for each topic.

Never an index, so an inserted question moves nothing.
"""


AGREEMENTS = "agreements"
"""A reserved name for `for_each`: repeat the part for each agreement from earlier meetings."""


class Option(AuthoredModel):
    """An option to choose, worded in the first person because the user says it."""

    id: Name
    text: Text
    folded: Literal[True] | None = None
    """Shown only under the `others` of its choice: a long list begins with what is likely."""


class When(AuthoredModel):
    """A condition: every named guard must hold. The names are those of `guards.py`."""

    chose: dict[Place, Name] | None = None
    answered: Place | None = None


class Transition(AuthoredModel):
    """A transition: the next state, and a condition for it."""

    when: When | None = None
    to: Place


class _State(AuthoredModel):
    id: Name
    prompt: Text
    when: When | None = None
    """Ask this state only if the condition holds; otherwise follow its last transition."""
    next: list[Transition] | None = None
    facilitator: Text | None = None
    """Notes for a facilitating peer worker: what to say, leave, or pause for. Never shown to a user."""


class Say(_State):
    """A statement by the guide. It asks nothing, so the conversation goes straight on."""

    asks: Literal["say"]


class _Question(_State):
    why: Text
    section: Name | None = None
    """The section of the summary that shows the answer. Without one, the answer never leaves the notebook."""
    examples: list[Text] = Field(default=[])
    offered: bool = False
    """The question can be opened, but the conversation does not lead to it. Its answer is optional."""


class Choice(_Question):
    """Choose one option, and add own words if there is a field for them."""

    asks: Literal["choice"]
    options: list[Option] = Field(min_length=2)
    others: Text | None = None
    """The label of the list of `folded` options, which a person opens; without it, all are shown at once."""
    own: Text | None = None
    """The label of the field for own words, which are kept with the option or alone."""


class Choices(_Question):
    """Choose several options, or name others in own words."""

    asks: Literal["choices"]
    options: list[Option] = Field(min_length=2)
    own: Text | None = None
    """The label of the field for own words; without it, only the options can be chosen."""
    at_most: int | None = Field(default=None, ge=1, le=10)


class OwnText(_Question):
    """One text in own words."""

    asks: Literal["text"]


class Statements(_Question):
    """Several separate entries in own words, each shared or kept on its own."""

    asks: Literal["statements"]
    at_most: int = Field(default=5, ge=1, le=10)


class Side(AuthoredModel):
    """One of the two axes of a balance: a level, forms, and own words."""

    label: Text
    levels: list[Option] = Field(min_length=2)
    forms: list[Option] = Field(min_length=1)
    own: Text


class Stop(AuthoredModel):
    """How others can tell that it has become too much, and what they should do then."""

    label: Text
    signal: Text
    then: Text


class Balance(_Question):
    """Support and challenge as two separate axes."""

    asks: Literal["balance"]
    support: Side
    challenge: Side
    stop: Stop


class Day(_Question):
    """A date, with an optional time of day if asked for."""

    asks: Literal["date"]
    with_time: bool = False


class Rank(_Question):
    """Choose which of the earlier entries in these sections come first."""

    asks: Literal["rank"]
    among: list[Name] = Field(min_length=1)
    at_most: int = Field(default=3, ge=1, le=5)


Question = Choice | Choices | OwnText | Statements | Balance | Day | Rank
State = Annotated[Say | Question, Field(discriminator="asks")]

IN_OWN_WORDS = (OwnText, Statements, Balance)
"""The questions a person answers in their own words."""


class Section(AuthoredModel):
    """A heading in the summary, worded from the user's point of view."""

    id: Name
    heading: Text


class Part(AuthoredModel):
    """One file of a dialogue: a group of states."""

    id: Name
    topic: Text
    when: When | None = None
    """Enter this part only if the condition holds; otherwise go on to the next part."""
    for_each: Place | None = None
    """Repeat this part for each topic chosen in an earlier question, with separate answers for each topic.

    Leaving the part ends the current topic; after the last topic the conversation follows that topic's
    transition. Without topics the part is skipped. `agreements` repeats it for the agreements carried over
    from earlier meetings.
    """
    states: list[State] = Field(min_length=1)
    facilitator: Text | None = None
    """Notes for a peer worker before the part begins; never shown to a user."""


class Frame(AuthoredModel):
    """`dialogue.yaml`: the dialogue's metadata and the list of its parts."""

    spec: Literal[1]
    id: Name
    version: int = Field(ge=1)
    title: Text
    sections: list[Section]
    parts: list[Name] = Field(min_length=1)


class Dialogue(AuthoredModel):
    """The authored script of one kind of conversation, at one version."""

    frame: Frame
    parts: list[Part]

    @cached_property
    def states(self) -> dict[Address, Say | Question]:
        """Every state by its address, in the order the author wrote them."""
        return {f"{part.id}/{state.id}": state for part in self.parts for state in part.states}

    @cached_property
    def as_asked(self) -> "Dialogue":
        """Return the dialogue without facilitator notes: all that a conversation or a user ever sees."""
        no_note = {"facilitator": None}
        parts = [
            part.model_copy(update={"states": [s.model_copy(update=no_note) for s in part.states], **no_note})
            for part in self.parts
        ]
        return Dialogue(frame=self.frame, parts=parts)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of everything that is asked: identifies the exact wording. Excludes facilitator notes."""
        return hashlib.sha256(self.as_asked.model_dump_json(exclude_none=True).encode()).hexdigest()

    @cached_property
    def as_json(self) -> str:
        """The exact text, to be stored."""
        return self.model_dump_json()

    @cached_property
    def _parts(self) -> dict[str, Part]:
        return {part.id: part for part in reversed(self.parts)}

    def part_of(self, address: Address) -> Part:
        """Return the part of a state."""
        return self._parts[part_id_of(address)]

    def state(self, address: Address) -> Say | Question:
        """Return the state at this address. All topics of a repeated part share it."""
        return self.states.get(address) or self.states[written_at(address)]

    def question(self, address: Address) -> Question:
        """Return the question at this address. The caller must know that it is one."""
        state = self.state(address)
        assert state.asks != "say", "a say asks nothing"
        return state

    def opening(self) -> Iterator[Say]:
        """Return the guide's statements before the first question. Shown on the first page."""
        for state in self.states.values():
            if not isinstance(state, Say):
                return
            yield state

    def after_part(self, part: str) -> Address | None:
        """Return the first state of the part after this one, or None after the last part."""
        ids = [other.id for other in self.parts]
        following = self.parts[ids.index(part) + 1 :]
        return f"{following[0].id}/{following[0].states[0].id}" if following else None

    def names_topics(self, part: Part) -> Address | None:
        """Return the question that names a part's topics, or `AGREEMENTS`; None for an unrepeated part."""
        if part.for_each is None or part.for_each == AGREEMENTS:
            return part.for_each
        return self.resolve(part.for_each, part.id)

    def transitions_from(self, address: Address) -> list[tuple[When | None, Address | None]]:
        """Return the transitions out of a state, in order; None is the end. Without any, the next state
        follows.
        """
        state = self.states[address]
        if state.next is None:
            order = list(self.states)
            following = order.index(address) + 1
            return [(None, order[following] if following < len(order) else None)]
        part = part_id_of(address)
        return [(way.when, self.resolve(way.to, part)) for way in state.next]

    def resolve(self, place: str, part: str) -> Address | None:
        """Resolve a name in `to:` or in a guard, relative to a part.

        `state` is in the same part, `part/state` anywhere, a part's own id is its first state, and `end`
        is the round-off, which has no address.
        """
        if place == "end":
            return None
        if "/" in place:
            return place
        if f"{part}/{place}" in self.states:
            return f"{part}/{place}"
        named = next((p for p in self.parts if p.id == place), None)
        return f"{named.id}/{named.states[0].id}" if named else f"{part}/{place}"


def written_at(address: Address) -> Address:
    """Return the address the author wrote, `part/state`, for the state at this address."""
    if address.count("/") < 2:
        return address
    part, *_, state = address.split("/")
    return f"{part}/{state}"


def part_id_of(address: Address) -> str:
    """Return the id of the part in an address."""
    return address.partition("/")[0]


def topic_of(address: Address) -> str | None:
    """Return the topic in an address, or None if its part is not repeated."""
    return address.split("/")[1] if address.count("/") == 2 else None
