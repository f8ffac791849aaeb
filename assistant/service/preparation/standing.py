"""The current question of a preparation, with what its page shows."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property

from assistant.dialogue.model import IN_OWN_WORDS, Address, Dialogue, Question
from assistant.engine.conversation import ROUND_OFF, Answer, Conversation
from assistant.engine.journey import Journey, standing, walk
from assistant.engine.machine import DialogueMachine
from assistant.engine.reply import Given, as_given
from assistant.engine.way import PartVisit, part_visits
from assistant.meetings.notebook import Meeting
from assistant.meetings.summary import Unread
from assistant.service.preparation.drafts import NotebookContents, SeenRevisions
from assistant.value_class import value_class


@value_class
class Standing:
    """The current question and the fields of a preparation for one meeting."""

    meeting: Meeting
    machine: DialogueMachine
    conversation: Conversation
    journey: Journey
    at: Address
    filled: Given
    """The content of the fields: the draft, else the answer."""
    is_draft: bool
    drafts: Mapping[Address, Given]
    """Text that is typed but not submitted, for every question."""
    way_back_due: bool
    """The next question asks for own words, and the link and codename have not been shown yet."""
    way_back_shown: bool
    link: str | None
    kept_until: datetime
    kept_until_chosen: bool
    """The user chose that date, and only a new choice moves it."""
    seen: SeenRevisions
    has_earlier_meetings: bool
    """There are meetings before this one in the notebook, which may have left something for it."""
    unread: Unread
    """What another person wrote for the user, who has not approved it yet."""
    is_by_another: bool
    """Another person writes in this session."""

    @classmethod
    def of(
        cls, machine: DialogueMachine, read: NotebookContents, at: Address | None, *, is_by_another: bool
    ) -> "Standing":
        """Return the current question in what was read; with `at`, as if that question were current."""
        journey = read.journey or walk(machine, read.conversation.answers, read.conversation.carried)
        here = standing(journey, read.conversation.at)
        if at is not None and at in journey.questions:
            here = at
        draft = read.draft.fields.get(here)
        question = None if here == ROUND_OFF else machine.dialogue.question(here)
        return cls(
            meeting=read.meeting,
            machine=machine,
            conversation=read.conversation,
            journey=journey,
            at=here,
            filled=draft if draft is not None else as_given(journey.answers.get(here)),
            is_draft=draft is not None,
            drafts=read.draft.fields,
            way_back_due=isinstance(question, IN_OWN_WORDS) and not read.notebook.way_back_shown,
            way_back_shown=read.notebook.way_back_shown,
            link=read.notebook.link,
            kept_until=read.notebook.kept_until,
            kept_until_chosen=read.notebook.chosen_until is not None,
            seen=SeenRevisions.of(read.notebook, read.meeting),
            has_earlier_meetings=bool(read.notebook.before(read.meeting.id)),
            unread=read.written_for.unread,
            is_by_another=is_by_another,
        )

    @property
    def dialogue(self) -> Dialogue:
        """The text this conversation began with."""
        return self.machine.dialogue

    @cached_property
    def visits(self) -> tuple[PartVisit, ...]:
        """The parts on the journey, in order, seen from the current question."""
        return part_visits(self.journey, self.at)

    @property
    def question(self) -> Question | None:
        """The current question; None at the round-off."""
        return None if self.at == ROUND_OFF else self.dialogue.question(self.at)

    @property
    def answer(self) -> Answer | None:
        """Return the current answer to this question."""
        return self.journey.answers.get(self.at)

    def filled_at(self, address: Address) -> Given:
        """Return the content of a question's fields."""
        draft = self.drafts.get(address)
        return draft if draft is not None else as_given(self.journey.answers.get(address))
