"""The real terminal: lines from the keyboard or a pipe, and the file a conversation is kept in."""

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
    """Have the conversation of this name, and keep it where that was asked for. Raises `CannotStart`."""
    told = words_of(language)
    machine = DialogueMachine(dialogue_called(name))
    if keep is not None:
        _see_that_it_can_be_kept(keep, told)
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="surrogateescape")  # a stray byte is told of, and stops nothing
    with suppress(ImportError):  # the keys for moving about in a line, where the system has them
        import readline  # noqa: F401
    walk = TerminalConversation(machine, told, input, click.echo).have()
    if keep is not None:
        _keep(walk, keep, told)


def _see_that_it_can_be_kept(file: Path, catalogue: Catalogue) -> None:
    """Before anything is typed: there is room for the file, and nothing is written over."""
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
