"""Settings that would put people's words at risk are refused."""

import pytest

from assistant.config import Settings
from assistant.errors import CannotStart


def test_without_any_setting_it_serves_this_machine_only() -> None:
    settings = Settings()
    settings.check()
    assert settings.is_loopback
    assert not settings.is_https
    assert str(settings.database_url).endswith("/data/words.db")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.10", "example.no", ""])
def test_other_machines_are_not_let_in_without_encryption(host: str) -> None:
    with pytest.raises(CannotStart, match="without encryption"):
        Settings(host=host).check()
    Settings(host=host, plain_http=True).check()
    Settings(host=host, public_url="https://motet.example.no").check()


@pytest.mark.parametrize(
    "url",
    [
        "motet.example.no",
        "https://",
        "https://[",
        "ftp://motet.example.no",
        "https://motet.example.no/path",
        "https://motet.example.no/",
        "https://motet.example.no?x",
        "https://me@motet.example.no",
        "https://Motet.example.no",
        "https://motet.example.no:443",
        "http://motet.example.no:80",
        "https://motet.example.no:99999",
        "",
    ],
)
def test_an_address_that_is_no_origin_is_refused(url: str) -> None:
    with pytest.raises(CannotStart, match="--public-url is not an address"):
        Settings(public_url=url).check()


@pytest.mark.parametrize(
    "url", ["https://motet.example.no", "https://motet.example.no:8443", "http://localhost:8080"]
)
def test_an_origin_is_taken(url: str) -> None:
    Settings(public_url=url).check()


def test_a_name_that_is_no_name_is_refused() -> None:
    with pytest.raises(CannotStart, match="--operator"):
        Settings(operator="x" * 201).check()
    assert Settings(operator="  Eksempel kommune ").operator == "Eksempel kommune"


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [
        ("localhost", True),
        ("localhost:8080", True),
        ("127.0.0.1:8080", True),
        ("[::1]:8080", True),
        ("motet.example.no", True),
        ("motet.example.no:8443", False),
        ("evil.example", False),
        ("localhost.evil.example", False),
        ("192.168.1.10:8080", False),
        ("[", False),
        ("", False),
    ],
)
def test_it_knows_its_own_names(host: str, is_ours: bool) -> None:
    assert Settings(public_url="https://motet.example.no").serves(host) is is_ours


@pytest.mark.parametrize("host", ["192.168.1.10:8080", "10.0.0.1", "[fe80::1]:8080"])
def test_for_trying_out_it_serves_any_number_but_no_strange_name(host: str) -> None:
    settings = Settings(plain_http=True)
    assert settings.serves(host)
    assert not settings.serves("evil.example")


@pytest.mark.parametrize(
    "proxy", ["nginx", "10.0.0", "10.0.0.0/33", "", "http://10.0.0.7", "0.0.0.0/0", "::/0"]
)
def test_a_proxy_that_is_no_address_or_everybody_is_refused(proxy: str) -> None:
    with pytest.raises(CannotStart, match="--proxy"):
        Settings(proxies=frozenset({proxy})).check()


def test_proxies_are_addresses_and_networks() -> None:
    settings = Settings(proxies=frozenset({"192.0.2.7", "10.0.0.0/8", "10.1.2.3/16", "2001:db8::/32"}))
    settings.check()
    for ours in ("192.0.2.7", "10.200.3.4", "2001:db8:1::5", "::ffff:10.0.0.1"):
        assert settings.trusts(ours), ours
    for other in ("192.0.2.8", "11.0.0.1", "2001:db9::1", "", "nginx", "10.0.0.1:80"):
        assert not settings.trusts(other), other


@pytest.mark.parametrize("database", ["", "  "])
def test_an_empty_database_address_is_refused(database: str) -> None:
    with pytest.raises(CannotStart, match="--database is empty"):
        Settings(database=database).check()


def test_a_database_password_is_not_shown() -> None:
    assert "secret" not in repr(Settings(database="postgresql://me:secret@host/x"))
