"""Start without what a server does not need."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

_AUTHORITIES = "SSL_CERT_FILE"
"""Environment variable of OpenSSL: the file with the certificate authorities to trust."""


@contextmanager
def without_authorities() -> Iterator[None]:
    """Import aiohttp without the certificate authorities of this machine, which it reads for a client that we
    do not use: 40 ms and 2 MB. A connection by its default context would be refused, not trusted.
    """
    given = os.environ.get(_AUTHORITIES)
    os.environ[_AUTHORITIES] = os.devnull
    try:
        yield
    finally:
        if given is None:
            del os.environ[_AUTHORITIES]
        else:
            os.environ[_AUTHORITIES] = given
