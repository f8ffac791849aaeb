"""The real terminal: lines from the keyboard or a pipe, and the file a conversation is saved in."""

import sys
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path

import click

from assistant.engine.machine import DialogueMachine
from assistant.errors import CannotStart
from assistant.languages import Catalogue, Language
from assistant.workshop.dialogue_lookup import dialogue_called, words_of
from assistant.workshop.talk import TerminalConversation


def talk_in_terminal(name: str, language: Language, keep: Path | None) -> None:
    """Hold the conversation with this name, and save it if requested. Raises `CannotStart`."""
    told = words_of(language)
    machine = DialogueMachine(dialogue_called(name))
    if keep is not None:
        _see_that_it_can_be_kept(keep, told)
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="surrogateescape")  # an undecodable byte is reported, and stops nothing
    with suppress(ImportError):  # line editing, if the system has readline
        import readline  # noqa: F401
    walk = TerminalConversation(machine, told, input, click.echo).have()
    if keep is not None:
        _keep(walk, keep, told)


def _see_that_it_can_be_kept(file: Path, catalogue: Catalogue) -> None:
    """Check before anything is typed that the file can be created and nothing is overwritten."""
    try:
        file.open("x", encoding="utf-8").close()
    except FileExistsError:
        raise CannotStart(catalogue.say("talk.taken", file=file)) from None
    except OSError:
        raise CannotStart(catalogue.say("talk.not_kept", file=file)) from None


def _keep(walk: str, file: Path, catalogue: Catalogue) -> None:
    try:
        file.write_text(walk, encoding="utf-8", newline="\n")
    except OSError:
        click.echo(catalogue.say("talk.here_instead", file=file))
        click.echo(walk)
    else:
        click.echo(catalogue.say("talk.kept", file=file))
