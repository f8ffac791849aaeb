"""What people read is in the service's zone, whatever zone the machine is in."""

import ast
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from support.zones import machine_in, told_in

from assistant.cli import main
from assistant.errors import CannotStart
from assistant.web.http.service_file import read_service, zone_in
from assistant.zone import local, local_day, use_zone, zone_named

PACKAGE = Path(__file__).parent.parent / "assistant"
LATE = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
SERVICE = (PACKAGE.parent / "locales" / "service.yaml").read_text("utf-8")
NOT_ALLOWED = {"today", "localtime", "utcnow"}


def naked(call: ast.Call) -> bool:
    """Whether it asks the machine for its own zone."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    if name == "astimezone":
        return not call.args and not call.keywords
    if name == "now":
        return not call.args and not call.keywords and ast.unparse(call.func).startswith("datetime")
    if name == "fromtimestamp":
        return len(call.args) + len(call.keywords) < 2
    return name in NOT_ALLOWED and ast.unparse(call.func).split(".")[0] in ("date", "datetime", "time")


def test_no_module_asks_the_machine_for_its_zone() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and naked(node)
    ]
    assert found == []


@pytest.mark.parametrize("machine", ["UTC", "Pacific/Kiritimati", "America/New_York"])
def test_a_moment_is_told_the_same_on_every_machine(machine: str) -> None:
    with machine_in(machine):
        assert local(LATE).replace(tzinfo=None) == datetime(2026, 7, 2, 0, 30)  # noqa: DTZ001
        assert local_day(LATE) == date(2026, 7, 2)
        with told_in("America/New_York"):
            assert local_day(LATE) == date(2026, 7, 1)


@pytest.mark.parametrize(
    "name", ["Oslo", "", "Europe/oslo2", "../etc/passwd", "/etc/localtime", "Europe", "\0"]
)
def test_a_name_that_is_no_zone_is_refused_with_a_sentence(name: str) -> None:
    with pytest.raises(CannotStart, match="There is no time zone named"):
        zone_named(name)
    with pytest.raises(CannotStart):
        use_zone(name)


def test_the_server_does_not_start_with_a_wrong_zone(tmp_path: Path) -> None:
    data = ["serve", "--port", "0", "--data", str(tmp_path / "data")]
    for arguments, env in (([*data, "--zone", "Oslo"], {}), (data, {"ASSISTANT_ZONE": "Oslo"})):
        done = CliRunner().invoke(main, arguments, env=env)
        assert (done.exit_code, "There is no time zone named 'Oslo'" in done.output) == (1, True)


def test_the_service_file_may_name_the_zone(tmp_path: Path) -> None:
    file = tmp_path / "service.yaml"
    file.write_text(f"zone: Atlantic/Reykjavik\n{SERVICE}", "utf-8")
    assert read_service(file).zone == zone_in(file) == "Atlantic/Reykjavik"
