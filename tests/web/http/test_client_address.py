"""Where a request comes from, when proxies stand in between."""

import pytest

from assistant.config import Settings
from assistant.web.http.client_address import client_address, network_for_log, shape

SETTINGS = Settings(proxies=frozenset({"192.0.2.7", "10.0.0.0/8", "2001:db8::/32"}))


@pytest.mark.parametrize(
    ("remote", "forwarded", "found"),
    [
        ("203.0.113.1", [], "203.0.113.1"),
        ("192.0.2.7", [], "192.0.2.7"),
        ("192.0.2.7", ["203.0.113.1"], "203.0.113.1"),
        ("192.0.2.7", ["203.0.113.1, 10.3.2.1"], "203.0.113.1"),
        ("192.0.2.7", ["203.0.113.1", "10.3.2.1", "10.9.9.9"], "203.0.113.1"),
        ("2001:db8::5", ["[2001:db9::1]:443"], "2001:db9::1"),
        ("192.0.2.7", ["203.0.113.1:55555"], "203.0.113.1"),
        # what a visitor wrote themselves is never believed
        ("192.0.2.7", ["198.51.100.9, 203.0.113.1"], "203.0.113.1"),
        ("192.0.2.7", ["10.0.0.1, 203.0.113.1, 10.3.2.1"], "203.0.113.1"),
        ("203.0.113.1", ["198.51.100.9"], "203.0.113.1"),
        ("203.0.113.1", ["10.0.0.1"], "203.0.113.1"),
        # all of them are ours: the one furthest away
        ("192.0.2.7", ["10.0.0.5, 10.3.2.1"], "10.0.0.5"),
        # what is no address ends the reading
        ("192.0.2.7", ["203.0.113.1, unknown"], "192.0.2.7"),
        ("192.0.2.7", ["203.0.113.1, unknown, 10.1.1.1"], "10.1.1.1"),
        ("192.0.2.7", [""], "192.0.2.7"),
        ("192.0.2.7", [",,,"], "192.0.2.7"),
    ],
)
def test_the_nearest_address_that_is_no_proxy_of_ours(remote: str, forwarded: list[str], found: str) -> None:
    assert client_address(SETTINGS, remote, forwarded) == found


@pytest.mark.parametrize(
    ("remote", "told"),
    [
        ("10.1.2.3", "10.1.2.0/24"),
        ("127.0.0.1", "127.0.0.0/24"),
        ("fd00::1:2", "fd00::/64"),
        ("8.8.8.8", "public"),
        ("2a02:2121::1", "public"),
        ("", "unknown"),
    ],
)
def test_of_an_unknown_proxy_only_a_network_of_our_own_is_told(remote: str, told: str) -> None:
    assert network_for_log(remote) == told


@pytest.mark.parametrize(
    ("host", "told"),
    [
        ("", "empty"),
        ("10.1.2.3", "address"),
        ("10.1.2.3:8080", "address"),
        ("[::1]:8080", "address"),
        ("backend", "name"),
        ("backend:8080", "name and port"),
        ("øl.example:x", "name"),
    ],
)
def test_of_a_refused_host_only_its_shape_is_told(host: str, told: str) -> None:
    assert shape(host) == told
