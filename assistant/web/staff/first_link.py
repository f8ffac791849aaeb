"""The first administrator's one-time link: printed on a terminal, else written to a file.

Under systemd or in a container, output goes to a journal that others can read and that keeps it. Only the
server's own user can read the file. A restart finds a link that is still valid and creates no other.
"""

import os
import sys
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from assistant.config import Settings
from assistant.errors import SecretUnknown
from assistant.languages import LANGUAGES
from assistant.service.staff.services import StaffServices

NAME = "first-administrator-link"
"""The name of the file in the data folder."""


def address_to_set_up(address: str, link: str) -> str:
    """Return the address where this one-time link sets up an account."""
    return f"{address.rstrip('/')}/{LANGUAGES[0]}/staff/welcome#{link}"


async def tell_first_link(settings: Settings, staff: StaffServices, address: str) -> None:
    """Print the link, or where it is, while there is no administrator."""
    await remove_used_link(settings, staff)
    file = settings.data / NAME
    if sys.stdout.isatty():
        if link := await staff.accounts.first_link():
            print(f"First administrator: {address_to_set_up(address, link)}", flush=True)
            print("The link works once, within 24 hours.", flush=True)
        return
    if not file.exists():
        link = await staff.accounts.first_link()
        if link is None:
            return
        try:
            _write(file, f"{address_to_set_up(address, link)}\n")
        except OSError as error:  # the server can run nevertheless
            print(f"First administrator: the file {file} cannot be written ({error.strerror}).", flush=True)
            print("Print a link in a terminal: assistant staff first", flush=True)
            return
    print(f"First administrator: the link is in {file.absolute()}", flush=True)
    print("The link works once, within 24 hours.", flush=True)


async def remove_used_link(settings: Settings, staff: StaffServices) -> None:
    """Remove the file if its link is invalid or no longer needed."""
    file = settings.data / NAME
    try:
        link = file.read_text("utf-8").strip().rpartition("#")[2]
    except (OSError, UnicodeDecodeError):
        return
    try:
        await staff.welcomes.welcome(link)
        is_needed = not await staff.accounts.has_administrator()
    except SecretUnknown:
        is_needed = False
    if not is_needed:
        with suppress(OSError):
            file.unlink()


def _write(file: Path, text: str) -> None:
    """Write the file atomically, readable by this user only, replacing an unreadable one."""
    draft = file.with_name(f"{NAME}.{token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as writing:
            writing.write(text)
        draft.replace(file)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
