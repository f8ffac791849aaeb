"""Find a secret in a pasted text, ignoring text around it. Pure: text in, candidates out.

People paste a whole mail, a link that a mail scanner wrapped, HTML, or a code with a sentence around it. So
the text is unwrapped step by step (base64, HTML entities, soft line breaks, percent escapes, Proofpoint,
tags), and each step is searched for a secret's characters. The clearest place wins: after ``#``, then the
printed groups, then the whole text, then an unbroken run, then fragments after ``#``. Only the format is
checked, never a database.
"""

import base64
import binascii
import html
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import accumulate, chain
from urllib.parse import unquote

# Crockford's base32 alphabet: no two characters are easily confused by eye or ear
DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
VALUES = {digit: value for value, digit in enumerate(DIGITS)} | {"o": 0, "i": 1, "l": 1}

LONGEST = 20_000
"""Longer texts are not searched."""
MOST = 5
"""More different candidates than this are not tried."""

_SIGN = "[0-9a-tv-z]"
_NO_SIGN = r"[\W_]"
_BETWEEN = rf"{_NO_SIGN}{{0,12}}"
"""Dashes, spaces, line breaks and the quote marks of mail."""
_STARTS = r"(?<![^\W_])(?<![^\W_]-)"
_ENDS = r"(?![^\W_])(?!-[^\W_])"
_BASE64_OF_HTTP = re.compile(r"aHR0c[\w+/-]{8,4000}")
_INVISIBLE = re.compile("[\u00ad\u034f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
_DASHES = re.compile("[\u058a\u2010-\u2015\u2043\u207b\u208b\u2212\ufe58\ufe63\uff0d]")


def secrets_in(typed: str, groups: Sequence[int], accepts: Callable[[str], bool] = bool) -> tuple[str, ...]:
    """Return the different candidates in the clearest places, in order, as characters of `DIGITS`. `groups`
    are the lengths of the printed groups; candidates that `accepts` rejects are dropped.
    """
    if len(typed) > LONGEST:
        return ()
    unwrapped = _unwrapped(typed)
    for place in _places(tuple(groups)):
        candidates = dict.fromkeys(_plain(signs) for signs in place(unwrapped))
        if found := [signs for signs in candidates if accepts(signs)]:
            return tuple(found[:MOST])
    return ()


def _unwrapped(typed: str) -> tuple[str, ...]:
    """Yield the text and each stage of unwrapping it."""
    steps = accumulate(
        _STEPS, lambda text, step: _folded(step(text)), initial=_folded(_without_base64(typed))
    )
    return tuple(dict.fromkeys(steps))


def _folded(text: str) -> str:
    """Convert to lower case, one kind of dash and normal letter forms; remove invisible characters."""
    if not text.isascii():
        text = _DASHES.sub("-", _INVISIBLE.sub("", text))
        text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return text.lower()


def _without_base64(text: str) -> str:
    """Insert each URL that a mail scanner encoded as base64 (Sophos) before the text it came from."""
    return " ".join([*map(_from_base64, _BASE64_OF_HTTP.findall(text)), text])


def _from_base64(encoded: str) -> str:
    whole = encoded[: len(encoded) // 4 * 4] if len(encoded) % 4 == 1 else encoded + "=" * (-len(encoded) % 4)
    try:
        return base64.urlsafe_b64decode(whole.replace("+", "-").replace("/", "_")).decode("utf-8", "replace")
    except binascii.Error:
        return ""


def _without_soft_breaks(text: str) -> str:
    """Join lines broken with ``=`` by a mail client; a one-line form field has turned the break into a
    space.
    """
    return re.sub(r"=(?:[ \t\r\n]+|(?=[0-9a-z]{1,5}-))", "", text).replace("=23", "#")


def _without_proofpoint(text: str) -> str:
    """Undo Proofpoint's encoding of a link: ``-23`` in version 2, ``*`` in version 3."""
    if "urldefense" not in text:
        return text
    return unquote(re.sub(r"-(?=[0-9a-f]{2})", "%", text) if "/v2/" in text else text.replace("*", "#"))


def _without_tags(text: str) -> str:
    return re.sub(r"<[^<>]*>", "", text)


_STEPS: tuple[Callable[[str], str], ...] = (
    html.unescape,
    _without_soft_breaks,
    unquote,
    unquote,  # a link wrapped twice
    _without_proofpoint,
    _without_tags,
)


@cache
def _places(groups: tuple[int, ...]) -> tuple[Callable[[Sequence[str]], Iterator[str]], ...]:
    """Return the places to search, the clearest first."""
    length = sum(groups)
    signs = _BETWEEN.join([_SIGN] * length)
    printed = [f"{_SIGN}{{{size}}}" for size in groups]
    dash, gap = rf"{_BETWEEN}-{_BETWEEN}", rf"{_NO_SIGN}{{1,12}}"
    return (
        _Matches(rf"#{_BETWEEN}({_BETWEEN.join(printed)}){_ENDS}"),
        _Matches(rf"{_STARTS}({dash.join(printed)}){_ENDS}"),
        lambda texts: _whole(texts[0], length),
        _Matches(rf"{_STARTS}({gap.join(printed)}){_ENDS}", needs_a_figure=True),
        _Matches(rf"{_STARTS}({_SIGN}{{{length}}}){_ENDS}", needs_a_figure=True),
        _Matches(rf"#{_BETWEEN}({signs}){_ENDS}", needs_a_figure=True),
    )


class _Matches:
    """All matches of a pattern in the texts, including overlapping ones."""

    def __init__(self, pattern: str, *, needs_a_figure: bool = False) -> None:
        self._pattern = re.compile(f"(?={pattern})")
        self._needs_a_figure = needs_a_figure

    def __call__(self, texts: Sequence[str]) -> Iterator[str]:
        for match in chain.from_iterable(map(self._pattern.finditer, texts)):
            # ordinary words may have the right length; only one secret in two hundred has no digit
            if not self._needs_a_figure or re.search("[0-9]", match[1]):
                yield match[1]


def _whole(text: str, length: int) -> Iterator[str]:
    """Return the whole text, or what follows ``#``, if it consists only of these characters."""
    for part in (text, text.rpartition("#")[2]):
        signs = re.sub(_NO_SIGN, "", part)
        if len(signs) == length and VALUES.keys() >= set(signs):
            yield signs


def _plain(signs: str) -> str:
    return "".join(DIGITS[VALUES[sign]] for sign in re.sub(_NO_SIGN, "", signs))
