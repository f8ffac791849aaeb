"""A page in parts: what a screen has already is not sent to it again."""

import re

from assistant.web.http.page_parts import in_parts

PAGE = (
    '<main><section id="all" data-part><h2>Ønsker</h2>'
    '<article class="a" id="one" data-part>Færre folk<noscript>Ta vare på</noscript></article><!--/part-->'
    '<details open id="two" data-part hidden>Kurset</details><!--/part-->'
    "</section><!--/part--><p>Svar</p></main><footer>Hjelp nå</footer>"
)


def versions_in(page: str) -> dict[str, str]:
    return dict(re.findall(r'id="([a-z]+)"[^>]* data-version="([^"]+)"', page))


def fragment(page: str, *known: str) -> str:
    return in_parts(page, frozenset(known))


def test_a_whole_page_is_as_it_was_with_a_version_for_each_part() -> None:
    whole = in_parts(PAGE, None)
    assert set(versions_in(whole)) == {"all", "one", "two"}
    written = PAGE.replace("<!--/part-->", "").replace(" data-part", "")
    assert re.sub(' data-version="[^"]+"', "", whole) == written


def test_a_fragment_has_the_same_versions_and_nothing_for_browsers_without_script() -> None:
    first = fragment(PAGE, "1")
    assert versions_in(first) == versions_in(in_parts(PAGE, None))
    assert "noscript" not in first
    assert "<footer>" in first, "a screen without any of the parts may have another foot"


def test_what_a_screen_has_comes_as_an_empty_element_and_the_rest_as_it_is() -> None:
    has = versions_in(in_parts(PAGE, None))
    changed = PAGE.replace("Kurset", "Kurset i mars")
    answer = fragment(changed, "1", *has.values())
    assert f'<article id="one" data-version="{has["one"]}" data-same></article>' in answer
    assert "Kurset i mars" in answer
    assert "Færre folk" not in answer
    assert "<p>Svar</p></main>" in answer
    assert "<footer>" not in answer
    now = versions_in(answer)
    assert {id_ for id_ in has if has[id_] != now[id_]} == {"two", "all"}, "and what it is in"


def test_when_nothing_changed_only_the_outermost_part_is_named() -> None:
    has = versions_in(in_parts(PAGE, None))
    answer = fragment(PAGE, *has.values())
    same = f'<section id="all" data-version="{has["all"]}" data-same></section>'
    assert answer == f"<main>{same}<p>Svar</p></main>"


def test_a_part_is_another_when_it_moves_to_another_id_or_gets_another_attribute() -> None:
    has = versions_in(in_parts(PAGE, None))
    for changed in (PAGE.replace('id="one"', 'id="uno"'), PAGE.replace('class="a"', 'class="b"')):
        assert has["one"] not in versions_in(in_parts(changed, None)).values()


def test_a_very_large_page_names_no_more_versions_than_fit_in_a_header() -> None:
    many = "".join(f'<p id="n{n}" data-part>{n}</p><!--/part-->' for n in range(2000))
    named = re.findall('data-version="([^"]+)"', in_parts(many, None))
    assert 500 < len(named) < 2000
    assert len(",".join(["1", *named])) < 8000
