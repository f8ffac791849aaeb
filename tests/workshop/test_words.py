"""A translator's way: texts out, a language back in, and not a sign in the files touched that need not be."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.pofile import read_po, write_po
from hypothesis import given
from hypothesis import strategies as st

from assistant.config import TEXTS, dialogues_folder, locales_folder
from assistant.dialogue.library import read_dialogue
from assistant.dialogue.marked_yaml import read_marked
from assistant.dialogue.translation import read_wordings, with_wordings
from assistant.language_forms import locale_of
from assistant.languages import LANGUAGES
from assistant.workshop.words import WordsRefused, export_words, import_words

Translate = Callable[[str, str], str | None]
SOURCE = LANGUAGES[0]


@pytest.fixture
def texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of all the texts, to write in."""
    folders = dialogues_folder(), locales_folder()
    for folder in folders:
        shutil.copytree(folder, tmp_path / folder.name)
    monkeypatch.setenv(TEXTS, str(tmp_path))
    return tmp_path


def translated(texts: Path, language: str, translate: Translate, name: str = "before_meeting") -> Path:
    """The file a translator sends back; None is left open."""
    file = texts / "back.po"
    file.write_bytes(export_words(name, language, SOURCE))
    with file.open("rb") as opened:
        catalog = read_po(opened)
    for message in catalog:
        if message.id:
            message.string = translate(str(message.context), str(message.id)) or ""
    with file.open("wb") as out:
        write_po(out, catalog, width=76)
    return file


def refused(file: Path) -> list[str]:
    with pytest.raises(WordsRefused) as why:
        import_words(file)
    return why.value.reasons


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(folder.rglob("*.yaml"))}


def polish(_: str, source: str) -> str:
    return f"Po polsku: {source}"


def test_a_whole_language_comes_in_and_the_dialogue_has_it(texts: Path) -> None:
    taken = import_words(translated(texts, "pl", polish))
    assert taken.left_open == 0
    taken.write()
    folder = texts / "dialogues" / "before_meeting"
    dialogue, issues = read_dialogue(folder, (*LANGUAGES, "pl"))
    assert issues == []
    assert dialogue is not None
    need = dialogue.question("needs/need")
    assert need.prompt.in_("pl") == f"Po polsku: {need.prompt.in_(SOURCE)}"
    without, issues = read_dialogue(folder)
    assert issues == [], "a language that is not offered yet may lie in the files"
    assert without == read_dialogue(Path(__file__).parents[2] / "dialogues" / "before_meeting")[0]


@pytest.mark.parametrize("name", ["before_meeting", "service"])
def test_nothing_else_in_the_files_is_touched(texts: Path, name: str) -> None:
    before = contents(texts)
    import_words(translated(texts, "pl", polish, name)).write()
    assert contents(texts) != before
    for path, now in contents(texts).items():
        told = now.decode()
        for worded in reversed(read_wordings(told, SOURCE)):
            if "pl" not in worded.said:
                continue
            # as an author would take it out again
            wording = f"Po polsku: {worded.said[SOURCE]}"
            start = sum(len(line) for line in told.splitlines(keepends=True)[: worded.mark[0] - 1])
            head, rest = told[:start], told[start:]
            for cut in (f', pl: "{wording}"', f", pl: {wording}"):
                if cut in rest.split("\n")[0]:
                    rest = rest.replace(cut, "", 1)
                    break
            else:
                lines = rest.split("\n")
                place = next(n for n, line in enumerate(lines) if line.strip().startswith("pl: "))
                rest = "\n".join(lines[:place] + lines[place + 1 :])
            told = head + rest
        assert told.encode() == before[path], path


def test_going_out_and_in_again_changes_nothing(texts: Path) -> None:
    before = contents(texts)
    file = texts / "same.po"
    for language, source in (("en", "nb"), ("nb", "nn")):
        file.write_bytes(export_words("before_meeting", language, source))
        taken = import_words(file)
        assert (taken.files, taken.written, taken.left_open) == ({}, 0, 0)
        taken.write()
    assert contents(texts) == before


def test_a_wording_that_was_there_gives_way_to_the_new_one(texts: Path) -> None:
    def mended(address: str, _: str) -> str | None:
        return "Nowe: “słowa”, a # nie" if address.endswith("needs/need/prompt") else None

    for _ in range(2):
        taken = import_words(translated(texts, "pl", mended))
        taken.write()
    assert taken.written == 0
    text = (texts / "dialogues/before_meeting/needs.yaml").read_text("utf-8")
    assert text.count("\n      pl: ") == 1
    assert read_marked(text).data["states"][0]["prompt"]["pl"] == "Nowe: “słowa”, a # nie"


def test_a_part_of_the_work_may_come_in_and_goes_out_again_with_the_rest(texts: Path) -> None:
    first = import_words(translated(texts, "pl", lambda a, s: polish(a, s) if "/needs/" in a else None))
    assert 0 < first.written < first.left_open
    first.write()
    again = export_words("before_meeting", "pl", "en").decode()
    assert again.count("Po polsku: ") == first.written


def test_every_entry_says_what_it_is_where_it_stands_and_how_others_say_it(texts: Path) -> None:
    told = export_words("before_meeting", "pl", "nb").decode()
    entry = next(e for e in told.split("\n\n") if 'msgctxt "before_meeting/needs/need/prompt"' in e)
    assert entry.startswith("#. a question\n#. nn: Kva treng du")
    assert "\n#. en: What do you need" in entry
    assert "needs.yaml:8\n" in entry
    assert '\nmsgid "Hva trenger du' in entry
    for kind in ("what the guide says", "why it is asked", "something to choose, in the I-form"):
        assert f"#. {kind}" in told
    assert "/examples/2" in told
    assert "/balance/now/support/forms/listen/text" in told
    addresses = [line for line in told.splitlines() if line.startswith("msgctxt")]
    assert len(addresses) == len(set(addresses)) > 150


def test_what_is_asked_differently_now_is_refused(texts: Path) -> None:
    file = translated(texts, "pl", polish)
    part = texts / "dialogues/before_meeting/wishes.yaml"
    part.write_text(part.read_text("utf-8").replace("Hva ønsker du deg av", "Hva vil du få ut av"), "utf-8")
    before = contents(texts)
    (why,) = refused(file)
    assert "before_meeting/wishes/wish/prompt has been changed since" in why
    assert contents(texts) == before


def test_what_is_asked_no_more_is_refused(texts: Path) -> None:
    file = translated(texts, "pl", polish)
    part = texts / "dialogues/before_meeting/wishes.yaml"
    part.write_text(part.read_text("utf-8").replace("- id: wish\n", "- id: dream\n"), "utf-8")
    reasons = refused(file)
    assert len(reasons) == 6
    assert all("nothing is said at before_meeting/wishes/wish/" in why for why in reasons)


def test_what_is_marked_fuzzy_is_refused(texts: Path) -> None:
    file = translated(texts, "pl", polish)
    text = file.read_text("utf-8")
    place = text.index('msgctxt "before_meeting/wishes/topic"')
    file.write_text(f"{text[:place]}#, fuzzy\n{text[place:]}", "utf-8")
    (why,) = refused(file)
    assert why.endswith("before_meeting/wishes/topic is marked fuzzy. Check it, and remove the mark.")


def test_facts_that_are_left_out_or_made_up_are_refused(texts: Path) -> None:
    def careless(address: str, source: str) -> str:
        if address == "interface/reply.place":
            return "Pytanie {place} z"
        return source + (" {name}" if address == "interface/site.leave" else "")

    reasons = refused(translated(texts, "pl", careless, "interface"))
    assert len(reasons) == 2
    assert "interface/site.leave does not have the same words in braces as its source (none)" in reasons[0]
    assert "interface/reply.place" in reasons[1]
    assert "({all}, {place})" in reasons[1]


def test_the_interface_comes_in_as_a_catalogue_of_its_own(texts: Path) -> None:
    import_words(translated(texts, "pl", polish, "interface")).write()
    with (texts / "locales/pl/LC_MESSAGES/messages.po").open("rb") as file:
        catalog = read_po(file)
    assert str(catalog.locale) == "pl"
    leave = catalog.get("site.leave")
    assert leave is not None
    assert leave.string == "Po polsku: Forlat siden"


@pytest.mark.parametrize(
    ("language", "source", "name", "says"),
    [
        ("zz", "nb", "before_meeting", "No language is called 'zz'"),
        ("nb", "nb", "before_meeting", "Choose another with --from: nn, en"),
        ("pl", "se", "before_meeting", "'se' cannot be translated from"),
        ("pl", "nb", "nowhere", "There is no dialogue called 'nowhere'"),
        ("pl", "nb", "../dialogues/before_meeting", "There is no dialogue called"),
    ],
)
def test_what_cannot_be_given_out_is_said(
    texts: Path, language: str, source: str, name: str, says: str
) -> None:
    with pytest.raises(WordsRefused, match=says):
        export_words(name, language, source)


@pytest.mark.parametrize("text", ["", "hello\n", 'msgid "x"\nmsgstr "y"\n', '"Language: pl\\n"\n'])
def test_a_file_that_is_no_catalogue_of_ours_is_refused(texts: Path, text: str) -> None:
    file = texts / "x.po"
    file.write_text(text)
    assert len(refused(file)) == 1


def test_a_broken_dialogue_is_not_translated(texts: Path) -> None:
    part = texts / "dialogues/before_meeting/needs.yaml"
    part.write_text(part.read_text("utf-8").replace("asks: statements", "asks: feelings"), "utf-8")
    with pytest.raises(WordsRefused, match=r"correct them first:\nbefore_meeting/needs\.yaml:\d+:\d+: D105"):
        export_words("before_meeting", "pl", "nb")


wording = st.text(min_size=1, max_size=60).map(str.strip).filter(bool)
LAYOUTS = (
    "a: {{nb: x, nn: y}}{end}",
    "a: {{nb: x, nn: y,}} # why{end}b: 1{end}",
    "# top{end}a:{end}  nb: x{end}  nn: 'y' # why{end}{end}# next{end}b: 1{end}",
    "a:{end}  nb: x{end}  nn: y",
    "a:{end}  nb: x{end}  nn: |{end}    y{end}    z{end}b: 1{end}",
    "a:{end}  nb: x{end}  nn: y{end}    z{end}b: 1{end}",
    'a:{end}- id: æ😀{end}  text: {{nb: x, pl: "old\\n", nn: y}} # c{end}',
    "a:{end}  nb: x{end}  pl: >{end}    old{end}{end}  nn: y{end}b: 1{end}",
    "a:{end}  nb: x{end}  pl:{end}  nn: y{end}",
    "\ufeffa: {{nb: x, nn: y}}{end}",
)


@given(wording, st.sampled_from(LAYOUTS), st.sampled_from(["\n", "\r\n"]))
def test_whatever_is_translated_is_read_back_and_the_rest_stays(said: str, layout: str, end: str) -> None:
    if said.encode("utf-8", "ignore").decode() != said or "\0" in said:
        return
    text = layout.format(end=end)
    (worded,) = read_wordings(text, "nb")
    after = with_wordings(text, "nb", "pl", {worded.address: said})
    (now,) = read_wordings(after, "nb")
    assert now.said == {**worded.said, "pl": said}
    was, is_ = read_marked(text.removeprefix("\ufeff")), read_marked(after.removeprefix("\ufeff"))
    assert is_.problems == []
    assert is_.data.get("b") == was.data.get("b")
    added = len(after) - len(text)
    start = next((n for n, (a, b) in enumerate(zip(text, after, strict=False)) if a != b), len(text))
    if "pl" not in worded.said:
        assert after[:start] + after[start + added :] == text
    assert with_wordings(after, "nb", "pl", {worded.address: said}) == after


def test_a_mapping_of_other_words_is_no_wording() -> None:
    text = "next:\n- {to: needs}\n- {to: it, nb: x, id: y}\nid: z\nwhen: {chose: {nb: x, kind: y}}\n"
    assert [worded.address for worded in read_wordings(text, "nb")] == ["next/y"]
    assert locale_of("kind") is None


def test_a_number_to_call_that_would_be_read_backwards_is_refused(texts: Path) -> None:
    reasons = refused(translated(texts, "ar", lambda _, source: source, "before_meeting"))
    places = ("opening/", "needs_more/not_read/", "medication/effects/facilitator")
    assert len(reasons) == len(places)
    assert all(any(f"before_meeting/{place}" in why for why in reasons) for place in places)
    assert all("would show 116 117 backwards. Put no-break spaces (U+00A0) in it." in why for why in reasons)
    import_words(translated(texts, "ar", lambda _, source: source.replace("116 117", "116\u00a0117")))
