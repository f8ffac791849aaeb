"""Planted words, and the search for them in every file, in every way they are likely to be spelled there."""

import json
import secrets
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote, quote_plus


def new_marker() -> str:
    """Words that stand nowhere else, with letters that every encoding spells in its own way."""
    return f"ønske {secrets.token_hex(8)} så"


def hits(planted: Iterable[str | bytes], folder: Path) -> list[str]:
    """Where any of it is found, in a file or in the name of one."""
    words = {word: spellings(word) for word in planted}
    signs = {word: _signs_of(ways.values()) for word, ways in words.items()}
    return [
        f"{word!r} ({how}) in {place}"
        for place, content in _everything_in(folder)
        for word, ways in words.items()
        if any(sign in content for sign in signs[word])
        for how, spelled in ways.items()
        if spelled in content
    ]


def spellings(word: str | bytes) -> Mapping[str, bytes]:
    """How a text, or a secret of bytes, may lie in a file, by the name of the encoding."""
    if isinstance(word, bytes):
        return _of_bytes(word)
    ways = {
        "as its core": max(word.split(), key=len).encode(),
        "url": quote(word, safe="").encode(),
        "url in small letters": quote(word, safe="").lower().encode(),
        "form": quote_plus(word).encode(),
        "json": json.dumps(word)[1:-1].encode(),
        "latin-1": word.encode("latin-1"),
    }
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        ways |= {f"{encoding} {how}": spelled for how, spelled in _of_bytes(word.encode(encoding)).items()}
    return ways


def _of_bytes(raw: bytes) -> dict[str, bytes]:
    ways = {"plain": raw, "hex": raw.hex().encode(), "HEX": raw.hex().upper().encode()}
    for encode in (b64encode, urlsafe_b64encode):
        for before in range(3):
            # only the digits that these bytes alone decide, whatever stands before and after them
            first, last = -(-before * 8 // 6), (before + len(raw)) * 8 // 6
            ways[f"{encode.__name__} after {before}"] = encode(bytes(before) + raw)[first:last]
    return ways


def _signs_of(spelled: Iterable[bytes]) -> list[bytes]:
    """The spellings without those that hold another one: where that is not, neither are they."""
    signs: list[bytes] = []
    for one in sorted(set(spelled), key=len):
        if not any(sign in one for sign in signs):
            signs.append(one)
    return signs


def _everything_in(folder: Path) -> Iterator[tuple[str, bytes]]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    yield "the names of the files", "\n".join(map(str, files)).encode()
    for file in files:
        yield str(file.relative_to(folder)), file.read_bytes()
