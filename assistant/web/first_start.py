"""Compile the templates once for each version, before a server reads them."""

import os
from pathlib import Path

from assistant.config import Settings, service_file
from assistant.web.http.compiled_templates import compiled_templates


def compile_beforehand(settings: Settings) -> None:
    """Compile every template that is not kept, and read the languages and texts, in a process that ends.

    Compilers, parsers and Babel leave 17 MB with the process that uses them. A server that reads what was
    kept never has them. What is wrong is not said here: the server finds it too, and says what to do.
    """
    templates = compiled_templates()
    if not templates.not_kept() or not os.access(templates.directory, os.W_OK):
        return
    if child := os.fork():
        os.waitpid(child, 0)
        return
    try:
        _be_silent()
        compile_all(settings.service or service_file())
    finally:
        os._exit(0)  # nothing of the other process ends with this one


def compile_all(own_words: Path) -> None:
    """Compile every template that is not kept. Raises `CannotStart` if a file it needs is broken."""
    if not compiled_templates().not_kept():
        return
    # these read the list of languages, which a server must not do before it is kept
    from assistant.web.app import Texts
    from assistant.web.http.rendered_once import compile_templates
    from assistant.web.http.service_file import read_service

    compile_templates(Texts.read().pages(read_service(own_words), None, may_change=False))


def _be_silent() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
