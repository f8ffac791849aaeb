"""Several lines typed as one statement: they may be several. The person is asked; nothing guesses."""

from collections.abc import Iterator

from assistant.dialogue.model import Question, Statements
from assistant.engine.conversation import Answer
from assistant.engine.reply import Given, as_given

_FIELD = "statement."


def lines_typed(given: Given) -> int:
    """Return how many lines stand in fields that have more than one."""
    return sum(len(_lines(text)) for _, text in _with_lines(given))


def lines_to_ask_about(question: Question, given: Given, before: Answer | None) -> int:
    """Return how many lines may be meant as statements of their own; 0 if there is nothing to ask.

    A statement that is only changed was asked about when it was new, and there must be room for all.
    """
    if not isinstance(question, Statements):
        return 0
    known = as_given(before)
    new = {name: texts for name, texts in given.items() if name not in known}
    all_ = [text for name, texts in set_apart(given, before).items() if _is_field(name) for text in texts]
    return lines_typed(new) if sum(bool(text.strip()) for text in all_) <= question.at_most else 0


def set_apart(given: Given, before: Answer | None) -> Given:
    """Return the form with each line of a new statement in a field of its own, as it was typed."""
    known = as_given(before)
    new = dict(_with_lines({name: texts for name, texts in given.items() if name not in known}))
    apart: dict[str, tuple[str, ...]] = {}
    for name, texts in given.items():
        if name not in new:
            apart[name] = texts
            continue
        for number, line in enumerate(_lines(new[name]), start=1):
            apart[f"{name}.{number}"] = (line,)
    return apart


def _with_lines(given: Given) -> Iterator[tuple[str, str]]:
    for name, texts in given.items():
        if _is_field(name) and texts and len(_lines(texts[0])) > 1:
            yield name, texts[0]


def _is_field(name: str) -> bool:
    return name.startswith(_FIELD)


def _lines(text: str) -> list[str]:
    """Return the lines that have words, without their line breaks and otherwise as they are."""
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    return [line for line in unix.split("\n") if line.strip()]
