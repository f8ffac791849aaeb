"""What is published: numbers by family of pages, for this machine only, and nothing that identifies."""

import re
import socket
import time
from pathlib import Path

from click.testing import CliRunner
from support.program import Program, until

from assistant.cli import main

FORM = {"Content_Type": "application/x-www-form-urlencoded"}
LINE = re.compile(
    r'assistant_[a-z_]+(\{[a-z]+="[^"{}]+"(,[a-z]+="[^"{}]+")*\})? [0-9.e+-]+|assistant_\w+ \+Inf'
)


def test_requests_are_counted_by_family_and_nothing_identifies(tmp_path: Path) -> None:
    with Program(tmp_path) as program:
        for path in (
            "/nb/",
            "/en/help",
            "/meetings/0123456789abcdef0123456789abcdef",
            "/ønske",
            "/nowhere/x",
        ):
            program.ask(path.replace("ø", "%C3%B8"))
        statuses = {program.ask("/staff/language", method="POST", body="x=%C3%B8nske", **FORM).status}
        assert statuses == {401}
        assert program.number('assistant_requests_total{family="public",status="2xx"}') == 2
        assert program.number('assistant_requests_total{family="meetings",status="4xx"}') == 1
        assert program.number('assistant_requests_total{family="none",status="4xx"}') == 2
        assert program.number('assistant_requests_total{family="staff",status="4xx"}') == 1
        assert program.number('assistant_request_seconds_count{family="public"}') == 2
        assert program.ask("/readyz").status == 200
        for name in ("can_write", "last_write_timestamp_seconds"):
            assert program.number(f"assistant_{name}") >= 1
        for name in ("streams", "stretching_queue", "rate_limited_total"):
            assert program.number(f"assistant_{name}") == 0
        # the first sweep may still be writing
        until(lambda: program.number("assistant_writer_queue") == 0)
        assert program.number("assistant_sweep_age_seconds") < 600
        assert "last_backup" not in program.metrics()
        before = time.time()
        copied = CliRunner().invoke(
            main, ["backup", str(tmp_path / "copy"), "--data", str(program.folder / "data")]
        )
        assert copied.exit_code == 0, copied.output
        assert before - 1 <= program.number("assistant_last_backup_timestamp_seconds") <= time.time()
        published = program.metrics()
        assert 'assistant_sweep_removed_total{kind="notebooks"} 0.0' in published
        assert all(LINE.fullmatch(line) for line in published.splitlines() if not line.startswith("#"))
        for hidden in ("0123456789abcdef", "nowhere", "nske", "127.0.0.1", "/"):
            assert hidden not in published.replace("# ", "")


def test_a_rate_limit_that_refuses_is_counted(tmp_path: Path) -> None:
    with Program(tmp_path) as program:
        many = [program.ask("/nb/start", method="POST", body="x=", **FORM).status for _ in range(310)]
        assert 429 in many
        assert program.number("assistant_rate_limited_total") == many.count(429)


def test_a_port_for_metrics_that_is_in_use_is_said(tmp_path: Path) -> None:
    from support.commands import refusal

    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        assert refusal("--metrics-port", port, folder=tmp_path).startswith("Metrics cannot be published")
