"""A secret is found whatever is around it, and what has not its shape is none."""

import base64
import html
import quopri
from collections.abc import Callable
from time import process_time
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from assistant.vault.invitation_keys import new_invitation_code, read_invitation_codes
from assistant.vault.key_slots import new_link, read_link, read_links
from assistant.vault.pasted import LONGEST, MOST, secrets_in
from assistant.vault.share_keys import new_code, read_codes

BEFORE_LINK = "https://motet.example.no/nb/r#"
FULL_WIDTH = {ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789abcdefghijklmnopqrstuvwxyz-#:/."}


Wrapping = Callable[[str], str]


def proofpoint_2(link: str) -> str:
    spelled = "".join(f"-{ord(c):02X}" if c in "#-:" else "_" if c == "/" else c for c in link)
    return (
        f"https://urldefense.proofpoint.com/v2/url?u={spelled}&d=DwMFAg&c=euGZstcaTDllvimEN8b7jXrwqOf-v5A&e="
    )


def proofpoint_3(link: str) -> str:
    return f"https://urldefense.com/v3/__{link.replace('#', '*')}__;Iw!!AbCd12!EfGh34ijKlMnOp5678$ "


def safe_links(link: str) -> str:
    data = "05%7C02%7C%7C8a2e1c0f7b6d4e5a9c3b08dc1f2a3b4c%7C638403423778665559%7CUnknown"
    return (
        "https://eur02.safelinks.protection.outlook.com/"
        f"?url={quote(link, safe='')}&data={data}&sdata=bMPr%3D&reserved=0"
    )


def quoted(link: str) -> str:
    """As a mail program breaks and quotes a long line."""
    return f"> Her er lenken:\n> {link[:40]}\n> {link[40:]}\n>\n> Hilsen meg"


WRAPPED: dict[str, Wrapping] = {
    "angle brackets": "<{}>".format,
    "a sentence after": "{}. Hilsen meg".format,
    "round brackets after": "{} (ikke del)".format,
    "inside round brackets": "(se {})".format,
    "inside guillemets": "Bruk «{}», sa hun.".format,
    "Markdown": "[lenken min]({}) og **mer**".format,
    "the sign # escaped": lambda link: link.replace("#", "%23"),
    "the sign # escaped by a mail program": lambda link: link.replace("#", "=23"),
    "everything escaped": lambda link: quote(link, safe=""),
    "everything escaped twice": lambda link: quote(quote(link, safe=""), safe=""),
    "Safe Links": safe_links,
    "Safe Links in a sentence": lambda link: f"Se <{safe_links(link)}> før torsdag 12. kl. 09",
    "Safe Links twice": lambda link: safe_links(safe_links(link)),
    "Proofpoint 2": proofpoint_2,
    "Proofpoint 3": proofpoint_3,
    "Google": lambda link: f"https://www.google.com/url?q={quote(link)}&sa=D&source=docs&ust=1700000000000",
    "Sophos": lambda link: (
        f"https://eu.protection.sophos.com?d=x.no&u={base64.urlsafe_b64encode(link.encode()).decode()}&i=NWE5"
    ),
    "HTML": lambda link: f'<p>Hei <a href="{link}" rel="noopener">åpne her</a></p>',
    "HTML with entities": lambda link: f'<a href="{html.escape(link).replace("#", "&#35;")}">åpne</a>',
    "HTML with the secret in pieces": lambda link: link.replace("-", "</span><wbr>-<span>"),
    "quoted mail": quoted,
    "quoted mail in a field of one line": lambda link: quoted(link).replace("\n", " "),
    "soft breaks": lambda link: quopri.encodestring(f"{'Bla ' * 12}{link} hilsen".encode()).decode(),
    "soft breaks in a field of one line": lambda link: (
        quopri.encodestring(f"{'Bla ' * 12}{link}".encode()).decode().replace("\n", " ")
    ),
    "soft breaks in a field that drops them": lambda link: link[:45] + "=" + link[45:],
    "a campaign after": "{}?utm_source=mail&utm_medium=1".format,
    "a campaign before": lambda link: link.replace("#", "?utm_source=mail#"),
    "minus signs": lambda link: link.replace("-", "\u2212"),
    "full width": lambda link: link.translate(FULL_WIDTH),
    "direction marks": lambda link: "\u2068" + "\u200b".join(link) + "\u2069",
    "twice": "{0}\n{0}".format,
}


@pytest.mark.parametrize("around", WRAPPED.values(), ids=WRAPPED)
def test_a_pasted_link_is_found_whatever_is_around_it(around: Wrapping) -> None:
    for _ in range(50):
        link = new_link()
        assert read_links(around(BEFORE_LINK + link)) == (read_link(link),)


CODE_AROUND = {
    "angle brackets": "<{}>",
    "a sentence before": "Koden er {}",
    "a sentence after": "{} (til i dag)",
    "a sentence around": "Hei! Min kode er {}. Hilsen Åse, 12. mai 2027 kl. 09:30",
    "an address before": "https://motet.example.no/nb/d kode: {}",
    "an address after": "{} på https://motet.example.no/nb/i",
    "a query": "https://motet.example.no/nb/d?code={}",
    "guillemets": "«{}»",
    "HTML": "<td><b>{}</b></td>",
    "quoted mail": "> Koden:\n> {}\n> Hilsen",
}
SPELLED: dict[str, Wrapping] = {
    "as printed": lambda code: code,
    "small letters": str.lower,
    "spaces": lambda code: code.replace("-", " "),
    "minus signs": lambda code: code.replace("-", "\u2212"),
    "en dashes": lambda code: code.replace("-", " – "),
    "full width": lambda code: code.lower().translate(FULL_WIDTH),
}


@pytest.mark.parametrize("spelled", SPELLED.values(), ids=SPELLED)
@pytest.mark.parametrize("around", CODE_AROUND.values(), ids=CODE_AROUND)
def test_a_code_is_found_in_what_is_written_around_it(around: str, spelled: Wrapping) -> None:
    for number in range(40):
        code, invitation = new_code(), new_invitation_code()
        if not any(sign.isdigit() for sign in str(code)) or not any(sign.isdigit() for sign in invitation):
            continue  # one in two hundred, with spaces for dashes, cannot be told from words
        assert read_codes(around.format(spelled(str(code)))) == (code,), number
        # «Koden» has five letters, as a group has, so with spaces there may be more to try
        found = read_invitation_codes(around.format(spelled(invitation)))
        assert invitation.replace("-", "").lower().encode() in found


# whatever is written around it, but nothing that continues it or begins another
NOISE = some.text(max_size=60).filter(lambda text: "#" not in text and "=" not in text and "%" not in text)


@given(before=NOISE, after=NOISE)
@example("Sak 1234: lenke er ", " og 2345-6789")
@example("<<<<", "&#;")
def test_any_text_around_a_link_leaves_it_to_be_found(before: str, after: str) -> None:
    link = new_link()
    assert read_link(f"{before} {BEFORE_LINK}{link} {after}") == read_link(link) is not None
    assert read_link(link) in read_links(f"{before} {link} {after}")


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "#",
        "Hei, kan du sende meg lenken på nytt? Hilsen Åse",
        "https://motet.example.no/nb/r",
        "https://motet.example.no/nb/r#",
        "https://motet.example.no/nb/r#kopier hele lenken",
        "0123-4567-89ab-cdef-ghjk-mnp-qr",
        "<0123-4567-89ab-cdef-ghjk-mnp-qrst>",
        "Ring 22 33 44 55 eller 116 123 før torsdag 12. mai",
        "tilbakemelding forberedelsene",
        "#" * LONGEST,
    ],
)
def test_what_holds_no_secret_is_no_guess(typed: str) -> None:
    assert read_links(typed) == ()
    assert read_codes(typed) == ()
    assert read_invitation_codes(typed) == ()


def test_different_secrets_are_all_told_and_not_without_end() -> None:
    links = [new_link() for _ in range(MOST + 3)]
    told = read_links("\n".join(BEFORE_LINK + link for link in links))
    assert told == tuple(read_link(link) for link in links[:MOST])
    one, other = new_code(), new_code()
    assert read_codes(f"Før {one}, nå {other}.") == (one, other)


def test_what_is_long_is_not_looked_at_and_what_is_searched_costs_little() -> None:
    link = new_link()
    assert read_link(link.rjust(LONGEST)) == read_link(link)
    assert read_link(link.rjust(LONGEST + 1)) is None
    for text in ("#a", "a-", "&lt;", "%25", "=\n", "<", "0123-", "aHR0c", "\u200b#"):
        began = process_time()
        secrets_in((text * LONGEST)[:LONGEST], (4, 4, 4, 4, 4, 3, 3))
        assert process_time() - began < 1, text


@pytest.mark.parametrize("cut", range(4))
def test_an_encoded_link_is_found_where_its_encoding_ends_early(cut: int) -> None:
    link = new_link()
    encoded = base64.urlsafe_b64encode(f"{BEFORE_LINK}{link}?utm_source=mail".encode()).decode().rstrip("=")
    whole = len(encoded) // 4 * 4
    typed = f"https://eu.protection.sophos.com?u={encoded[: whole - cut]}&i=NWE5"
    assert read_links(typed) == (read_link(link),)


@pytest.mark.parametrize(
    "typed",
    ["Ta med kaffe fjell gitar i dag", "Mitt behandlingsmote er i dag", "Se #kaf fefjell gitar i dag"],
)
def test_words_of_the_length_of_a_code_are_none_without_a_figure(typed: str) -> None:
    assert read_invitation_codes(typed) == ()
    assert len(read_invitation_codes(typed.replace("gitar", "g1tar").replace("mote", "m0te"))) == 1


@pytest.mark.parametrize("at", [len(BEFORE_LINK) + 1, len(BEFORE_LINK) + 7, -2])
def test_a_link_that_a_mail_program_broke_within_a_group_is_found(at: int) -> None:
    link = f"{BEFORE_LINK}0123-4567-89ab-cdef-ghjk-mnp-qrs"
    typed = f"> Hei\n> {link[:at]}\n> {link[at:]}\n> Hilsen meg"
    assert read_links(typed) == (read_link(link),)
