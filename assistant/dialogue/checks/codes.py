"""Every issue code with its severity and meaning. `assistant check --codes` lists them."""

from collections.abc import Mapping
from enum import Enum


class Severity(Enum):
    """The severity of an issue."""

    STOPS = "stops the server"
    """Stops a server. It follows from the dialogue alone, and would harm people or leave them stuck."""
    FAILS = "fails the check"
    """Fails the check but not a server: it concerns wording, and the word lists may be wrong about a word."""
    WARNS = "is only said"
    """A warning about the place where the dialogue is used; its author cannot fix it."""


CODES: Mapping[str, tuple[Severity, str]] = {
    # the contents of the files
    "D101": (Severity.STOPS, "the file cannot be read, or does not follow the rules of YAML"),
    "D102": (Severity.STOPS, "a field stands twice in the same place"),
    "D103": (Severity.STOPS, "a field is missing, unknown, or not written as it should be"),
    "D104": (Severity.STOPS, "a wording is missing or empty in a language"),
    "D105": (Severity.STOPS, "there is no such kind of question"),
    "D106": (Severity.STOPS, "a part has no file"),
    "D107": (Severity.STOPS, "there is no such guard"),
    "D108": (Severity.FAILS, "a file is no part of the dialogue"),
    # structure
    "D201": (Severity.STOPS, "two things have one id, or a thing is not called as its file or folder is"),
    "D202": (Severity.STOPS, "a way leads to a state that is not there"),
    "D203": (Severity.STOPS, "no way leads to a state"),
    "D204": (Severity.STOPS, "a state can only be left under a condition, so not when it is skipped"),
    "D205": (Severity.STOPS, "a way leads back to where it has been, and never ends"),
    "D206": (Severity.STOPS, "a guard looks at what cannot have been answered"),
    "D207": (Severity.STOPS, "there is no such section"),
    "D208": (Severity.STOPS, "something is asked before anything is said"),
    "D209": (Severity.STOPS, "a way stands behind one that is always taken"),
    "D210": (Severity.STOPS, "a part is repeated for what are no topics"),
    "D211": (Severity.STOPS, "there is nothing to put first"),
    # translations
    "D301": (Severity.FAILS, "a text is the same in two languages"),
    "D302": (Severity.STOPS, "a {placeholder} stands in one language and not in another"),
    "D303": (Severity.FAILS, "a word belongs to another language"),
    # plain language
    "D401": (Severity.FAILS, "a sentence is too long"),
    "D402": (Severity.FAILS, "a turn is hard to read: its LIX is over the limit"),
    "D403": (Severity.FAILS, "the whole dialogue is hard to read: its LIX is over the limit"),
    "D404": (Severity.FAILS, "a word or an abbreviation is on the list of what is not said"),
    "D405": (Severity.FAILS, "a question is asked with a not in it"),
    "D406": (Severity.FAILS, "a form is not the one chosen for this language"),
    "D407": (Severity.FAILS, "people who meet for the first time are asked to compare with now"),
    # safety
    "D501": (Severity.STOPS, "the opening does not name the emergency number"),
    "D502": (Severity.STOPS, "there is no private place for own words"),
    "D503": (Severity.STOPS, "a question is made one that cannot be skipped"),
    "D504": (Severity.FAILS, "the opening does not tell that questions can be skipped"),
    "D505": (Severity.FAILS, "what people should know before they answer is folded away in a 'why'"),
    # spelling
    "D601": (Severity.FAILS, "a word is in neither the dictionary nor our own list"),
    # the service's own words
    "S101": (Severity.WARNS, "nobody has said who runs the server"),
    "S102": (Severity.WARNS, "nobody has promised to read what is sent ahead"),
    "S103": (Severity.WARNS, "a group was last checked too long ago"),
    "S104": (Severity.WARNS, "a group is said to be checked on a day that has not come"),
    "S105": (Severity.WARNS, "a reader has no account in use as a professional"),
}
"""Codes are never reused with another meaning, because people search for them."""
