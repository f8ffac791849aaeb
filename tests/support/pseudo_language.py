"""A language nobody speaks, written from right to left, and added as a translator adds one.

Each word is English with strange letters, made longer as translations are, and turned round by the signs
that turn text round. So what is not translated shows, what has no room shows, and so does what is on the
wrong side.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po, write_po

from assistant.config import TEXTS, dialogues_folder, locales_folder
from support.commands import run_here

PSEUDO = "ar-XB"
ROOT = Path(__file__).parents[2]
_STRANGE = str.maketrans("aceinouyAEIOU", "åçéîñöûýÅÉÎÖÛ")
_RIGHT_TO_LEFT, _AND_BACK = "\u202e", "\u202c"


def in_pseudo(text: str) -> str:
    """The same, in the language nobody speaks; what stands in braces stays."""
    text = re.sub(r"(?<=\d) (?=\d)", "\u00a0", text)
    pieces = re.split(r"(\{\w+\}|\s+|\d+)", text)
    return "".join(
        piece
        if not piece or re.fullmatch(r"\{\w+\}|\s+|\d+", piece)
        else f"{_RIGHT_TO_LEFT}{piece.translate(_STRANGE)}{'~' * (len(piece) // 4)}{_AND_BACK}"
        for piece in pieces
    )


def assistant(texts: Path, *arguments: str | Path) -> str:
    """What the program says, with these texts."""
    done = subprocess.run(
        [sys.executable, "-m", "assistant", *arguments],
        cwd=ROOT,
        env=environment(texts),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def assistant_here(texts: Path, *arguments: str | Path) -> str:
    """The same without a process: for what needs only the languages that are offered without these texts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(TEXTS, str(texts))
        done = run_here(*map(str, arguments), folder=ROOT)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout.decode()


def environment(texts: Path) -> dict[str, str]:
    """Where the program finds its texts."""
    return os.environ | {TEXTS: str(texts), "PYTHONPATH": str(ROOT)}


def add_pseudo_language(texts: Path) -> None:
    """A copy of all texts, and the language added: out, translated, in again; and at last offered."""
    for folder in (dialogues_folder(), locales_folder()):
        shutil.copytree(folder, texts / folder.name)
    dialogues = [folder.name for folder in dialogues_folder().iterdir() if folder.is_dir()]
    for what in (*(["--dialogue", name] for name in dialogues), ["--service"], ["--interface"]):
        file = texts / "translated.po"
        exported = assistant_here(texts, "words", "export", "--to", PSEUDO, "--from", "en", *what)
        file.write_text(exported, "utf-8")
        with file.open("rb") as opened:
            catalog = read_po(opened)
        for message in catalog:
            if message.id:
                message.string = in_pseudo(str(message.id))
        with file.open("wb") as out:
            write_po(out, catalog)
        assert " 0 still missing" in assistant_here(texts, "words", "import", file)
    assistant_here(texts, "catalogue", "--issues", "--language", PSEUDO)
    with (texts / "locales" / "languages.toml").open("a", encoding="utf-8") as offered:
        offered.write(f'\n[{PSEUDO}]\nname = "{in_pseudo("Pseudo")}"\n')
