"""Tell systemd, or a service manager that speaks its protocol, when the server is ready and when it stops.

The protocol is one datagram to the socket in `NOTIFY_SOCKET` (sd_notify(3)). Without that variable nothing
is sent.
"""

import os
import socket
from contextlib import suppress

SOCKET = "NOTIFY_SOCKET"
READY = "READY=1"
STOPPING = "STOPPING=1"


def tell_service_manager(state: str) -> bool:
    """Send this state and return whether it was sent. A manager that does not listen must not stop the
    server.
    """
    address = os.environ.get(SOCKET, "")
    if not address.startswith(("/", "@")):
        return False
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.setblocking(False)
        manager.connect(address.replace("@", "\0", 1) if address.startswith("@") else address)
        manager.sendall(state.encode())
        return True
    return False
