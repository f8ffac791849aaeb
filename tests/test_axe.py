"""Which pages, and which parts of them, are looked at once, for they look the same."""

from support.axe import Part, known_parts, likeness, whereabouts


def test_two_pages_are_alike_when_only_their_ids_differ() -> None:
    page = "<a href='/meetings/{}'>Videre</a>"
    assert likeness(page.format("a" * 32), "light") == likeness(page.format("0" * 32), "light")
    assert likeness(page.format("a" * 32), "light") != likeness(page.format("a" * 32), "dark")
    assert likeness("<p>Den ene</p>") != likeness("<p>Den andre</p>")


def test_the_largest_parts_that_are_known_are_left_out_and_only_where_they_are() -> None:
    page: list[Part] = [
        (-1, "", "html", "whole"),
        (0, "", "main", "m"),
        (1, "", "ul", "list"),
        (0, "main", "footer", "end"),
    ]
    right = set(whereabouts(page))
    assert known_parts(page, whereabouts(page), right) == [0]
    other: list[Part] = [
        (-1, "", "html", "other"),
        *page[1:3],
        (0, "main", "footer class=new", "end"),
        (0, "footer", "ul", "list"),
    ]
    assert known_parts(other, whereabouts(other), right) == [1], "a list elsewhere is another"
    moved: list[Part] = [(-1, "", "html", "other"), (0, "p", "main", "m"), (1, "", "ul", "list")]
    assert known_parts(moved, whereabouts(moved), right) == [2], (
        "what comes after something else is looked at"
    )
