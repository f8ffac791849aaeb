"""Safety checks: help is named first, some answers can stay private, and every question can be skipped."""

from collections.abc import Iterator, Sequence

from assistant.dialogue.checks.issues import Issue, Source
from assistant.dialogue.checks.plain_language import PlainWords
from assistant.dialogue.checks.wordings import words
from assistant.dialogue.model import IN_OWN_WORDS, Balance, Say
from assistant.languages import LANGUAGES

EMERGENCY_NUMBER = "113"
"""The Norwegian emergency number."""

_FRAME = "dialogue.yaml"


def emergency_line(source: Source) -> Iterator[Issue]:
    """Report openings that lack the emergency numbers in some language. They come first because staff read
    nothing along the way.
    """
    opening = list(source.dialogue.opening())
    without = [
        language
        for language in LANGUAGES
        if not any(EMERGENCY_NUMBER in words(said.prompt.in_(language)) for said in opening)
    ]
    if opening and without:
        missing = "" if len(without) == len(LANGUAGES) else f" in {_list(without)}"
        what = f"the opening does not name {EMERGENCY_NUMBER}{missing}"
        do = "say before the first question whom to call when a life is in danger"
        yield source.issue(_first_file(source), ("states", 0), "D501", what, do)


def private_place(source: Source) -> Iterator[Issue]:
    """Report dialogues in which every question for own words goes into the summary."""
    states = source.dialogue.states.values()
    if not any(isinstance(state, IN_OWN_WORDS) and state.section is None for state in states):
        do = "ask one 'text' without a section; what is said there never leaves the notebook"
        yield source.issue(_FRAME, ("id",), "D502", "there is no private place for own words", do)


def told_of_skipping(source: Source, plain: PlainWords) -> Iterator[Issue]:
    """Report openings that do not mention the right to skip."""
    opening = list(source.dialogue.opening())
    without = [
        language
        for language in plain
        if not any(
            words_for_it.lower() in said.prompt.in_(language).lower()
            for said in opening
            for words_for_it in plain[language].skip
        )
    ]
    if opening and without:
        what = f"the opening does not say in {_list(without)} that questions can be skipped"
        do = f"say so, with words such as «{plain[without[0]].skip[0]}»"
        yield source.issue(_first_file(source), ("states", 0), "D504", what, do)


def folded_away(source: Source, plain: PlainWords) -> Iterator[Issue]:
    """Warnings and limits in a `why`: it is closed until it is asked for, but for that of a `balance`."""
    for _, state, file, path in source.states():
        if isinstance(state, Say | Balance):
            continue
        for language in plain:
            if (found := plain[language].warning.search(state.why.in_(language))) is not None:
                what = f"«{found.group()}» is known only to those who open the 'why' in '{language}'"
                do = "put it in a 'say' before the question"
                yield source.issue(file, (*path, "why", language), "D505", what, do)


def _first_file(source: Source) -> str:
    return f"{source.dialogue.frame.parts[0]}.yaml"


def _list(languages: Sequence[str]) -> str:
    return ", ".join(f"'{language}'" for language in languages)
