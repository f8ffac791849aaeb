"""pydantic keeps short strings that it read, to find them again: none of people, and no key or token."""

import importlib
import pkgutil
from collections.abc import Iterator
from datetime import UTC, datetime

from pydantic import BaseModel

import assistant
from assistant.engine.conversation import StatementsGiven
from assistant.meetings.notebook import Notebook
from assistant.openid.kept_secrets import HeldGrant
from assistant.service.notebook.signed_in_user import SessionContent
from assistant.web.staff.provider import Visit

PUBLIC = (
    *("assistant.dialogue.", "assistant.papers.", "assistant.config", "assistant.languages"),
    *("assistant.retention", "assistant.web.http.service_file", "assistant.openid.metadata"),
)
"""Modules whose models are read from texts that the service publishes, or from its settings."""


def _models(of: type[BaseModel] = BaseModel) -> Iterator[type[BaseModel]]:
    for model in of.__subclasses__():
        yield model
        yield from _models(model)


def test_every_model_of_people_and_secrets_forgets_what_it_read() -> None:
    for module in pkgutil.walk_packages(assistant.__path__, "assistant."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    ours = [model for model in _models() if model.__module__.startswith("assistant.")]
    private = [model for model in ours if not model.__module__.startswith(PUBLIC)]
    assert {Notebook, StatementsGiven, SessionContent, HeldGrant, Visit} <= set(private)
    assert [model for model in private if model.model_config.get("cache_strings") != "keys"] == []


def test_two_reads_share_no_string() -> None:
    written = Notebook(link="en hemmelighet", codename="blå elg", kept_until=datetime.now(UTC))
    one, other = (Notebook.model_validate_json(written.model_dump_json()) for _ in range(2))
    assert one == other
    assert one.link is not other.link
    assert one.codename is not other.codename
