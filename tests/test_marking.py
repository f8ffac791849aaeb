"""`pytest -m "not browser"` needs no Chromium: whatever uses one is marked, and is in a file that says so."""

import pytest
from support.marking import needs_chromium


def test_what_uses_chromium_is_marked_and_named(request: pytest.FixtureRequest) -> None:
    for item in request.session.items:
        is_marked = item.get_closest_marker("browser") is not None
        assert is_marked == needs_chromium(item), item.nodeid
        assert is_marked == item.path.stem.endswith("_in_browser"), item.nodeid


def test_a_fixture_made_of_another_is_seen(
    request: pytest.FixtureRequest, pytestconfig: pytest.Config
) -> None:
    """A test asks for a tab; pytest knows that the tab is made of the browser, and that of Chromium."""

    class Asked(pytest.Function):
        pass

    def asks(browser: object) -> None:
        pass

    parent = request.node.parent
    assert needs_chromium(Asked.from_parent(parent, name="asks", callobj=asks))
    assert not needs_chromium(Asked.from_parent(parent, name="needs nothing", callobj=lambda: None))
