"""Plain-language rules and the checks on wording. The module knows no language: words to avoid and forms
specific to a language are in its `plain.yaml`.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import combinations
from typing import Annotated, NamedTuple

from pydantic import Field, StringConstraints

from assistant.dialogue.checks.issues import Issue
from assistant.dialogue.checks.wordings import PLACEHOLDER, Wording, lix, sentences, words
from assistant.dialogue.model import AuthoredModel
from assistant.languages import Language

SAME_FROM = 3
"""Minimum number of words for an identical text in two languages to be suspicious; names are shorter."""
SAME_FROM_WHEN_NEAR = 20
"""The same for closely related languages: «Du kan endre alt eller slette det når du vil» is right in both."""
_AFTER_A_WORD = re.compile(r"[\s'’]")
NEGATED_WITHIN = 4
"""«Vil du ikke …», «Hva vil du ikke …» are negated questions; «Er det noe du ikke …» is not."""


class AvoidedWords(AuthoredModel):
    """Words to avoid, and what to write instead."""

    say_not: list[str] = Field(min_length=1)
    instead: str


class ReadingLevel(AuthoredModel):
    """The highest LIX, and the minimum number of words for it to be meaningful."""

    turn: int
    turn_from: int = Field(ge=1)
    whole: int
    whole_from: int = Field(ge=1)


class Phrase(NamedTuple):
    """Words to find in a text, and the advice."""

    first: str
    """Its first word in small letters: most texts do not hold it, and a pattern is slow to find that out."""
    pattern: re.Pattern[str]
    advice: str


class PlainLanguageRules(AuthoredModel):
    """Plain-language rules of one language."""

    spelling: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}_[A-Z]{2}$")]
    """The name of its spelling dictionary."""
    near: list[str]
    sentence_words: int
    lix: ReadingLevel
    skip: list[str]
    negations: list[str]
    avoid: list[AvoidedWords]
    own_words: str
    shared: list[str]
    forms: list[AvoidedWords] = Field(default=[])
    """Where a language has several right forms: those not chosen, and the one that is."""
    allowed: list[str] = Field(default=[])
    """What may be said all the same, though it holds something to avoid."""
    in_the_open: list[str] = Field(default=[])
    """Words of a warning or a limit. It must be read before the answer, so it may not be in a `why`."""
    compares: list[str] = Field(default=[])
    """How a level is compared with the help of today, which a first meeting does not have."""

    @cached_property
    def avoided(self) -> list[Phrase]:
        """The phrases to avoid."""
        return _phrases(self.avoid)

    @cached_property
    def not_chosen(self) -> list[Phrase]:
        """The forms that are right and not chosen; the advice is the chosen one."""
        return _phrases(self.forms)

    @cached_property
    def meant(self) -> re.Pattern[str]:
        """A pattern of allowed uses of words to avoid."""
        return _one_of(self.allowed)

    @cached_property
    def warning(self) -> re.Pattern[str]:
        """Where a text warns, or says who sees what and whom it binds."""
        return _one_of(self.in_the_open)

    @cached_property
    def with_now(self) -> re.Pattern[str]:
        """Where a level is compared with now."""
        return _one_of(self.compares)

    @cached_property
    def negated(self) -> re.Pattern[str]:
        """Find a negated question."""
        return _one_of(self.negations)

    @cached_property
    def at_home(self) -> re.Pattern[str]:
        """Return the words this language shares with another, so that they are not reported as strays."""
        return _one_of(self.shared)


PlainWords = Mapping[Language, PlainLanguageRules]
"""The plain-language rules of each language; a new language may have none yet."""


def wording_issues(said: Iterable[Wording], plain: PlainWords) -> Iterator[Issue]:
    """Report every issue in the wording of a dialogue."""
    strangers = {language: foreign(language, plain) for language in plain}
    for wording in said:
        yield from _alike(wording, plain)
        for language in [language for language in wording.texts if language in plain]:
            yield from _strays(wording, language, strangers[language], plain[language])
            yield from _long_sentences(wording, language, plain[language])
            yield from _avoided(wording, language, plain[language])
            yield from _not_chosen(wording, language, plain[language])
            yield from _negated(wording, language, plain[language])


def placeholders(said: Iterable[Wording]) -> Iterator[Issue]:
    """Report placeholders that one language uses and another omits."""
    for wording in said:
        put_in = {language: set(PLACEHOLDER.findall(text)) for language, text in wording.texts.items()}
        for language, here in put_in.items():
            for name in sorted(set().union(*put_in.values()) - here):
                there = ", ".join(f"'{other}'" for other in put_in if name in put_in[other])
                what = f"{name} is in {there} but not in '{language}'"
                yield wording.issue(language, "D302", what, "use the same placeholders in every language")


def grades(said: Iterable[Wording], title: Wording, plain: PlainWords) -> Iterator[Issue]:
    """Report turns that are hard to read, and the dialogue if its turns are hard to read on average."""
    turns: defaultdict[tuple[object, ...], list[Wording]] = defaultdict(list)
    for wording in said:
        if wording.kind in ("prompt", "why"):
            turns[wording.file, *wording.path[:-1]].append(wording)
    for language in plain:
        limit = plain[language].lix
        do = "use shorter words, and make two sentences of the longest"
        for turn in turns.values():
            texts = _in(turn, language)
            if sum(len(words(text)) for text in texts) >= limit.turn_from and lix(texts) > limit.turn:
                what = f"this turn has a LIX of {lix(texts):.0f} in '{language}', over {limit.turn}"
                first = next(wording for wording in turn if language in wording.texts)
                yield first.issue(language, "D402", what, do)
        texts = _in((wording for turn in turns.values() for wording in turn), language)
        if sum(len(words(text)) for text in texts) >= limit.whole_from and lix(texts) > limit.whole:
            what = f"the whole dialogue has a LIX of {lix(texts):.0f} in '{language}', over {limit.whole}"
            if language in title.texts:
                yield title.issue(language, "D403", what, do)


def _in(said: Iterable[Wording], language: Language) -> list[str]:
    texts = (wording.texts.get(language, "") for wording in said)
    return [text for text in texts if words(text)]


def _alike(wording: Wording, plain: PlainWords) -> Iterator[Issue]:
    for one, other in combinations(wording.texts, 2):
        text = wording.texts[other]
        enough = SAME_FROM_WHEN_NEAR if one in plain and other in plain[one].near else SAME_FROM
        if wording.texts[one] == text and len(words(text)) >= enough:
            do = "write it as its own language; if it is meant, end the line with '# meant: D301'"
            yield wording.issue(other, "D301", f"'{other}' is the same text as '{one}'", do)


def foreign(language: Language, plain: PlainWords) -> Mapping[str, str]:
    """Words that have strayed when they stand in this language, and where they come from."""
    at_home = plain[language].own_words.split()
    return {
        word: other
        for other in plain
        if other != language
        for word in plain[other].own_words.split()
        if word not in at_home
    }


def _strays(
    wording: Wording, language: Language, strangers: Mapping[str, str], plain: PlainLanguageRules
) -> Iterator[Issue]:
    text = plain.at_home.sub(" ", wording.texts[language])
    for word in dict.fromkeys(words(text)):
        if (home := strangers.get(word.lower())) is not None:
            what = f"'{word}' is a word in '{home}', and this is '{language}'"
            yield wording.issue(language, "D303", what, f"say it as '{language}' does", at=word)


def _long_sentences(wording: Wording, language: Language, plain: PlainLanguageRules) -> Iterator[Issue]:
    for sentence in sentences(wording.texts[language]):
        length = len(words(sentence))
        if length > plain.sentence_words:
            begins = " ".join(sentence.split()[:3])
            what = f"the sentence «{begins} …» has {length} words"
            do = f"make two of it; {plain.sentence_words} words are enough"
            yield wording.issue(language, "D401", what, do, at=sentence)


def _avoided(wording: Wording, language: Language, plain: PlainLanguageRules) -> Iterator[Issue]:
    text = plain.meant.sub(" ", wording.texts[language])
    for found, instead in _found_in(text, plain.avoided):
        yield wording.issue(language, "D404", f"«{found}» is not said in '{language}'", instead, at=found)


def _not_chosen(wording: Wording, language: Language, plain: PlainLanguageRules) -> Iterator[Issue]:
    for found, chosen in _found_in(wording.texts[language], plain.not_chosen):
        what = f"«{found}» is correct, but not the form chosen in '{language}'"
        yield wording.issue(language, "D406", what, f"say {chosen}", at=found)


def _negated(wording: Wording, language: Language, plain: PlainLanguageRules) -> Iterator[Issue]:
    for sentence in sentences(wording.texts[language]):
        begins = " ".join(sentence.split()[:NEGATED_WITHIN])
        if sentence.rstrip("»”) ").endswith("?") and plain.negated.search(begins):
            what = f"the question «{begins} …» is negated"
            yield wording.issue(language, "D405", what, "ask what is, not what is not", at=sentence)


def _phrases(rules: Iterable[AvoidedWords]) -> list[Phrase]:
    return [
        Phrase(_AFTER_A_WORD.split(said.lower(), maxsplit=1)[0], _phrase(said), rule.instead)
        for rule in rules
        for said in rule.say_not
    ]


def _found_in(text: str, phrases: Iterable[Phrase]) -> Iterator[tuple[str, str]]:
    """Return each phrase in a text as it is written there, with the advice."""
    in_small_letters = text.lower()
    for phrase in phrases:
        if phrase.first in in_small_letters and (found := phrase.pattern.search(text)) is not None:
            yield found.group(), phrase.advice


def _one_of(phrases: list[str]) -> re.Pattern[str]:
    found = "|".join(_phrase(said).pattern for said in phrases)
    # an alternation without phrases would match everywhere
    return re.compile(found or r"(?!)", re.IGNORECASE)


def _phrase(said: str) -> re.Pattern[str]:
    """Build a pattern for a whole phrase. Straight and curved apostrophes are equal."""
    written = re.escape(said).replace("’", "['’]").replace(r"\ ", r"\s+")
    before = r"(?<!\w)" if said[0].isalnum() else ""
    after = r"(?!\w)" if said[-1].isalnum() or said[-1] == "." else ""
    return re.compile(before + written + after, re.IGNORECASE)
