"""What a turn is measured against: aiohttp and one group-committed durable insert, and nothing else.

It keeps the body of a POST in SQLite. Those waiting are written in one commit, and answered after it. The
floor is the two requests of a turn: a form that is read and stored, a redirect with a cookie, and a ready
page.
"""

import asyncio
import queue
import sqlite3
import sys
import threading

from aiohttp import web

TURN = "/turn"
_PAGE = "<p>Hva er viktig for deg nå?</p>\n" * 400
"""Thirteen kilobytes, as a page of the conversation."""
_Waiting = tuple[bytes, asyncio.Future[None]]


class Rows:
    """One thread that writes whatever is waiting, all in one commit."""

    def __init__(self, file: str) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiting: queue.SimpleQueue[_Waiting] = queue.SimpleQueue()
        threading.Thread(target=self._work, args=(file,), daemon=True).start()

    async def insert(self, body: bytes) -> None:
        done = self._loop.create_future()
        self._waiting.put((body, done))
        await done

    def _work(self, file: str) -> None:
        connection = sqlite3.connect(file, isolation_level=None)
        connection.execute("PRAGMA journal_mode = wal")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE rows (number INTEGER PRIMARY KEY, body BLOB)")
        while True:
            group = [self._waiting.get()]
            while not self._waiting.empty():
                group.append(self._waiting.get())
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT INTO rows (body) VALUES (?)", [(body,) for body, _ in group])
            connection.execute("COMMIT")
            self._loop.call_soon_threadsafe(_answer, group)


def _answer(group: list[_Waiting]) -> None:
    for _, done in group:
        if not done.done():
            done.set_result(None)


async def serve(file: str) -> None:
    """Serve on a free port until the process is ended."""
    rows = Rows(file)

    async def insert(request: web.Request) -> web.Response:
        await rows.insert(await request.read())
        return web.Response(text="ok\n")

    async def store_form(request: web.Request) -> web.Response:
        form = await request.post()
        await rows.insert(str(form["words"]).encode())
        response = web.Response(status=303, headers={"Location": TURN})
        response.set_cookie("s", "a" * 43, httponly=True, samesite="Strict", path="/")
        return response

    async def show(_: web.Request) -> web.Response:
        return web.Response(text=_PAGE, content_type="text/html")

    app = web.Application()
    app.router.add_post("/", insert)
    app.router.add_post(TURN, store_form)
    app.router.add_get(TURN, show)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"Ready: http://127.0.0.1:{runner.addresses[0][1]}/", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
