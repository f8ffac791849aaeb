"""Start without what a server does not need."""

import mimetypes
import os
from collections.abc import Iterator
from contextlib import contextmanager

_AUTHORITIES = "SSL_CERT_FILE"
"""Environment variable of OpenSSL: the file with the certificate authorities to trust."""


@contextmanager
def without_lists_of_this_machine() -> Iterator[None]:
    """Import aiohttp without two lists of this machine: the certificate authorities, which it reads for a
    client that we do not use (40 ms, 2 MB), and the types of files by their names, for we serve no folder
    (3 ms). A connection by aiohttp's default context would be refused, not trusted.
    """
    given, files = os.environ.get(_AUTHORITIES), mimetypes.knownfiles
    os.environ[_AUTHORITIES], mimetypes.knownfiles = os.devnull, []
    try:
        yield
    finally:
        mimetypes.knownfiles = files
        if given is None:
            del os.environ[_AUTHORITIES]
        else:
            os.environ[_AUTHORITIES] = given
