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
    "D101": (Severity.STOPS, "the file cannot be read or is not valid YAML"),
    "D102": (Severity.STOPS, "a field is given twice"),
    "D103": (Severity.STOPS, "a field is missing, unknown or has an invalid value"),
    "D104": (Severity.STOPS, "a text is missing or empty in a language"),
    "D105": (Severity.STOPS, "unknown kind of question"),
    "D106": (Severity.STOPS, "a part has no file"),
    "D107": (Severity.STOPS, "unknown guard"),
    "D108": (Severity.FAILS, "a file does not belong to the dialogue"),
    # structure
    "D201": (Severity.STOPS, "a duplicate id, or an id that differs from the name of its file or folder"),
    "D202": (Severity.STOPS, "a transition leads to an unknown state"),
    "D203": (Severity.STOPS, "a state cannot be reached"),
    "D204": (Severity.STOPS, "a state has only conditional transitions, so it cannot be left when skipped"),
    "D205": (Severity.STOPS, "transitions form a loop that never ends"),
    "D206": (Severity.STOPS, "a guard refers to a question that cannot have been answered yet"),
    "D207": (Severity.STOPS, "unknown section"),
    "D208": (Severity.STOPS, "a question comes before the opening statement"),
    "D209": (Severity.STOPS, "a transition follows one that is always taken"),
    "D210": (Severity.STOPS, "a part is repeated for a question that names no topics"),
    "D211": (Severity.STOPS, "a rank has no earlier answers to rank"),
    # translations
    "D301": (Severity.FAILS, "a text is the same in two languages"),
    "D302": (Severity.STOPS, "a {placeholder} is used in one language but not in another"),
    "D303": (Severity.FAILS, "a word belongs to another language"),
    # plain language
    "D401": (Severity.FAILS, "a sentence is too long"),
    "D402": (Severity.FAILS, "a turn is hard to read: its LIX is over the limit"),
    "D403": (Severity.FAILS, "the whole dialogue is hard to read: its LIX is over the limit"),
    "D404": (Severity.FAILS, "a word or an abbreviation is on the list of words to avoid"),
    "D405": (Severity.FAILS, "a question is negated"),
    "D406": (Severity.FAILS, "a form is not the one chosen for this language"),
    "D407": (Severity.FAILS, "people who meet for the first time are asked to compare with now"),
    # safety
    "D501": (Severity.STOPS, "the opening does not name the emergency number"),
    "D502": (Severity.STOPS, "every question for own words goes into the summary"),
    "D503": (Severity.STOPS, "a question is marked as one that must be answered"),
    "D504": (Severity.FAILS, "the opening does not say that questions can be skipped"),
    "D505": (Severity.FAILS, "what people should know before they answer is folded away in a 'why'"),
    # spelling
    "D601": (Severity.FAILS, "unknown word: neither in the dictionary nor in words.txt"),
    # the service's own words
    "S101": (Severity.WARNS, "the operator of the server is not named"),
    "S102": (Severity.WARNS, "no readers are named for summaries sent ahead"),
    "S103": (Severity.WARNS, "a group was last checked too long ago"),
    "S104": (Severity.WARNS, "the date of a group's last check is in the future"),
    "S105": (Severity.WARNS, "a reader has no enabled account as a professional"),
    "S106": (Severity.WARNS, "nothing says what guided sessions need"),
    "S107": (Severity.WARNS, "nothing says who is responsible for the data"),
    "S108": (Severity.WARNS, "something that people have to be told about their data is missing"),
    "S109": (Severity.WARNS, "readers of the whole service beside units with readers of their own"),
}
"""Codes are never reused with another meaning, because people search for them."""
