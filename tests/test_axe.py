"""Which pages are looked at once, for they look the same."""

from support.axe import likeness


def test_two_pages_are_alike_when_only_their_ids_differ() -> None:
    page = "<a href='/meetings/{}'>Videre</a>"
    assert likeness(page.format("a" * 32), "light") == likeness(page.format("0" * 32), "light")
    assert likeness(page.format("a" * 32), "light") != likeness(page.format("a" * 32), "dark")
    assert likeness("<p>Den ene</p>") != likeness("<p>Den andre</p>")
