"""Reload texts that are edited while the server runs: used once they are valid, else the previous ones stay
in use.

A conversation that has begun keeps its own text.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from assistant.config import dialogues_folder, locales_folder, service_file
from assistant.dialogue.checks.issues import Issue
from assistant.dialogue.library import FRAME, dialogue_folders, read_dialogue
from assistant.dialogue.model import Dialogue
from assistant.errors import CannotStart, NotSaved
from assistant.languages import OFFERED, Catalogue, Language, read_catalogues, read_offered
from assistant.service.dialogues import Dialogues
from assistant.value_class import value_class
from assistant.web.authoring.catalogue_report import check_catalogues
from assistant.web.http.pages import Pages
from assistant.web.http.service_file import Service, ServiceRead, look_at_service

_LOOK_EVERY = 0.5
INTERFACE = "locales"
logger = logging.getLogger("assistant.texts")

Marks = Mapping[Path, tuple[int, int]]
"""Modification time and size of each file."""


@value_class
class _Found:
    """All texts as read from the files; a text with issues may be missing."""

    dialogues: Mapping[str, Dialogue]
    catalogues: Mapping[Language, Catalogue]
    service: Service | None
    issues: Mapping[str, tuple[Issue, ...]]
    """By dialogue; those of the interface have a name of their own."""


class TextReloader:
    """Checks the files repeatedly, and puts valid ones into use."""

    def __init__(
        self, dialogues: Dialogues, pages: Pages, clock: Callable[[], datetime], service: Path | None = None
    ) -> None:
        self._dialogues = dialogues
        self._pages = pages
        self._clock = clock
        self._service = service or service_file()
        self._offered = read_offered(locales_folder())
        self._seen: Marks | None = None
        self._looking = asyncio.Lock()
        self.issues: Mapping[str, tuple[Issue, ...]] = {}

    @property
    def in_use(self) -> Mapping[str, Dialogue]:
        """Return the current text of each kind of conversation."""
        return self._dialogues.in_use

    async def watch(self) -> None:
        """Check for changes until the server stops."""
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            try:
                await self.look()
            except NotSaved as error:
                logger.warning("edited texts could not be kept this time: %s", type(error).__name__)
            except Exception as error:  # an unexpected error in an edited file must not end the watching
                logger.error("edited texts could not be looked at: %s", type(error).__name__)

    async def look(self) -> bool:
        """Check once; return whether any file had changed. Raises `NotSaved`."""
        async with self._looking:  # an older look that ended last would bring its older texts back
            return await self._look()

    async def _look(self) -> bool:
        marks = await asyncio.to_thread(_marks, self._service)
        if marks == self._seen:
            return False
        found = await asyncio.to_thread(self._read)
        for name, dialogue in found.dialogues.items():
            before = self.in_use.get(name)
            if before is None or before.digest != dialogue.digest:
                await self._dialogues.take_up(dialogue, self._clock())
                logger.info("taken up: %s %d %s", name, dialogue.frame.version, dialogue.digest[:12])
        if found.service is not None and not found.issues[INTERFACE]:
            self._pages.take_up(found.catalogues, found.service)
        told = {issue for issues in self.issues.values() for issue in issues}
        for name, issues in found.issues.items():
            for issue in issues:
                if issue not in told:
                    logger.warning("kept as it was: %s: %s", name, issue)
            if not issues and self.issues.get(name):
                logger.info("mended: %s", name)
        self.issues = found.issues
        self._seen = marks
        return True

    def _read(self) -> _Found:
        dialogues: dict[str, Dialogue] = {}
        issues: dict[str, tuple[Issue, ...]] = {}
        for folder in dialogue_folders(dialogues_folder()):
            dialogue, found = read_dialogue(folder)
            issues[folder.name] = tuple(found)
            if dialogue is not None and not found:
                dialogues[dialogue.frame.id] = dialogue
        for name in self.in_use.keys() - issues.keys():
            do = "put it back, or restart the server"
            issues[name] = (Issue(f"{name}/{FRAME}", 1, 1, "W101", "the dialogue no longer exists", do),)
        report = check_catalogues(locales_folder())
        own = look_at_service(self._service)
        issues[INTERFACE] = (*self._of_the_list(), *report.issues, *own.issues, *self._of_the_service(own))
        whole = not report.issues
        return _Found(dialogues, read_catalogues(locales_folder()) if whole else {}, own.service, issues)

    def _of_the_list(self) -> list[Issue]:
        """The set of languages is fixed at start, because pages and sessions depend on it."""
        file, do = f"{INTERFACE}/{OFFERED}", "restart the server"
        try:
            changed = read_offered(locales_folder()) != self._offered
        except CannotStart as error:
            return [Issue(file, 1, 1, "W102", str(error), "correct it before you restart the server")]
        what = "the list of languages has changed since the server started"
        return [Issue(file, 1, 1, "W102", what, do)] if changed else []

    def _of_the_service(self, own: ServiceRead) -> list[Issue]:
        """The operator, the readers and the periods are fixed at start, because people have been told about
        them.
        """
        used, now = self._pages.service, own.service
        if now is None or _fixed(now) == _fixed(used):
            return []
        what = "the operator, the readers or the periods have changed since the server started"
        return [Issue(own.file, 1, 1, "W103", what, "restart the server")]


def _fixed(service: Service) -> tuple[object, ...]:
    units = tuple(group.unit for group in service.units)
    return service.operator_name, service.promise, service.retention, units


def _marks(service: Path) -> Marks:
    marks: dict[Path, tuple[int, int]] = {}
    texts = [
        path
        for folder in (dialogues_folder(), locales_folder())
        for path in sorted(folder.rglob("*.*"))
        if path.suffix in (".yaml", ".po", ".toml")
    ]
    for path in [*texts, service]:
        try:
            about = path.stat()
        except OSError:  # deleted during the check
            continue
        marks[path] = (about.st_mtime_ns, about.st_size)
    return marks
