"""Every code an issue can have, what it weighs and what it means; `assistant check --codes` shows them."""

from collections.abc import Mapping
from enum import Enum


class Weight(Enum):
    """How much an issue weighs."""

    STOPS = "stops the server"
    """It follows from the dialogue alone, and people would be hurt or stuck by it."""
    FAILS = "fails the check"
    """It is about wording, and may lean on a list that is wrong about a word: a server goes on."""
    WARNS = "is only said"
    """It is worth knowing where the dialogue is used, and is not the author's to mend."""


CODES: Mapping[str, tuple[Weight, str]] = {
    # what is in the files
    "D101": (Weight.STOPS, "the file cannot be read, or does not follow the rules of YAML"),
    "D102": (Weight.STOPS, "a field stands twice in the same place"),
    "D103": (Weight.STOPS, "a field is missing, unknown, or not written as it should be"),
    "D104": (Weight.STOPS, "a wording is missing or empty in a language"),
    "D105": (Weight.STOPS, "there is no such kind of question"),
    "D106": (Weight.STOPS, "a part has no file"),
    "D107": (Weight.STOPS, "there is no such guard"),
    "D108": (Weight.FAILS, "a file is no part of the dialogue"),
    # how it hangs together
    "D201": (Weight.STOPS, "two things have one id, or a thing is not called as its file or folder is"),
    "D202": (Weight.STOPS, "a way leads to a state that is not there"),
    "D203": (Weight.STOPS, "no way leads to a state"),
    "D204": (Weight.STOPS, "a state can only be left under a condition, so not when it is skipped"),
    "D205": (Weight.STOPS, "a way leads back to where it has been, and never ends"),
    "D206": (Weight.STOPS, "a guard looks at what cannot have been answered"),
    "D207": (Weight.STOPS, "there is no such section"),
    "D208": (Weight.STOPS, "something is asked before anything is said"),
    "D209": (Weight.STOPS, "a way stands behind one that is always taken"),
    "D210": (Weight.STOPS, "a part is repeated for what are no topics"),
    "D211": (Weight.STOPS, "there is nothing to put first"),
    # the languages are equals
    "D301": (Weight.FAILS, "a text is the same in two languages"),
    "D302": (Weight.STOPS, "a {placeholder} stands in one language and not in another"),
    "D303": (Weight.FAILS, "a word belongs to another language"),
    # plain language
    "D401": (Weight.FAILS, "a sentence is too long"),
    "D402": (Weight.FAILS, "a turn is hard to read: its LIX is over the limit"),
    "D403": (Weight.FAILS, "the whole dialogue is hard to read: its LIX is over the limit"),
    "D404": (Weight.FAILS, "a word or an abbreviation is on the list of what is not said"),
    "D405": (Weight.FAILS, "a question is asked with a not in it"),
    "D406": (Weight.FAILS, "a form is not the one chosen for this language"),
    "D407": (Weight.FAILS, "people who meet for the first time are asked to compare with now"),
    # safety
    "D501": (Weight.STOPS, "the opening does not name the emergency number"),
    "D502": (Weight.STOPS, "there is no private place for own words"),
    "D503": (Weight.STOPS, "a question is made one that cannot be skipped"),
    "D504": (Weight.FAILS, "the opening does not tell that questions can be skipped"),
    "D505": (Weight.FAILS, "what people should know before they answer is folded away in a 'why'"),
    # spelling
    "D601": (Weight.FAILS, "a word is in neither the dictionary nor our own list"),
    # the words a service has of its own
    "S101": (Weight.WARNS, "nobody has said who runs the server"),
    "S102": (Weight.WARNS, "nobody has promised to read what is sent ahead"),
    "S103": (Weight.WARNS, "a group was last checked too long ago"),
    "S104": (Weight.WARNS, "a group is said to be checked on a day that has not come"),
    "S105": (Weight.WARNS, "a reader has no account in use as a professional"),
}
"""A code is never used again for something else: people search for it."""
