"""Known holes in what the program is built of, and what bandit finds in its own code.

    python3 -m venv /tmp/audit && /tmp/audit/bin/pip install pip-audit==2.10.1 bandit==1.9.4

`ASSISTANT_AUDIT` names another environment than that. pip-audit asks the registry for reports of holes;
where it does not get them it counts as failed, so that nothing passes unasked.
"""

import asyncio
import json
import os
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(os.environ.get("ASSISTANT_AUDIT", "/tmp/audit")) / "bin"
_JUSTIFIED = {
    ("B101", ""): "an assert states what a programmer promised",
    ("B404", ""): "subprocess is imported to run pg_dump, hunspell and the PDF worker",
    ("B603", ""): "without a shell, and with arguments of our own",
    ("B104", "assistant/operations/running.py"): "the addresses that mean «everywhere», to warn of them",
    ("B105", ""): "names of events and kinds, not passwords",
    ("B303", "assistant/vault/second_factor.py"): "HMAC-SHA-1 is what RFC 6238 and the apps use",
    ("B311", "assistant/storage/parallel_writer.py"): "how long to wait before another try",
    ("B311", "assistant/storage/relay.py"): "how long to wait before another try",
    ("B701", "assistant/papers/printing.py"): "Markdown, not HTML",
    ("B701", "assistant/papers/server_files.py"): "settings of nginx, systemd and others, not HTML",
    ("B701", "assistant/web/http/template_environment.py"): "autoescape is on, said by a function",
    ("B704", "assistant/web/http/template_environment.py"): "the result of our own templates, which escape",
    ("B704", "assistant/web/public/script.py"): "the drawing escapes every word in it",
}
"""Findings of bandit that were examined, by rule and module (all if empty), and why they stay."""


async def audit() -> str:
    """Ask for the reports on every pinned package."""
    asked = ("-r", str(ROOT / ".ci/constraints.txt"), "--no-deps", "--disable-pip", "--format", "json")
    code, said = await _run("pip-audit", *asked, "--progress-spinner", "off")
    packages = json.loads(said)["dependencies"]
    unasked = [one["name"] for one in packages if "skip_reason" in one]
    holes = [f"{one['name']} {hole['id']}" for one in packages for hole in one.get("vulns", ())]
    assert not holes, holes
    assert not unasked, f"the registry told nothing about {len(unasked)} of {len(packages)} packages"
    assert code == 0, "pip-audit ended with a fault"
    return f"pip-audit: {len(packages)} packages, 0 known holes"


async def bandit() -> str:
    """Have bandit look at the whole program; each finding is one that was looked at."""
    _, said = await _run("bandit", "-q", "-r", "assistant", "-f", "json")
    found = json.loads(said)
    assert not found["errors"], found["errors"]
    new = [
        f"{one['test_id']} {one['filename']}:{one['line_number']}"
        for one in found["results"]
        if not {(one["test_id"], ""), (one["test_id"], one["filename"].removeprefix("./"))} & set(_JUSTIFIED)
    ]
    assert not new, new
    many = Counter(one["issue_severity"].lower() for one in found["results"])
    looked_at = ", ".join(f"{many[severity]} {severity}" for severity in ("high", "medium", "low"))
    return f"bandit: 0 findings that were not looked at ({looked_at} with the reason beside the check)"


async def _run(program: str, *arguments: str) -> tuple[int, bytes]:
    assert (PROGRAMS / program).exists(), f"{program} is not in {PROGRAMS}"
    process = await asyncio.create_subprocess_exec(
        *(str(PROGRAMS / program), *arguments),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    said, _ = await process.communicate()
    return process.returncode or 0, said
