"""How long a person waits for their sheet: cold, and with the press warm.

    python -m tests.benchmarks.exports

Cold: the first sheet, with the process to be started and the fonts to be found. Warm: those that follow, each
with something else on it. Both as a person gets them, from the sheet's data to the PDF in the server. Beside
it the same sheet as plain text, and the longest time the server's loop stood still while sheets were printed.
The one number is cold for each warm.
"""

import asyncio
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from statistics import median, quantiles

# the sheets that are printed are those of the tests
sys.path.insert(0, str(Path(__file__).parents[1]))

from support.sheets import laid, many_kinds

from assistant.exports.pdf import Size, job_of
from assistant.exports.pdf_worker import PdfWorker
from assistant.exports.plain_text import as_text
from assistant.exports.sheet import SummarySheet

COLD, WARM = 5, 100


def _sheets() -> list[SummarySheet]:
    """The same preparation with another title each, so that nothing is remembered from the last."""
    sheet = laid(many_kinds())
    return [replace(sheet, title=f"{sheet.title} {number}") for number in range(WARM)]


async def _took(press: PdfWorker, sheet: SummarySheet, size: Size) -> float:
    began = time.perf_counter()
    await press.printed(job_of(sheet, size))
    return (time.perf_counter() - began) * 1000


async def _cold(sheet: SummarySheet) -> float:
    press = PdfWorker()
    try:
        return await _took(press, sheet, "ordinary")
    finally:
        press.close()


async def _longest_gap(until: asyncio.Event) -> float:
    longest, last = 0.0, time.perf_counter()
    while not until.is_set():
        await asyncio.sleep(0.001)
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    return longest * 1000


async def measure() -> None:
    sheets = _sheets()
    cold = [await _cold(sheets[0]) for _ in range(COLD)]
    press, done = PdfWorker(), asyncio.Event()
    await _took(press, sheets[0], "ordinary")
    watching = asyncio.create_task(_longest_gap(done))
    warm = [await _took(press, sheet, "ordinary") for sheet in sheets]
    large = [await _took(press, sheet, "large") for sheet in sheets]
    done.set()
    gap = await watching
    press.close()
    began = time.perf_counter()
    for sheet in sheets:
        as_text(sheet)
    text = (time.perf_counter() - began) * 1000 / len(sheets)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}\n")
    print(f"PDF, cold           {median(cold):>8.0f} ms   (the slowest of {COLD}: {max(cold):.0f})")
    for name, took in (("ordinary print", warm), ("large print", large)):
        print(f"PDF, {name:<15}{median(took):>8.1f} ms   (95 of 100 within {quantiles(took, n=20)[-1]:.1f})")
    print(f"plain text          {text:>8.3f} ms")
    print(f"the loop stood still at most {gap:.1f} ms")
    print(f"\nratio cold to warm {median(cold) / median(warm):.1f}")


if __name__ == "__main__":
    asyncio.run(measure())
