"""The text for the record, set on a page: the same words, whatever people wrote."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.meetings.review.record_lines import Kind, RecordBlock, paragraphs_of

SET = (Kind.OWN, Kind.CHOSEN, Kind.VOICE, Kind.SIGNED, Kind.HEADING)


@given(st.lists(st.tuples(st.sampled_from(SET), st.text(st.characters(codec="utf-8")))))
def test_every_word_is_set_in_its_order_and_only_rules_and_blank_lines_are_left_out(
    said: list[tuple[Kind, str]],
) -> None:
    lines = [(kind, line) for kind, text in said for line in (*text.split("\n"), None)]
    text = "\n".join(line or "" for _, line in lines)
    kinds = "".join(Kind.BLANK if line is None else kind for kind, line in lines) or Kind.BLANK
    blocks = [block for paragraph in paragraphs_of(text, kinds) for block in paragraph.blocks]
    assert [(block.kind, block.text) for block in blocks] == said


def test_a_rule_below_a_heading_is_not_set_and_one_that_somebody_wrote_is() -> None:
    (heading, own) = paragraphs_of("Ønsker\n======\n\nJa\n\n====\n", "h=_www_")
    assert heading.blocks == [RecordBlock(Kind.HEADING, "Ønsker")]
    assert own.blocks == [RecordBlock(Kind.OWN, "Ja\n\n====")]


def test_a_text_that_was_stored_without_its_kinds_is_shown_as_it_is() -> None:
    for kinds in ("", "ww", "??"):
        (only,) = paragraphs_of("Ønsker\n======\n", kinds)
        assert only.blocks == [RecordBlock(Kind.OWN, "Ønsker\n======\n")]
