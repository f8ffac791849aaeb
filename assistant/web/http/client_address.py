"""The client's address behind proxies, and what a log may say about it."""

import ipaddress
from collections.abc import Sequence

from assistant.config import Settings


def client_address(settings: Settings, remote: str, forwarded: Sequence[str]) -> str:
    """Return the nearest address that is not a trusted proxy.

    Each proxy adds the address it was reached from at the right end of X-Forwarded-For. So it is read from
    the right as long as the addresses are trusted proxies; entries further left come from an unknown sender.
    An invalid address ends the reading.
    """
    here = remote
    if not forwarded:
        return here
    for hop in reversed(",".join(forwarded).split(",")):
        if not settings.trusts(here):
            break
        address = _address(hop.strip())
        if address is None:
            break
        here = address
    return here


def network_for_log(remote: str) -> str:
    """Return the network of a proxy that is not configured, so that the operator can add it; for private
    networks only. A public address may belong to a visitor who forged the header, and is never logged.
    """
    address = _address(remote)
    if address is None:
        return "unknown"
    if not ipaddress.ip_address(address).is_private:
        return "public"
    return str(ipaddress.ip_network(f"{address}/{64 if ':' in address else 24}", strict=False))


def shape(host: str) -> str:
    """Describe the form of a refused Host header: enough to find a proxy that sends a wrong one."""
    if not host:
        return "empty"
    address = _address(host)
    if address is not None:
        return "address"
    name, _, port = host.rpartition(":")
    if port.isascii() and port.isdigit() and name:
        return "name and port"
    return "name"


def _address(text: str) -> str | None:
    """Return the address without the port or brackets that some proxies add."""
    bare = text
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        return None
