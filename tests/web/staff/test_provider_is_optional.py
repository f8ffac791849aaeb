"""Without an identity provider nothing of it is loaded, and its addresses lead nowhere."""

import subprocess
import sys
from pathlib import Path

import pytest
from support.person import Person

STARTED = """
import sys
from pathlib import Path
from assistant.config import Settings
from assistant.web.app import make_app

make_app(Settings(data=Path(sys.argv[1])))
print([name for name in sys.modules if name.startswith(("joserfc", "assistant.openid"))])
"""


def test_a_server_without_a_provider_loads_nothing_of_it(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", STARTED, str(tmp_path / "data")], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("path", ["/nb/staff/provider", "/staff/provider/callback", "/staff/provider/logout"])
async def test_its_addresses_are_not_there(person: Person, path: str) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    if path == "/staff/provider/callback":
        assert (await person.client.get(path)).status == 404
    else:
        assert (await person.client.post(path, headers=form)).status == 404
    page = await person.open("/nb/staff")
    assert page.has("sign-in")
    assert not page.has("provider")
