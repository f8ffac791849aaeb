"""A start reads only what serving needs; what it leaves out does not depend on the machine's load."""

import os
import ssl
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.commands import serving

from assistant.openid.http_client import HttpClient, authorities
from assistant.operations.light_start import without_lists_of_this_machine

UNWANTED = (
    "babel",
    "pytz",
    "yaml",
    "tomllib",
    "icalendar",
    "segno",
    "typst",
    "joserfc",
    "prometheus_client",
    "difflib",
)
"""Libraries that only some requests, some services, some commands or some mistakes need."""
_OWN = ("assistant.papers.commands", "assistant.staff_commands", "assistant.exports.json_export")
"""Modules of ours that only some commands or some requests need."""
_STARTED = """
import mimetypes, os, sys
mimetypes.knownfiles = ["file_types"]

class Output:
    def write(self, text):
        if text.startswith("Ready"):
            loaded = sys.modules.copy()
            from aiohttp import connector
            from pydantic.plugin import _loader
            from assistant.exports.json_export import MeetingExport
            print(*sorted({name.split(".")[0] for name in loaded} | loaded.keys()), file=sys.__stdout__)
            print(len(connector._SSL_CONTEXT_VERIFIED.get_ca_certs()), file=sys.__stdout__)
            print(mimetypes.inited and mimetypes.guess_type("a.ours")[0], file=sys.__stdout__)
            print(MeetingExport.__pydantic_complete__, len(list(_loader.get_plugins())), file=sys.__stdout__)
            sys.__stdout__.flush()
            os._exit(0)

    def flush(self):
        pass

sys.stdout = Output()
from assistant.cli import main
main()
"""


def started(folder: Path) -> list[str]:
    """What a start says of itself when it is ready."""
    command = [sys.executable, "-c", _STARTED, "serve", "--port", "0", "--data", str(folder)]
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder).stdout.splitlines()


@pytest.mark.skipif("coverage" in sys.modules, reason="coverage imports modules of its own there")
def test_a_second_start_imports_and_builds_nothing_that_serving_does_not_need(tmp_path: Path) -> None:
    (tmp_path / "file_types").write_text("application/x-ours ours\n")
    started(tmp_path)  # it may have to read the texts and the languages
    modules, certificates, file_type, built = started(tmp_path)
    assert "aiohttp" in modules.split()
    assert {*UNWANTED, *_OWN} & set(modules.split()) == set()
    assert certificates == "0"
    assert file_type == "None"
    assert built == "False 0"


@pytest.mark.parametrize("given", [None, "/etc/own.pem"])
def test_the_authorities_are_only_left_out_of_the_import(
    given: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    if given is not None:
        monkeypatch.setenv("SSL_CERT_FILE", given)
    with without_lists_of_this_machine():
        assert os.environ["SSL_CERT_FILE"] == os.devnull
    assert os.environ.get("SSL_CERT_FILE") == given


def test_the_client_of_the_identity_provider_trusts_the_machines_authorities() -> None:
    trusted = authorities()
    assert trusted.verify_mode is ssl.CERT_REQUIRED
    assert trusted.check_hostname
    assert HttpClient()._authorities is trusted


def test_no_other_process_is_started_while_the_first_visitors_come(tmp_path: Path) -> None:
    with serving(tmp_path) as (process, ready):
        assert ready.startswith("Ready")
        time.sleep(0.5)
        started_by = [thread / "children" for thread in Path(f"/proc/{process.pid}/task").iterdir()]
        assert [file.read_text() for file in started_by if file.read_text()] == []


def test_documentation_is_let_go_of() -> None:
    program = """
import json
from assistant.web.serve import forget_documentation
forget_documentation()
print(json.__doc__, json.JSONDecoder.__doc__, len(dict.__doc__) > 0)
"""
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout == "None None True\n"
