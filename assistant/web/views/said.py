"""What a user or a professional said, worded for the reader of a page."""

from aiohttp import web

from assistant.dialogue.model import Text
from assistant.meetings.share import Said
from assistant.web.http.context import reader_catalogue, reader_language
from assistant.web.views.shown import Shown


def said_shown(request: web.Request, said: Said) -> Shown:
    """Return own words verbatim, the wording of an option, or a date in words."""
    match said:
        case str() as words:
            return Shown(words, own=True)
        case Text() as wording:
            return Shown(wording.in_(reader_language(request)), own=False)
        case day:
            catalogue = reader_catalogue(request)
            on = catalogue.day(day.on)
            return Shown(
                catalogue.say("day.both", on=on, at=catalogue.clock(day.at)) if day.at else on, own=False
            )
