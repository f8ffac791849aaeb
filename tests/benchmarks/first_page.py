"""How long until somebody can begin, and how much has to reach their phone.

    python -m tests.benchmarks.first_page

From the command to the line that says it is ready, on an empty folder and on one that is there; then the
bytes of the first page and of what it asks for, as they are and as a proxy would compress them. Against
them, the time of Python itself with aiohttp read in. Compiled modules are kept, as an installation keeps
them: without them each start takes a third longer.
"""

import gzip
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from urllib.request import urlopen

ROUNDS = 5
_ENVIRONMENT = {name: said for name, said in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
_ASKED_FOR = re.compile(r'(?:href|src)="(/static/[^"]+\.(?:css|js|svg))"')


def _started(folder: Path) -> tuple[float, dict[str, bytes]]:
    """Seconds until it is ready, and what the first page and its parts are."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "assistant", "serve", "--port", "0", "--data", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=_ENVIRONMENT)
    try:
        assert process.stdout
        address = process.stdout.readline().split()[1].rstrip("/")
        seconds = time.perf_counter() - began
        address = re.sub(r"(https?://[^/]+).*", r"\1", address)
        page = urlopen(f"{address}/nb/").read()
        parts = sorted(set(_ASKED_FOR.findall(page.decode())))
        files = {Path(part).name: urlopen(address + part).read() for part in parts}
    finally:
        process.kill()
        process.wait()
    return seconds, {"first page": page, **files}


def _bare() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import aiohttp.web"], check=True, env=_ENVIRONMENT)
    return time.perf_counter() - began


def main() -> None:
    new, again, bare = [], [], []
    files: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory(prefix="for-motet-start-") as folder:
        _started(Path(folder))  # compiles what is not compiled
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory(prefix="for-motet-start-") as folder:
            seconds, files = _started(Path(folder))
            new.append(seconds)
            again.append(_started(Path(folder))[0])
        bare.append(_bare())
    print(f"start on an empty folder   {median(new):6.2f} s")
    print(f"start on one that is there {median(again):6.2f} s")
    print(f"Python with aiohttp alone  {median(bare):6.2f} s; ratio {median(again) / median(bare):.1f}\n")
    for name, content in files.items():
        print(f"{name:<14}{len(content):>8} bytes{len(gzip.compress(content)):>8} compressed")


if __name__ == "__main__":
    main()
