"""YAML 1.2 as authors write it: words stay words, and everything knows where it stands."""

from time import process_time

import pytest

from assistant.dialogue.marked_yaml import read_marked


@pytest.mark.parametrize(
    "word",
    ["no", "yes", "on", "off", "y", "n", "No", "NO", "12:30", "2026-01-05", "1e3", "0x1f", "007", "-1"],
)
def test_what_looks_like_more_than_a_word_stays_a_word(word: str) -> None:
    assert read_marked(f"said: {word}\n").data == {"said": word}


@pytest.mark.parametrize(
    ("written", "read"),
    [("true", True), ("false", False), ("null", None), ("~", None), ("", None), ("0", 0), ("12", 12)],
)
def test_the_few_plain_values_are_read_as_values(written: str, read: object) -> None:
    data = read_marked(f"value: {written}\n").data
    assert data == {"value": read}
    assert type(data["value"]) is type(read)


@pytest.mark.parametrize("written", ['"12"', "'true'", "|\n  null", ">-\n  12"])
def test_what_is_quoted_or_in_a_block_is_words(written: str) -> None:
    assert isinstance(read_marked(f"value: {written}\n").data["value"], str)


def test_a_number_too_long_to_be_meant_stays_a_word() -> None:
    assert read_marked("value: " + "9" * 5_000).data == {"value": "9" * 5_000}


def test_every_value_knows_its_line_and_column() -> None:
    marked = read_marked("id: wish\nnext:\n  - to: end\n    when: {chose: {kind: first}}\n")
    assert marked.marks == {
        (): (1, 1),
        ("id",): (1, 5),
        ("next",): (3, 3),
        ("next", 0): (3, 5),
        ("next", 0, "to"): (3, 9),
        ("next", 0, "when"): (4, 11),
        ("next", 0, "when", "chose"): (4, 19),
        ("next", 0, "when", "chose", "kind"): (4, 26),
    }


def test_columns_are_counted_in_characters() -> None:
    text = "a: {b: «æøå» 👩‍👩‍👧, c: d}"
    assert read_marked(text).marks["a", "c"] == (1, text.index("d") + 1)


def test_a_byte_order_mark_and_windows_line_ends_change_nothing() -> None:
    assert read_marked("\ufeffid: a\r\nto: b\r\n") == read_marked("id: a\nto: b\n")


@pytest.mark.parametrize("text", ["", "\n\n", "# only a remark\n"])
def test_an_empty_file_is_nothing_and_no_problem(text: str) -> None:
    marked = read_marked(text)
    assert (marked.data, marked.marks, marked.problems) == (None, {}, [])


def test_each_key_that_stands_twice_is_a_problem() -> None:
    marked = read_marked("a: 1\nb: {c: 2, c: 3}\na: 4\n")
    assert [(p.mark, p.twice) for p in marked.problems] == [((2, 11), True), ((3, 1), True)]
    assert "'c'" in marked.problems[0].what


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("a: &x words\n", [(1, 4)]),  # YAML would drop what looks like an anchor from the wording
        ("a: &x words\nb: *x\n", [(1, 4), (2, 4)]),
        ("a: &x {b: *x}\n", [(1, 4), (1, 11)]),
        ("<<: &x {b: c}\n", [(1, 5)]),
        ("a: !!python/object/apply:os.getcwd []\n", [(1, 4)]),
        ("a: !local {b: c}\n", [(1, 4)]),
        ("!!str a: b\n", [(1, 1)]),
        ("a: ! b\n", [(1, 4)]),
    ],
)
def test_anchors_and_tags_are_refused_where_they_stand(text: str, marks: list[tuple[int, int]]) -> None:
    marked = read_marked(text)
    assert [problem.mark for problem in marked.problems] == marks
    assert not any(problem.twice for problem in marked.problems)
    assert marked.data is None


def test_a_list_or_a_group_is_no_name() -> None:
    marked = read_marked("a: {{name}}\nb: 1\n? [c, d]\n: 2\n")
    assert [problem.mark for problem in marked.problems] == [(1, 5), (3, 3)]


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("a: b: c\n", (1, 5)),
        ("a:\n\tb: c\n", (2, 1)),
        ("a: [b\n", (2, 1)),
        ("a: b\n---\nc: d\n", (2, 1)),
        ("a: *nowhere\n", (1, 4)),
        ("a: \x00\n", (1, 1)),
    ],
)
def test_what_is_not_yaml_is_a_problem_with_a_place_and_advice(text: str, mark: tuple[int, int]) -> None:
    (problem,) = read_marked(text).problems
    assert problem.mark == mark
    assert problem.what
    assert problem.do


def test_a_file_made_to_grow_without_end_is_refused_at_once() -> None:
    laughs = "a: &a [ha, ha, ha, ha, ha, ha, ha, ha, ha]\n" + "".join(
        f"{after}: &{after} [{', '.join([f'*{before}'] * 9)}]\n"
        for before, after in zip("abcdefghijklmnopqrstuvwxy", "bcdefghijklmnopqrstuvwxyz", strict=True)
    )
    began = process_time()
    marked = read_marked(laughs)
    assert process_time() - began < 1
    assert marked.data is None
    assert marked.problems


@pytest.mark.parametrize("text", ["[" * 100_000, "- " * 100_000, "{a: " * 100_000, "? " * 100_000])
def test_endless_nesting_is_a_problem_and_not_a_crash(text: str) -> None:
    began = process_time()
    (problem,) = read_marked(text).problems
    assert process_time() - began < 1
    assert (problem.what, problem.do) == ("this is nested too deeply", "use fewer levels")
