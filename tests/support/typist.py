"""Somebody at the keyboard: types the lines they were given, and sees what the guide says."""

from collections.abc import Iterable

from assistant.engine.machine import DialogueMachine, machine_for
from assistant.languages import Language
from assistant.workshop.talk import TerminalConversation
from assistant.workshop.walks.format import read_walk
from assistant.workshop.walks.replay import have_again
from support.as_read import our_catalogues, our_library

CATALOGUES = {language: catalogue.plain for language, catalogue in our_catalogues().items()}


def machine_of(name: str) -> DialogueMachine:
    """The machine of one of our dialogues."""
    return machine_for(our_library()[name])


BEFORE_MEETING = machine_of("before_meeting")


class Typist:
    """Types until there are no more lines, which is the end of the file."""

    def __init__(self, lines: Iterable[str], *, stops_with: type[BaseException] = EOFError) -> None:
        self._lines = iter(lines)
        self._stops_with = stops_with
        self.seen: list[str] = []

    def read(self, prompt: str) -> str:
        """The next line."""
        for line in self._lines:
            self.seen.append(prompt + line)
            return line
        raise self._stops_with

    def have(self, language: Language = "nb", machine: DialogueMachine = BEFORE_MEETING) -> str:
        """The conversation; the walk it became."""
        return TerminalConversation(machine, CATALOGUES[language], self.read, self.seen.append).have()

    def saw(self, text: str) -> bool:
        """Whether the guide said this, however its lines were folded."""
        return " ".join(text.split()) in " ".join(" ".join(self.seen).split())


def had_again(kept: str, machine: DialogueMachine = BEFORE_MEETING) -> str:
    """What a kept walk gives when it is had again."""
    walk = read_walk(kept, CATALOGUES)
    return have_again(walk, machine, CATALOGUES[walk.language])
