"""The server that a test may kill; when the test is over it is gone in any case."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.server_process import Server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path)
    yield server
    server.kill()
