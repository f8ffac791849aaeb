"""Where a request comes from, when proxies stand in between; and what may be said of it in a log."""

import ipaddress
from collections.abc import Sequence

from assistant.config import Settings


def client_address(settings: Settings, remote: str, forwarded: Sequence[str]) -> str:
    """The nearest address that is no proxy of ours.

    Each proxy adds the address it was reached from at the right end of X-Forwarded-For. So it is read from
    the right, for as long as the address read so far is a proxy we trust; what stands further left was
    written by somebody we do not know. What is no address ends the reading.
    """
    here = remote
    for hop in reversed(",".join(forwarded).split(",")):
        if not settings.trusts(here):
            break
        address = _address(hop.strip())
        if address is None:
            break
        here = address
    return here


def network_for_log(remote: str) -> str:
    """The network of a proxy nobody named: enough for the operator to name it, in their own network only.

    An address out on the internet may be a visitor's who made the header up, and is never told.
    """
    address = _address(remote)
    if address is None:
        return "unknown"
    if not ipaddress.ip_address(address).is_private:
        return "public"
    return str(ipaddress.ip_network(f"{address}/{64 if ':' in address else 24}", strict=False))


def shape(host: str) -> str:
    """What a refused Host looks like: enough to find a proxy that sends the wrong one."""
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
    """The address, without the port or the brackets some proxies add."""
    bare = text
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        return None
