"""Shortcuts for tests: texts that are read once, and secrets that cost little to stretch."""

import gc
from dataclasses import field
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path

from aiohttp import web

from assistant.engine.machine import DialogueMachine, machine_for
from assistant.retention import Retention
from assistant.value_class import value_class
from assistant.vault.key_stretching import StretchingCost
from assistant.web.app import Texts
from assistant.web.http.pages import Assets, Pages
from assistant.web.http.service_file import Service, read_service
from support.as_read import our_catalogues, our_library

LOW_COST = StretchingCost(memory=64, passes=1)
"""Instead of 64 MiB and a tenth of a second; tests/vault and the walk in a browser keep the full cost."""


@value_class
class SharedTexts(Texts):
    """Texts of many applications, with what is made of them: making that takes longer than most tests."""

    made: dict[str, Pages] = field(default_factory=dict)
    machines: list[DialogueMachine] = field(default_factory=list)
    """Kept, so that each is made once."""
    resources: list[web.AbstractResource] = field(default_factory=list)
    """What is at each address, with its handlers."""

    def __post_init__(self) -> None:
        self.machines.extend(map(machine_for, self.dialogues.values()))

    @classmethod
    def read(cls) -> Texts:
        """Read what this process has not read yet."""
        return cls(our_library(), our_catalogues(), Assets.read())

    def service(self, file: Path) -> Service:
        """Read what this process has not read yet."""
        return _service(file, sha256(file.read_bytes()).digest()) if file.exists() else read_service(file)

    def pages(self, service: Service, retention: Retention | None, *, may_change: bool) -> Pages:
        """The pages of a service: the same ones for every application in which nothing changes them."""
        if may_change:
            return super().pages(service, retention, may_change=True)
        key = f"{service.model_dump_json()} {retention and retention.model_dump_json()}"
        if key not in self.made:
            self.made[key] = super().pages(service, retention, may_change=False)
        return self.made[key]

    def add_routes(self, app: web.Application) -> None:
        """Give each application the same routes: their handlers are functions, and know no application."""
        if not self.resources:
            first = web.Application()
            super().add_routes(first)
            self.resources.extend(first.router.resources())
        for resource in self.resources:
            app.router.register_resource(resource)


@lru_cache(maxsize=32)
def _service(file: Path, digest: bytes) -> Service:
    return read_service(file)


@cache
def our_texts() -> Texts:
    """Read the texts of the repository once in each process. Nothing may change them: tests share them."""
    texts = SharedTexts.read()
    gc.freeze()  # they are there until the end
    return texts


def is_shared(pages: Pages) -> bool:
    """Return whether these are pages that applications share."""
    texts = our_texts()
    assert isinstance(texts, SharedTexts)
    return any(pages is made for made in texts.made.values())
