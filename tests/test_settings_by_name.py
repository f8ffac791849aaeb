"""Every option has a name in the environment, and one that is set and empty is refused."""

import subprocess
from pathlib import Path

import click
import pytest
from aiohttp import web
from click.testing import CliRunner
from support.commands import refusal, run

from assistant.cli import main

FLAT = {
    "serve": {
        "ASSISTANT_HOST",
        "ASSISTANT_PORT",
        "ASSISTANT_DATA",
        "ASSISTANT_DATABASE",
        "ASSISTANT_PUBLIC_URL",
        "ASSISTANT_PLAIN_HTTP",
        "ASSISTANT_OPERATOR",
        "ASSISTANT_PROXY",
        "ASSISTANT_SERVICE",
        "ASSISTANT_METRICS_PORT",
        "ASSISTANT_SECURITY_LOG_DAYS",
        "ASSISTANT_WATCH",
    },
    "staff": {"ASSISTANT_DATA", "ASSISTANT_DATABASE", "ASSISTANT_PUBLIC_URL"},
    "security-log": {"ASSISTANT_DATA", "ASSISTANT_DATABASE", "ASSISTANT_DAYS"},
}
"""The commands for a running server share their names; other options are named after their command too."""


def variables(command: click.Command, context: click.Context) -> set[str]:
    """The variables that click looks at for the options of a command."""
    options = [one for one in command.params if isinstance(one, click.Option) and one.name != "help"]
    return {f"{context.auto_envvar_prefix}_{(one.name or '').upper()}" for one in options}


@pytest.mark.parametrize("name", FLAT)
def test_every_option_for_a_running_server_has_a_name_of_its_own(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    context = command.make_context(name, ["list"] if name == "staff" else [], resilient_parsing=True)
    # options that are added later stand in this list too
    assert FLAT[name] <= variables(command, context)
    assert all(variable.startswith("ASSISTANT_") for variable in variables(command, context))


@pytest.mark.parametrize("name", ["ASSISTANT_DATABASE", "ASSISTANT_PUBLIC_URL", "ASSISTANT_DATA"])
def test_a_variable_that_is_set_and_empty_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "")
    assert f"The variable {name} is set but empty." in refusal(folder=tmp_path)
    done = run("staff", "list", folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert name in done.stderr
    assert not (tmp_path / "data").exists(), "no other database was made"


@pytest.mark.parametrize("command", [["backup", "copy"], ["restore", "copy"], ["purge"], ["keys", "rotate"]])
@pytest.mark.parametrize("name", ["ASSISTANT_DATABASE", "ASSISTANT_DATA", "ASSISTANT_KEYS"])
def test_commands_for_data_and_keys_refuse_it_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, command, env={name: ""})
    assert (done.exit_code, done.stdout) == (1, "")
    assert f"The variable {name} is set but empty." in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_settings_are_taken_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_PROXY", "10.0.0.0/8 nginx")
    assert refusal(folder=tmp_path).startswith("--proxy nginx is not an address.")
    monkeypatch.setenv("ASSISTANT_PROXY", "10.0.0.0/8 192.0.2.7")
    monkeypatch.setenv("ASSISTANT_HOST", "0.0.0.0")
    assert "without encryption" in refusal(folder=tmp_path)
    assert "--database is empty" in refusal("--host", "localhost", "--database", " ", folder=tmp_path)


def test_links_for_staff_begin_with_the_public_address(
    app: web.Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def added(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return run("staff", *arguments, "add", name, "--role", "professional", folder=tmp_path)

    assert "give --public-url" in added("Ola").stderr
    told = added("Kari", "--public-url", "https://motet.example.no/")
    assert told.stdout.startswith("https://motet.example.no/nb/staff/welcome#")
    assert told.stderr == ""
    monkeypatch.setenv("ASSISTANT_PUBLIC_URL", "https://ours.example.no")
    told = added("Per")
    assert told.stdout.startswith("https://ours.example.no/nb/staff/welcome#")
    assert told.stderr == ""
    refused = added("Eva", "--public-url", "motet.example.no")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "--public-url is not an address" in refused.stderr
