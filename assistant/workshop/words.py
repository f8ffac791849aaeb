"""Translation: export texts from the files as a gettext catalogue, and import a language back into them.

Each entry's context is the address of the wording, its id the wording in a language that exists, so the
ordinary tools show what to translate, where it is, and (with `msgmerge`) what has changed since.
"""

import re
import shutil
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po, write_po

from assistant.config import dialogues_folder, locales_folder, service_file
from assistant.dialogue.library import FRAME, read_dialogue
from assistant.dialogue.text import WORDING_LIMIT
from assistant.dialogue.translation import LocatedWording, read_wordings, with_wordings
from assistant.errors import Trouble
from assistant.language_forms import locale_of
from assistant.languages import (
    LANGUAGES,
    NAMES,
    Language,
    catalogue_file,
    placeholders,
    read_catalogue,
    turned_round,
)
from assistant.value_class import value_class

SERVICE = "service"
INTERFACE = "interface"
_KINDS: Mapping[str, str] = {
    "title": "the name of the conversation",
    "heading": "a heading in the summary, in the words of the person it belongs to",
    "topic": "what this part is about",
    "prompt": "a question",
    "why": "why it is asked",
    "examples": "an example of what somebody might answer, in the I-form",
    "text": "something to choose, in the I-form: the person says it",
    "label": "the name of a group of fields",
    "facilitator": "a note for the peer worker who holds the conversation; no user sees it",
    "own": "the name of a field for own words",
    "others": "the name of a list of less likely choices, which a person opens",
    "signal": "the name of a field for own words",
    "then": "the name of a field for own words",
}
_OF_THE_SERVICE: Mapping[str, str] = {
    "title": "what a peer worker is called",
    "who": "who reads what is sent ahead",
    "by_when": "by when it is read",
    "absence": "who reads when they are away",
    "name": "whom one can call",
    "what": "when one calls there",
    "basis": "the legal basis, as the controller decided it",
    "backups": "for how long backups are kept",
}


class WordsRefused(Trouble):
    """Why an export or import was refused: one sentence per problem. Nothing was written."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


@value_class
class TranslatorWording:
    """One wording and its address, as a translator sees it."""

    address: str
    file: Path
    line: int
    about: str
    said: Mapping[Language, str]
    worded: LocatedWording | None = None


def export_words(name: str, language: Language, source: Language) -> bytes:
    """Export the texts of a dialogue, the service file or the interface, for translation."""
    if locale_of(language) is None:
        raise WordsRefused([f"No language is called '{language}'. Write it as browsers do: pl, se, pt-BR."])
    if source not in LANGUAGES or source == language:
        others = ", ".join(other for other in LANGUAGES if other != language)
        raise WordsRefused([f"'{source}' cannot be translated from. Choose another with --from: {others}."])
    catalog = Catalog(locale=_identifier(language), project="Før møtet", charset="utf-8", fuzzy=False)
    catalog.header_comment = (
        f"# {name}: from {NAMES[source]} ({source}) to {language}. The notes say what each wording is,\n"
        "# and how other languages say it. The program fills in what is in {braces}: leave it unchanged."
    )
    top = Path.cwd()
    for one in _everything(name, language):
        message = Message(
            one.said[source],
            one.said.get(language, ""),
            context=one.address,
            locations=[(str(_seen_from(one.file, top)), one.line)],
            auto_comments=[one.about, *_in_other_languages(one.said, {source, language})],
        )
        message.flags.discard("python-format")
        catalog[one.address] = message
    out = BytesIO()
    write_po(out, catalog, width=0)
    return out.getvalue()


@value_class
class TranslationImport:
    """The result of an import, before anything is written."""

    language: Language
    files: Mapping[Path, str]
    written: int
    left_open: int

    def write(self) -> None:
        """Write the files, each atomically."""
        for file, text in self.files.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            beside = file.with_name(f".{file.name}.new")
            beside.write_text(text, encoding="utf-8", newline="")
            if file.exists():
                shutil.copymode(file, beside)
        for file in self.files:
            file.with_name(f".{file.name}.new").replace(file)


def import_words(file: Path) -> TranslationImport:
    """Compute the changes from a translator's catalogue. Raises `WordsRefused`."""
    catalog = _read(file)
    language = str(catalog.locale_identifier or "").replace("_", "-")
    if locale_of(language) is None:
        raise WordsRefused([f"{file} does not say its language. Write it in the header: Language: pl"])
    messages = [message for message in catalog if message.id]
    names = sorted({(message.context or "").partition("/")[0] for message in messages})
    if not names or "" in names:
        raise WordsRefused(
            [f"{file} has entries without a context (msgctxt). Export it with `words export`."]
        )
    known = {one.address: one for name in names for one in _everything(name, language)}
    reasons = [f"{file}:{m.lineno}: {why}" for m in messages for why in _refusals(m, language, known)]
    if reasons:
        raise WordsRefused(reasons)
    said = {str(m.context): str(m.string).strip() for m in messages if m.string}
    new = {address: text for address, text in said.items() if known[address].said.get(language) != text}
    return TranslationImport(
        language,
        dict(_files_with(new, language, known)),
        written=len(new),
        left_open=sum(not m.string for m in messages),
    )


def _read(file: Path) -> Catalog:
    try:
        with file.open("rb") as opened:
            return read_po(opened, abort_invalid=True)
    except (OSError, PoFileError, ValueError) as error:
        what = f"{file} cannot be read as a gettext catalogue ({error})."
        raise WordsRefused([f"{what} Correct it with the tool that wrote it."]) from None


def _refusals(message: Message, language: Language, known: Mapping[str, TranslatorWording]) -> Iterator[str]:
    address, source, wording = str(message.context), str(message.id), str(message.string)
    one = known.get(address)
    if one is None:
        yield f"nothing is said at {address} any more. Export again, and bring the rest along with msgmerge."
        return
    if source not in [text for other, text in one.said.items() if other != language]:
        yield f"{address} has been changed since this was exported. Export again, and check it."
    elif message.fuzzy:
        yield f"{address} is marked fuzzy. Check it, and remove the mark."
    if wording and placeholders(wording) != placeholders(source):
        wanted = ", ".join(sorted(placeholders(source))) or "none"
        yield f"{address} does not have the same words in braces as its source ({wanted}). Put them back."
    if number := turned_round(wording, language):
        yield f"{address} would show {number} backwards. Put no-break spaces (U+00A0) in it."
    if len(wording) > WORDING_LIMIT:
        yield f"{address} is over {WORDING_LIMIT} characters. Shorten it."


def _files_with(
    said: Mapping[str, str], language: Language, known: Mapping[str, TranslatorWording]
) -> Iterator[tuple[Path, str]]:
    """Return each changed file with its new content."""
    for file in dict.fromkeys(known[address].file for address in said):
        here = {a: one for a, one in known.items() if one.file == file and a in said}
        if next(iter(here)).startswith(f"{INTERFACE}/"):
            yield catalogue_file(locales_folder(), language), _interface(said, language)
            continue
        before = _text(file)
        source = next(other for other in LANGUAGES if other != language)
        put = {one.worded.address: said[a] for a, one in here.items() if one.worded is not None}
        yield file, with_wordings(before, source, language, put)


def _everything(name: str, language: Language) -> list[TranslatorWording]:
    """Return all wordings in file order."""
    if name == INTERFACE:
        return list(_said_by_the_interface(language))
    if name == SERVICE:
        return list(_said_in(service_file(), f"{SERVICE}/", language, _OF_THE_SERVICE))
    folder = dialogues_folder() / name
    if "/" in name or not (folder / FRAME).is_file():
        raise WordsRefused([f"There is no dialogue called '{name}' in {dialogues_folder()}. Check the name."])
    dialogue, issues = read_dialogue(folder, tuple(other for other in LANGUAGES if other != language))
    if dialogue is None or issues:
        raise WordsRefused(["The dialogue has issues; correct them first:", *map(str, issues)])
    files = [folder / FRAME, *(folder / f"{part}.yaml" for part in dialogue.frame.parts)]
    return [one for file in files for one in _said_in(file, f"{name}/{file.stem}/", language)]


def _said_in(
    file: Path, prefix: str, language: Language, kinds: Mapping[str, str] = _KINDS
) -> Iterator[TranslatorWording]:
    source = next(other for other in LANGUAGES if other != language)
    for worded in read_wordings(_text(file), source):
        kind = next(step for step in reversed(worded.steps) if step in kinds)
        about = "what the guide says" if worded.fields.get("asks") == "say" else kinds[kind]
        yield TranslatorWording(prefix + worded.address, file, worded.mark[0], about, worded.said, worded)


def _said_by_the_interface(language: Language) -> Iterator[TranslatorWording]:
    offered = {one: read_catalogue(locales_folder(), one).written for one in LANGUAGES}
    if language not in offered and catalogue_file(locales_folder(), language).exists():
        offered[language] = read_catalogue(locales_folder(), language).written
    file = catalogue_file(locales_folder(), LANGUAGES[0])
    lines = re.findall(r'^(?:msgid "(.*)")?.*$', file.read_text("utf-8"), re.MULTILINE)
    for key in offered[LANGUAGES[0]]:
        said = {one: sentences[key] for one, sentences in offered.items() if key in sentences}
        yield TranslatorWording(
            f"{INTERFACE}/{key}", file, lines.index(key) + 1, f"said under the key {key}", said
        )


def _interface(said: Mapping[str, str], language: Language) -> str:
    """Return the interface catalogue of a language: every key in order, empty if untranslated."""
    catalog = Catalog(locale=_identifier(language), charset="utf-8", fuzzy=False)
    catalog.header_comment = (
        "# Everything that is said outside the dialogues. The keys name a place, not a wording."
    )
    for one in _said_by_the_interface(language):
        key = one.address.partition("/")[2]
        catalog[key] = Message(key, said.get(one.address, one.said.get(language, "")))
    out = BytesIO()
    write_po(out, catalog, width=0)
    return out.getvalue().decode()


def _in_other_languages(said: Mapping[Language, str], shown: set[Language]) -> list[str]:
    return [f"{one}: {' '.join(text.split())}" for one, text in said.items() if one not in shown]


def _text(file: Path) -> str:
    with file.open(encoding="utf-8", newline="") as opened:
        return opened.read()


def _seen_from(file: Path, folder: Path) -> Path:
    return file.relative_to(folder) if file.is_relative_to(folder) else Path(*file.parts[-2:])


def _identifier(language: Language) -> str:
    return language.replace("-", "_")  # formatted like gettext does
