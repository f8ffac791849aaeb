"""The press: it prints, it can be stopped, and it comes up again."""

import asyncio
import time
from collections.abc import Iterator

import pytest
from support.sheets import laid, many_kinds

from assistant.errors import NotPrintable, NotPrinted
from assistant.exports.pdf import job_of, typeset
from assistant.exports.pdf_worker import PdfWorker

JOB = job_of(laid(many_kinds()))


@pytest.fixture
def press() -> Iterator[PdfWorker]:
    one = PdfWorker()
    yield one
    one.close()


async def test_what_comes_out_is_what_the_typesetter_makes(press: PdfWorker) -> None:
    made = await asyncio.gather(*(press.printed(JOB) for _ in range(4)))
    assert set(made) == {typeset(JOB)}


async def test_what_cannot_be_printed_is_refused_and_the_next_is_printed(press: PdfWorker) -> None:
    for broken in (b"{}", b"", b"\xff", JOB.replace(b'"sheet"', b'"nothing"', 1)):
        with pytest.raises(NotPrintable):
            await press.printed(broken)
        assert (await press.printed(JOB)).startswith(b"%PDF")


async def test_what_takes_too_long_is_stopped() -> None:
    impatient = PdfWorker(patience=0.0)
    began = time.monotonic()
    with pytest.raises(NotPrinted) as raised:
        await impatient.printed(JOB)
    assert not isinstance(raised.value, NotPrintable)  # another time it may do
    impatient.close()
    assert time.monotonic() - began < 10


async def test_a_press_that_was_killed_is_started_again(press: PdfWorker) -> None:
    assert await press.printed(JOB)
    assert press._process
    press._process.kill()
    press._process.wait()
    assert (await press.printed(JOB)).startswith(b"%PDF")


async def test_no_more_wait_than_can_be_served(press: PdfWorker) -> None:
    done = await asyncio.gather(*(press.printed(JOB) for _ in range(40)), return_exceptions=True)
    assert {type(result) for result in done} == {bytes, NotPrinted}
    assert (await press.printed(JOB)).startswith(b"%PDF")
