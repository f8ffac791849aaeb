"""The FHIR document: what no validator looks at, and what two of others' making say."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given as for_any
from hypothesis import settings as trying
from hypothesis import strategies as some
from support.answers import DIALOGUE
from support.effort import tries
from support.need import need
from support.reviews_gone_through import (
    AGREED,
    BECAUSE,
    BESIDE,
    BOTH_VIEWS,
    DROPPED,
    EARLIER,
    FOR_PROFESSIONAL,
    FOR_USER,
    KARI,
    OTHER,
    USER,
    WAITING,
    GoingThrough,
    a_whole_review,
    id_of,
    shared,
    sheet_of,
    whatever_comes_of_it,
)
from support.sheets import EMOJI, HEBREW, MARKUP

from assistant.exports.fhir.document import WISHES_AND_NEEDS, as_fhir, as_fhir_json
from assistant.exports.review.plain_text import as_record_text
from assistant.exports.review.sheet import ReviewSheet
from assistant.languages import LANGUAGES, TAGS
from assistant.meetings.review.acts import PutBeside
from assistant.meetings.review.snapshot_changes import begun

Resource = dict[str, Any]
DOCUMENT = UUID(int=7)
AT = datetime(2027, 2, 5, 14, 0, tzinfo=UTC)
PERSON = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
CODES = {
    ("Bundle", "type"): {"document"},
    ("Composition", "status"): {"final", "preliminary"},
    ("QuestionnaireResponse", "status"): {"completed"},
    ("Goal", "lifecycleStatus"): {"proposed"},
    ("CarePlan", "status"): {"active"},
    ("CarePlan", "intent"): {"plan"},
}
"""Every code that is ever written, from the value sets of R4."""
VALIDATE = """
const {Fhir} = require('fhir');
const given = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const said = given.map(one => new Fhir().validate(one, {errorOnUnexpected: true}));
process.stdout.write(JSON.stringify(said));
"""
KNOWN_NOISE = re.compile(
    r'language: Code "(nb|nn)" not found in value set'  # it knows only the common languages
    r"|Composition\.type: (Code \"51855-5\" \(http://loinc\.org\) not found in value set"  # nor LOINC
    r'|Value set "http://hl7\.org/fhir/ValueSet/doc-typecodes" could not be found\.)'
)


def document(sheet: ReviewSheet, operator: str | None = "Eksempel <&> kommune") -> Resource:
    """As it comes out of the file."""
    read: Resource = json.loads(as_fhir_json(as_fhir(sheet, document=DOCUMENT, at=AT, operator=operator)))
    return read


def whole(language: str = "nb") -> Resource:
    return document(sheet_of(*a_whole_review(), language))


def all_of(bundle: Resource, kind: str) -> list[Resource]:
    return [e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == kind]


def nodes(node: Any) -> Iterator[Resource]:
    """Every object in it, however deep."""
    if isinstance(node, dict):
        yield node
        for child in node.values():
            yield from nodes(child)
    elif isinstance(node, list):
        for child in node:
            yield from nodes(child)


def read_aloud(div: str) -> str:
    """What a narrative says, with its line breaks."""
    root = ElementTree.fromstring(div)
    assert root.tag == "{http://www.w3.org/1999/xhtml}div"
    for line_break in root.iter("{http://www.w3.org/1999/xhtml}br"):
        line_break.text = "\n"
    return "\n".join("".join(part.itertext()) for part in root)


def narratives(bundle: Resource) -> str:
    return "\n".join(read_aloud(node["div"]) for node in nodes(bundle) if "div" in node)


def broken(bundle: Resource) -> list[str]:
    """The rules of R4 that no validator at hand looks at, and which of them are not kept."""
    found = []
    if not (bundle.get("identifier", {}).get("system") and bundle["identifier"].get("value")):
        found.append("bdl-9")
    if not bundle.get("timestamp"):
        found.append("bdl-10")
    if bundle["entry"][0]["resource"]["resourceType"] != "Composition":
        found.append("bdl-11")
    places = [entry["fullUrl"] for entry in bundle["entry"]]
    if len(set(places)) < len(places):
        found.append("bdl-7")
    if any(entry["fullUrl"] != f"urn:uuid:{entry['resource']['id']}" for entry in bundle["entry"]):
        found.append("fullUrl is the id")
    found += [node["reference"] for node in nodes(bundle) if node.get("reference", places[0]) not in places]
    if any(not (s.get("text") or s.get("entry")) for s in bundle["entry"][0]["resource"].get("section", [])):
        found.append("cmp-1")
    for node in nodes(bundle):
        if "div" in node and not read_aloud(node["div"]).strip():
            found.append("txt-2")
        if not all(value not in ("", [], {}, None) for value in node.values()):
            found.append("ele-1")
        if node.get("system") == PERSON and node["code"] not in {"author", "attester", "enterer"}:
            found.append("participant type")
        kind = node.get("resourceType")
        found += [
            f"{kind}.{name}"
            for (of, name), allowed in CODES.items()
            if of == kind and node[name] not in allowed
        ]
    return found + list(_broken_details(bundle))


def _broken_details(bundle: Resource) -> Iterator[str]:
    if {node["status"] for node in nodes(bundle) if "div" in node} - {"generated", "additional"}:
        yield "Narrative.status"
    for composition in all_of(bundle, "Composition"):
        if {a["mode"] for a in composition.get("attester", [])} - {"personal", "professional"}:
            yield "Composition.attester.mode"
    for plan in all_of(bundle, "CarePlan"):
        if {activity["detail"]["status"] for activity in plan["activity"]} != {"not-started"}:
            yield "CarePlan.activity.detail.status"
    for trace in all_of(bundle, "Provenance"):
        for target in trace["target"]:
            ids = {node.get("id") for node in nodes(_at(bundle, target["reference"]))}
            if not {extension["valueUri"] for extension in target.get("extension", [])} <= ids:
                yield "targetElement"


def _at(bundle: Resource, place: str) -> Resource:
    found: Resource = next(e["resource"] for e in bundle["entry"] if e["fullUrl"] == place)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_rules_nobody_else_looks_at_are_kept(language: str) -> None:
    bundle = whole(language)
    assert broken(bundle) == []
    assert bundle["language"] == bundle["entry"][0]["resource"]["language"] == TAGS[language]


@pytest.mark.parametrize(
    "harm", ["identifier", "timestamp", "order", "reference", "section", "div", "code", "twice"]
)
def test_a_rule_that_is_broken_is_found(harm: str) -> None:
    bundle = whole()
    composition = bundle["entry"][0]["resource"]
    match harm:
        case "identifier" | "timestamp":
            del bundle[harm]
        case "order":
            bundle["entry"].reverse()
        case "reference":
            composition["subject"]["reference"] = DOCUMENT.urn
        case "section":
            composition["section"][-1] = {"title": "Tom"}
        case "div":
            composition["section"][0]["text"]["div"] = '<div xmlns="http://www.w3.org/1999/xhtml"/>'
        case "code":
            all_of(bundle, "Goal")[0]["lifecycleStatus"] = "wished"
        case _:
            bundle["entry"].append(bundle["entry"][-1])
    assert broken(bundle)


def test_own_words_are_in_it_verbatim_and_in_what_is_read() -> None:
    bundle = whole()
    read = narratives(bundle)
    said = (EARLIER, HEBREW, EMOJI, MARKUP, BECAUSE, BESIDE, FOR_USER, FOR_PROFESSIONAL, AGREED, WAITING)
    for words in (*said, BOTH_VIEWS, OTHER, "to  mellomrom\n\n og linjer"):
        assert words in read
    assert [n["valueString"] for n in nodes(bundle) if n.get("valueString") == MARKUP] == [MARKUP]
    assert {AGREED} == {a["detail"]["description"] for a in all_of(bundle, "CarePlan")[0]["activity"]}
    assert DROPPED not in json.dumps(bundle)


def test_what_runs_from_the_right_says_so() -> None:
    divs = [node["div"] for node in nodes(whole()) if "div" in node]
    assert any(f'dir="rtl">{HEBREW}</p>' in div for div in divs)
    assert any(f'dir="rtl" lang="en-GB" xml:lang="en-GB">{BESIDE}</p>' in div for div in divs)


def test_the_user_has_no_name_in_it_and_it_says_why() -> None:
    (user,) = all_of(whole(), "Patient")
    assert set(user) == {"resourceType", "id", "text", "name"}
    (name,) = user["name"]
    assert name["extension"][0]["valueCode"] == "not-asked"


def test_the_one_who_wrote_for_another_entered_it_and_did_not_say_it() -> None:
    bundle = whole()
    (user,) = all_of(bundle, "Patient")
    names = {p["id"]: p["name"][0].get("text") for p in all_of(bundle, "Practitioner")} | {user["id"]: "user"}
    traces = {
        tuple(
            (agent["type"]["coding"][0]["code"], names[agent["who"]["reference"].removeprefix("urn:uuid:")])
            for agent in trace["agent"]
        )
        for trace in all_of(bundle, "Provenance")
    }
    assert (("author", "user"), ("enterer", KARI.name)) in traces
    assert (("author", None), ("enterer", "user")) in traces, "which professional said it, nobody wrote"
    assert (("author", KARI.name),) in traces
    assert (("attester", KARI.name),) in traces


def test_a_wish_carries_the_answer_it_was_given_with_whose_it_is() -> None:
    bundle = whole()
    (goal,) = [g for g in all_of(bundle, "Goal") if g["description"]["text"] == MARKUP]
    texts = [note["text"] for note in goal["note"]]
    assert [
        words in text for words, text in zip([BECAUSE, "Da vil jeg vite når", BESIDE], texts, strict=True)
    ]
    assert goal["note"][0]["authorReference"] != goal["expressedBy"] == goal["subject"]
    assert goal["note"][1]["authorReference"] == goal["expressedBy"]


def test_the_sections_of_wishes_and_needs_are_there_in_the_dialogue() -> None:
    assert {section.id for section in DIALOGUE.frame.sections} >= WISHES_AND_NEEDS


def test_those_who_stand_by_it_now_attest_to_it() -> None:
    (composition,) = all_of(whole(), "Composition")
    assert [a["mode"] for a in composition["attester"]] == ["personal", "professional"]
    assert composition["status"] == "preliminary", "an agreement is waiting"
    through = GoingThrough(shared())
    through.stand(USER, "unfinished")
    through.stand(KARI, "agree")
    (composition,) = all_of(document(sheet_of(through.review, through.snapshot)), "Composition")
    assert [a["mode"] for a in composition["attester"]] == ["professional"]
    through.stand(USER, "differ")
    (composition,) = all_of(document(sheet_of(through.review, through.snapshot)), "Composition")
    assert composition["status"] == "final"


def test_with_nobody_named_there_is_no_custodian_and_with_nothing_shared_no_answers() -> None:
    empty = shared().model_copy(update={"first": (), "sections": ()})
    bundle = document(sheet_of(begun(empty), empty), operator=None)
    assert broken(bundle) == []
    assert not all_of(bundle, "Organization") + all_of(bundle, "QuestionnaireResponse")
    Bundle.model_validate(bundle)


def test_what_xml_cannot_hold_breaks_no_narrative() -> None:
    through = GoingThrough(shared())
    through.do(USER, PutBeside(id_of(through.snapshot, HEBREW), "user", "før\ufffe\x00etter\r", 0))
    bundle = document(sheet_of(through.review, through.snapshot))
    assert "før\ufffd\ufffdetter\r" in narratives(bundle)


def test_the_same_again_is_the_same_and_another_document_shares_no_id() -> None:
    sheet = sheet_of(*a_whole_review())
    one = as_fhir(sheet, document=DOCUMENT, at=AT)
    assert as_fhir_json(one) == as_fhir_json(as_fhir(sheet, document=DOCUMENT, at=AT))
    other = as_fhir(sheet, document=UUID(int=8), at=AT)
    assert {e["fullUrl"] for e in one["entry"]}.isdisjoint(e["fullUrl"] for e in other["entry"])
    assert KARI.id not in re.findall(r"[\w]+", as_fhir_json(one)), "an account's id is nobody's to see"


@trying(max_examples=tries(30))
@for_any(data=some.data())
def test_every_review_is_a_document_with_what_is_shared_and_nothing_else(data: some.DataObject) -> None:
    through, shown, hidden = whatever_comes_of_it(data)
    sheet = sheet_of(through.review, through.snapshot)
    bundle = document(sheet)
    assert broken(bundle) == []
    assert Bundle.model_validate(bundle).model_dump_json() != ""
    read = narratives(bundle)
    assert {mark for mark in shown if mark not in read} == set()
    spelled = as_record_text(sheet)
    strings = "\n".join(str(value) for node in nodes(bundle) for value in node.values())
    assert {mark for mark in hidden if mark in strings or mark in spelled} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_validator_reads_it_and_gives_it_back(language: str) -> None:
    bundle = whole(language)
    assert json.loads(Bundle.model_validate(bundle).model_dump_json()) == bundle


def second_opinions(*bundles: Resource) -> list[Resource]:
    """What the validator that runs in node says of each; `.ci/run` installs it."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = Path(os.environ.get("ASSISTANT_FHIR_VALIDATOR") or cache / "for-motet-fhir-validator")
    modules = folder / "node_modules"
    there = shutil.which("node") is not None and (modules / "fhir").is_dir()
    need("The FHIR validator of .ci/fhir", "ASSISTANT_REQUIRE_FHIR", is_there=there)
    done = subprocess.run(
        ["node", "-e", VALIDATE],
        input=json.dumps(bundles),
        env={"NODE_PATH": str(modules), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    said: list[Resource] = json.loads(done.stdout)
    return said


def test_the_second_validator_finds_nothing() -> None:
    bundles = [whole(language) for language in LANGUAGES]
    through = GoingThrough(shared())
    bundles.append(document(sheet_of(through.review, through.snapshot), operator=None))
    for opinion in second_opinions(*bundles):
        said = [f"{one['location']}: {one['message']}" for one in opinion["messages"]]
        assert [line for line in said if not KNOWN_NOISE.search(line)] == []
        assert opinion["valid"]


def test_the_second_validator_would_find_something() -> None:
    wrong, unknown = whole(), whole()
    all_of(wrong, "CarePlan")[0]["intent"] = "hope"
    all_of(unknown, "Goal")[0]["mood"] = "fine"
    assert [opinion["valid"] for opinion in second_opinions(wrong, unknown)] == [False, False]
