"""A start reads only what serving needs; what it leaves out does not depend on the machine's load."""

import os
import ssl
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.openid.http_client import HttpClient, authorities
from assistant.operations.light_start import without_authorities

UNWANTED = ("babel", "pytz", "tomllib", "icalendar", "segno", "typst", "joserfc", "prometheus_client")
"""Libraries that only some requests, some services or some commands need."""
_STARTED = """
import os, sys

class Output:
    def write(self, text):
        if text.startswith("Ready"):
            from aiohttp import connector
            from pydantic.plugin import _loader
            from assistant.exports.json_export import MeetingExport
            print(*sorted({name.split(".")[0] for name in sys.modules}), file=sys.__stdout__)
            print(len(connector._SSL_CONTEXT_VERIFIED.get_ca_certs()), file=sys.__stdout__)
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
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


def test_a_second_start_imports_and_builds_nothing_that_serving_does_not_need(tmp_path: Path) -> None:
    started(tmp_path)  # it may have to read the texts and the languages
    modules, certificates, built = started(tmp_path)
    assert "aiohttp" in modules.split()
    assert set(UNWANTED) & set(modules.split()) == set()
    assert certificates == "0"
    assert built == "False 0"


@pytest.mark.parametrize("given", [None, "/etc/own.pem"])
def test_the_authorities_are_only_left_out_of_the_import(
    given: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    if given is not None:
        monkeypatch.setenv("SSL_CERT_FILE", given)
    with without_authorities():
        assert os.environ["SSL_CERT_FILE"] == os.devnull
    assert os.environ.get("SSL_CERT_FILE") == given


def test_the_client_of_the_identity_provider_trusts_the_machines_authorities() -> None:
    trusted = authorities()
    assert trusted.verify_mode is ssl.CERT_REQUIRED
    assert trusted.check_hostname
    assert HttpClient()._authorities is trusted
