"""The mark of the product, wherever a browser or a phone shows it."""

import json
import struct

import pytest
from support.person import CATALOGUES, Person

from assistant.languages import LANGUAGES, Language

PNG = b"\x89PNG\r\n\x1a\n"


async def fetched(person: Person, path: str) -> tuple[str, bytes]:
    """The type and the content of what is at this address."""
    response = await person.client.get(path)
    assert response.status == 200, path
    return response.headers["Content-Type"], await response.read()


def size_of(png: bytes) -> tuple[int, int]:
    assert png.startswith(PNG)
    width, height = struct.unpack(">II", png[16:24])
    return width, height


async def test_each_page_names_the_mark_in_two_forms(person: Person) -> None:
    page = await person.begin()
    kind, mark = await fetched(person, page.root.one("link", rel="icon").attributes["href"])
    assert kind.startswith("image/svg+xml")
    assert mark.startswith(b"<svg")
    kind, touched = await fetched(person, page.root.one("link", rel="apple-touch-icon").attributes["href"])
    assert (kind, size_of(touched)) == ("image/png", (180, 180))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_phone_can_put_it_on_its_home_screen(person: Person, language: Language) -> None:
    start = await person.open(f"/{language}/")
    kind, content = await fetched(person, start.root.one("link", rel="manifest").attributes["href"])
    assert kind.startswith("application/manifest+json")
    told = json.loads(content)
    assert (told["name"], told["start_url"]) == (CATALOGUES[language].say("site.name"), f"/{language}/")
    for icon in told["icons"]:
        width, height = size_of((await fetched(person, icon["src"]))[1])
        assert icon["sizes"] == f"{width}x{height}"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_each_public_page_describes_itself_and_no_private_page_does(
    person: Person, language: Language
) -> None:
    described = set()
    for path in ("", "help", "how-it-is-kept", "privacy", "script", "r", "staff"):
        page = await person.open(f"/{language}/{path}")
        content = page.root.one("meta", name="description").attributes["content"]
        assert CATALOGUES[language].say("site.description") in content
        described.add(content)
    assert len(described) == 7
    assert not (await person.begin(language)).root.has("meta", name="description")


async def test_the_colour_round_the_page_is_that_of_its_paper(person: Person) -> None:
    start = await person.open("/nb/")
    colours = [meta.attributes["content"] for meta in start.root.all("meta", name="theme-color")]
    _, styles = await fetched(person, start.root.one("link", rel="stylesheet").attributes["href"])
    paper = [line.split(b"--paper: ")[1] for line in styles.split(b";") if b"--paper: " in line]
    assert colours == [colour.decode() for colour in paper[:2]], "in the light, then in the dark"
