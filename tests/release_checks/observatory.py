"""The grade that Mozilla's HTTP Observatory gives our answers, by its published code, without the network.

    npm install --prefix /tmp/observatory --ignore-scripts @mdn/mdn-http-observatory@1.4.8

`ASSISTANT_OBSERVATORY` names another folder than that. The answers are those of an application that is
served at an https address; the redirect from http is the proxy's, as `assistant papers nginx` writes it.
"""

import asyncio
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient
from support.person import Person
from support.quick import LOW_COST, our_texts
from support.server import Server

from assistant.config import Settings
from assistant.web.app import make_app

HOST = "motet.example.no"
PACKAGE = Path(os.environ.get("ASSISTANT_OBSERVATORY", "/tmp/observatory"))


async def observatory() -> str:
    """Ask for the first page, with a cookie, and grade it."""
    assert (PACKAGE / "node_modules/@mdn/mdn-http-observatory").exists(), f"the package is not in {PACKAGE}"
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            data=Path(folder) / "data", public_url=f"https://{HOST}", operator="Eksempel kommune"
        )
        client = TestClient(Server(make_app(settings, texts=our_texts(), cost=LOW_COST)))
        await client.start_server()
        told = await _recorded(client)
        await client.close()
    grade = await _graded(told)
    assert grade["grade"] == "A+", grade
    return (
        f"Observatory {grade['grade']}, {grade['score']} points, {grade['passed']} of {grade['tests']} tests "
        f"(algorithm {grade['version']})"
    )


async def _recorded(client: "TestClient[Any, Any]") -> dict[str, Any]:
    person = Person(client)
    person.address = f"https://{HOST}"
    start = await person.open("/nb/", {"Host": HOST})
    begun = await person.send(start.form("start").press(), {"Host": HOST}, follow=False)
    page = await client.get("/nb/", headers={"Host": HOST})
    asks = {"Host": HOST, "Origin": "https://http-observatory.security.mozilla.org"}
    preflight = await client.options("/nb/", headers=asks | {"Access-Control-Request-Method": "GET"})
    return {
        "host": HOST,
        "page": {**_told(page), "html": await page.text()},
        "preflight": _told(preflight),
        "cookies": [begun.headers["Set-Cookie"]],
    }


def _told(answer: ClientResponse) -> dict[str, Any]:
    headers = {name.lower(): answer.headers.getall(name) for name in answer.headers}
    return {
        "status": answer.status,
        "headers": {name: texts[0] if len(texts) == 1 else texts for name, texts in headers.items()},
    }


async def _graded(told: dict[str, Any]) -> dict[str, Any]:
    script = Path(__file__).with_suffix(".mjs")
    preloaded = PACKAGE / "node_modules/@mdn/mdn-http-observatory/conf/hsts-preload.json"
    if not preloaded.exists():  # a list that its install script fetches; our host is not on it
        preloaded.write_text("{}")
    node = await asyncio.create_subprocess_exec(
        *("node", str(script), str(PACKAGE)), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await node.communicate(json.dumps(told).encode())
    assert node.returncode == 0, "node ended with a fault"
    graded: dict[str, Any] = json.loads(said)
    return graded
