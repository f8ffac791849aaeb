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
"""Characters in one own text: about two written pages, and far under what a sealed document holds."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Place = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}(/[a-z][a-z0-9_]{0,39})?$")]

Address = str
"""The address of a state: `part/state`, or `part/topic/state` in a part that is repeated for each topic.

Never an index, so an inserted question moves nothing.
"""


AGREEMENTS = "agreements"
"""A reserved name for `for_each`: repeat the part for each agreement from earlier meetings."""


class Option(AuthoredModel):
    """Something to choose; in the I-form, because the person says it."""

    id: Name
    text: Text


class When(AuthoredModel):
    """A condition: every guard that is named must hold. The names are those of `guards.py`."""

    chose: dict[Place, Name] | None = None
    answered: Place | None = None


class Transition(AuthoredModel):
    """Where to go next, and when."""

    when: When | None = None
    to: Place


class _State(AuthoredModel):
    id: Name
    prompt: Text
    when: When | None = None
    """Ask this state only if the condition holds; otherwise follow its last transition."""
    next: list[Transition] | None = None
    facilitator: Text | None = None
    """What a peer worker who holds the conversation may say, leave, and pause for; never shown to a user."""


class Say(_State):
    """Something the guide says; it asks nothing, so the way passes straight on."""

    asks: Literal["say"]


class _Question(_State):
    why: Text
    section: Name | None = None
    """The section of the summary that shows the answer. Without one, the answer never leaves the notebook."""
    examples: list[Text] = Field(default=[])
    offered: bool = False
    """The question can be opened, but the conversation does not lead to it."""


class Choice(_Question):
    """Choose one, and add to it in own words where there is a field for them."""

    asks: Literal["choice"]
    options: list[Option] = Field(min_length=2)
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
    """One of the two axes of a balance: how much, in which forms, and in own words."""

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
    """Support and challenge as two axes, never one line between them."""

    asks: Literal["balance"]
    support: Side
    challenge: Side
    stop: Stop


class Day(_Question):
    """A date, with a time of day where one is wanted."""

    asks: Literal["date"]
    with_time: bool = False


class Rank(_Question):
    """Put first some of what was said before, in the sections named."""

    asks: Literal["rank"]
    among: list[Name] = Field(min_length=1)
    at_most: int = Field(default=3, ge=1, le=5)


Question = Choice | Choices | OwnText | Statements | Balance | Day | Rank
State = Annotated[Say | Question, Field(discriminator="asks")]

IN_OWN_WORDS = (OwnText, Statements, Balance)
"""The questions a person answers in their own words."""


class Section(AuthoredModel):
    """A heading in the summary, in the words of the person it belongs to."""

    id: Name
    heading: Text


class Part(AuthoredModel):
    """One file of a dialogue: what belongs together."""

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
    """What a peer worker may know before the part begins; never shown to a user."""


class Frame(AuthoredModel):
    """`dialogue.yaml`: what the parts are held together by."""

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
        """The dialogue without the facilitator's notes: all that a conversation, or a user, ever meets."""
        no_note = {"facilitator": None}
        parts = [
            part.model_copy(update={"states": [s.model_copy(update=no_note) for s in part.states], **no_note})
            for part in self.parts
        ]
        return Dialogue(frame=self.frame, parts=parts)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over everything that is asked: exactly which wording a person met. Facilitator notes are
        not included.
        """
        return hashlib.sha256(self.as_asked.model_dump_json(exclude_none=True).encode()).hexdigest()

    @cached_property
    def _parts(self) -> dict[str, Part]:
        return {part.id: part for part in reversed(self.parts)}

    def part_of(self, address: Address) -> Part:
        """The part of a state."""
        return self._parts[address.partition("/")[0]]

    def state(self, address: Address) -> Say | Question:
        """Return the state at this address. All topics of a repeated part share it."""
        return self.states[written_at(address)]

    def question(self, address: Address) -> Question:
        """The question at this address; the caller knows that it is one."""
        state = self.state(address)
        assert not isinstance(state, Say), "a say asks nothing"
        return state

    def opening(self) -> Iterator[Say]:
        """What the guide says before the first question. Shown on the first page."""
        for state in self.states.values():
            if not isinstance(state, Say):
                return
            yield state

    def after_part(self, part: str) -> Address | None:
        """Where the part that follows this one begins; None after the last."""
        ids = [other.id for other in self.parts]
        following = self.parts[ids.index(part) + 1 :]
        return f"{following[0].id}/{following[0].states[0].id}" if following else None

    def names_topics(self, part: Part) -> Address | None:
        """Return the question that names a part's topics, or `AGREEMENTS`; None for an unrepeated part."""
        if part.for_each is None or part.for_each == AGREEMENTS:
            return part.for_each
        return self.resolve(part.for_each, part.id)

    def transitions_from(self, address: Address) -> list[tuple[When | None, Address | None]]:
        """The ways out of a state, in order; None is the end. Left out, the way goes on to what follows."""
        state = self.states[address]
        if state.next is None:
            order = list(self.states)
            following = order.index(address) + 1
            return [(None, order[following] if following < len(order) else None)]
        part = address.split("/")[0]
        return [(way.when, self.resolve(way.to, part)) for way in state.next]

    def resolve(self, place: str, part: str) -> Address | None:
        """What a place named in `to:` or a guard means from inside a part.

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
    part, *_, state = address.split("/")
    return f"{part}/{state}"


def topic_of(address: Address) -> str | None:
    """Return the topic in an address, or None if its part is not repeated."""
    steps = address.split("/")
    return steps[1] if len(steps) == 3 else None
