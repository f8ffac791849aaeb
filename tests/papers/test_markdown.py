"""The part of Markdown that papers use, and nothing else."""

import pytest

from assistant.exports.paper_sheet import PaperFigure, PaperList, PaperRun, PaperTable, PaperText
from assistant.papers.markdown import NotInAPaper, fields_in, read_paper

FIGURE = PaperFigure("<svg/>", "a drawing")


def test_each_kind_of_block_is_read() -> None:
    text = (
        "# Title\n\n> A **bold** notice\n> in two lines.\n\nSome `code`, and [[a field]].\n\n- one\n- two\n"
        "  goes on\n\n```mermaid\na --> b\n\nb --> c\n```\n\n| A | B |\n|---|---|\n| 1 | [[2]] |\n"
    )
    sheet = read_paper(text, "nb", FIGURE)
    assert (sheet.title, sheet.language) == ("Title", "nb")
    title, notice, paragraph, items, figure, table = sheet.blocks
    assert title == PaperText("heading", [PaperRun("Title")], 1)
    assert notice == PaperText(
        "notice", [PaperRun("A "), PaperRun("bold", "bold"), PaperRun(" notice in two lines.")]
    )
    assert isinstance(paragraph, PaperText)
    assert [run.style for run in paragraph.runs] == ["plain", "code", "plain", "field", "plain"]
    assert items == PaperList([[PaperRun("one")], [PaperRun("two goes on")]])
    assert figure is FIGURE
    assert isinstance(table, PaperTable)
    assert table.rows == [[[PaperRun("1")], [PaperRun("2", "field")]]]
    assert fields_in(text) == ["a field", "2"]


@pytest.mark.parametrize(
    "wrong",
    [
        "No title",
        "# Title\nright below it",
        "# Title\n\n1. numbered",
        "# Title\n\n* a star",
        "# Title\n\n#### too deep",
        "# Title\n\n<b>markup</b>",
        "# Title\n\nan **open end",
        "# Title\n\nan [[open field",
        "# Title\n\n- one\ntwo",
        "# Title\n\n```python\nx\n",
        "# Title\n\n| A | B |\n|---|---|\n| 1 |",
        "# Title\n\n| A | B |\n| 1 | 2 |",
        "# Title\n\n| A | B |\n|---|---|\n| 1 | 2",
    ],
)
def test_anything_else_is_a_mistake(wrong: str) -> None:
    with pytest.raises(NotInAPaper):
        read_paper(wrong, "en", FIGURE)


def test_a_heading_has_room_for_its_longest_word() -> None:
    sheet = read_paper("# T\n\n| Consequence | A |\n|---|---|\n| 1 | " + "a" * 99 + " |\n", "en")
    table = sheet.blocks[1]
    assert isinstance(table, PaperTable)
    assert table.widths[0] > len("Consequence")
    assert table.widths[1] < 99
