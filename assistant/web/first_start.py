"""Compile the templates once for each version, before a server reads them."""

import os
from pathlib import Path

from assistant.child_process import run_in_child
from assistant.config import Settings, service_file
from assistant.web.http.compiled_templates import compiled_templates


def compile_beforehand(settings: Settings) -> None:
    """Compile every template that is not kept, and read the languages and texts, in a child process."""
    templates = compiled_templates()
    if not templates.not_kept() or not os.access(templates.directory, os.W_OK):
        return
    run_in_child(lambda: compile_all(settings.service or service_file()))


def compile_all(own_words: Path) -> None:
    """Compile every template that is not kept, and read every text. Raises `CannotStart` if a file it needs
    is broken.
    """
    # these read the list of languages, which a server must not do before it is kept
    from assistant.web.app import Texts
    from assistant.web.http.rendered_once import compile_templates
    from assistant.web.http.service_file import read_service

    compile_templates(Texts.read().pages(read_service(own_words), None, may_change=False))
