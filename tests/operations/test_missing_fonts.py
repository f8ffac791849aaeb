"""Which scripts no font covers is said in the log at start, before somebody meets it in a PDF."""

import pytest
from aiohttp import web
from support.person import Person

from assistant.events import Event
from assistant.web.http.context import CONTEXT
from assistant.web.missing_fonts import note_missing_fonts


async def test_one_line_names_the_scripts_that_no_font_covers_and_no_others(
    app: web.Application, person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    exports = app[CONTEXT].services.exports
    by_script = {"CJK": "中文", "THAI": "ไทย", "ETHIOPIC": "ትግርኛ", "HANGUL": "한국어", "SYMBOLS": "🙂"}
    by_script |= {"ARABIC": "عربي", "TAMIL": "தமிழ்"}
    expected = {script for script, text in by_script.items() if await exports.press.letters_lacking(text)}
    await note_missing_fonts(app[CONTEXT])
    lines = [record for record in caplog.records if record.message == Event.FONTS_MISSING.value]
    assert len(lines) == bool(expected)
    named = {name for line in lines for name in line.__dict__["event_fields"]["scripts"].split(", ")}
    assert named & by_script.keys() == expected
    assert "LATIN" not in named


async def test_scripts_are_named_as_unicode_names_them_and_signs_are_symbols(
    app: web.Application, person: Person
) -> None:
    exports = app[CONTEXT].services.exports
    # fonts for these are in no package that OPERATING.md names
    assert await exports.scripts_lacking("Å sove \U0001e290 \U0001e291") in (["TOTO"], [])
    assert await exports.scripts_lacking("Å sove om natten ŋ") == []
