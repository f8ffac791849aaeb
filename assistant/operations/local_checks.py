"""Check the installation on this machine: folders, database, keys, clock, zone, service file and backups."""

import asyncio
import os
import pwd
import shutil
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from assistant.config import Settings, service_file
from assistant.errors import CannotStart, NotSaved
from assistant.operations.findings import Finding, fault, ok, warning
from assistant.operations.readers import issues_of_readers
from assistant.operations.sign_in_checks import check_sign_in
from assistant.service.operations.examination import examine, see_that_keys_belong
from assistant.web.http.service_file import look_at_service, read_service
from assistant.zone import DEFAULT_ZONE, zone_named

BACKUP_FRESH = timedelta(hours=26)
"""A backup each night is never older, also when one takes an hour or two."""
BACKUP_OLD = timedelta(days=7)
_TOLD = ("journal_mode", "synchronous", "secure_delete", "synchronous_commit", "fsync")
"""The settings that an operator may know by name."""
_LITTLE_ROOM = 512 << 20
_OTHERS = 0o077
_SWAPS = Path("/proc/swaps")


def check_here(settings: Settings, backups: Path | None, now: datetime) -> Iterator[Finding]:
    """Check everything on this machine."""
    stranger = _other_owner(settings.data)
    yield from check_folder(settings)
    if stranger is None:
        yield from check_database(settings)
        yield from check_keys(settings)
    else:
        yield fault(
            f"The data folder belongs to {stranger}, so the database and the keys were not opened.",
            f"run it as that user: runuser -u {stranger} -- assistant doctor …",
        )
    yield from check_service(settings, now, readers=stranger is None)
    if stranger is None:
        yield from check_sign_in(settings)
    yield from check_backups(settings, backups, now)
    yield from _check_swap()


def check_folder(settings: Settings) -> Iterator[Finding]:
    """Check who may read the data folder and its files, and the room on its disk."""
    folder = settings.data
    if not folder.is_dir():
        yield fault(f"There is no data folder {folder}.", "give the server's own with --data")
        return
    open_to_others = [path for path in _paths(folder, settings.keys) if _mode(path) & _OTHERS]
    for path in open_to_others:
        right = "700" if path.is_dir() else "600"
        yield fault(f"{path} is open to other users.", f"run: chmod {right} {path}")
    owner = folder.stat().st_uid
    for path in _paths(folder, settings.keys):
        if path.lstat().st_uid != owner:
            yield fault(f"{path} does not belong to the owner of the data folder.", "run chown on it")
    if not open_to_others:
        yield ok(f"Only its owner can read the data folder {folder} and the keys in {settings.keys}.")
    free = shutil.disk_usage(folder).free
    if free < _LITTLE_ROOM:
        yield warning(f"{free >> 20} MiB are free on the disk of the data folder.", "make room")
    else:
        yield ok(f"{free >> 30} GiB are free on the disk of the data folder.")


def check_database(settings: Settings) -> Iterator[Finding]:
    """Check the database's settings, its file, and the clock against the newest time it has seen."""
    try:
        found = asyncio.run(examine(settings.database_url))
    except CannotStart as reason:
        yield _refused(reason)
        return
    except NotSaved:
        yield fault("The database does not answer.", "check that it is running")
        return
    said = ", ".join(f"{name} {value}" for name, value in found.settings.items() if name in _TOLD)
    yield ok(f"The database ({found.kind}, schema {found.schema}) keeps what it acknowledges: {said}.")
    if found.connections is not None:
        yield _connections(found.connections.open, found.connections.most, found.connections.each)
    now, newest = found.clock.now, found.clock.newest
    if found.clock.has_jumped:
        yield fault(
            f"The clock says {now:%Y-%m-%d %H:%M} UTC, and the newest time seen is {newest:%Y-%m-%d %H:%M}, "
            "so nothing is deleted.",
            "correct the clock; if it is right, run: assistant purge --yes",
        )
    else:
        yield ok(f"The clock has not jumped: it is {now:%Y-%m-%d %H:%M} UTC.")


def _connections(now: int, most: int, each: int) -> Finding:
    """Say how many connections are open, and whether another process of the server would find some."""
    said = f"PostgreSQL has {now} of {most} connections open; each process of the server takes up to {each}."
    if most - now < each:
        return warning(said, "raise max_connections, or serve with fewer workers")
    return ok(said)


def check_keys(settings: Settings) -> Iterator[Finding]:
    """Check that pepper and salt are there, are whole and belong to the database."""
    try:
        asyncio.run(see_that_keys_belong(settings.database_url, settings.keys))
    except CannotStart as reason:
        yield _refused(reason)
    except NotSaved:
        yield fault("The keys could not be compared with the database.", "check that the database is running")
    else:
        yield ok("The pepper and the salt belong to the database.")


def check_service(settings: Settings, now: datetime, *, readers: bool) -> Iterator[Finding]:
    """Check the service file, its readers' accounts if `readers`, and the time zone."""
    path = settings.service or service_file()
    try:
        service = read_service(path)
        zone = settings.zone or service.zone or DEFAULT_ZONE
        local = now.astimezone(zone_named(zone))
    except CannotStart as reason:
        yield _refused(reason)
        return
    yield ok(f"The service file {path} is valid. The zone is {zone}, where it is {local:%H:%M}.")
    if service.privacy is None:
        yield warning(
            "The service file does not say who is responsible for the data.", "write privacy: in it"
        )
    if not readers or look_at_service(path).service is None:
        return
    try:
        missing = issues_of_readers(settings, path)
    except CannotStart:  # the database's own finding has said it
        return
    for issue in missing:
        yield warning(f"{issue.what[0].upper()}{issue.what[1:]}.", issue.do)


def check_backups(settings: Settings, folder: Path | None, now: datetime) -> Iterator[Finding]:
    """Check the age of the newest backup, and who may read the backups."""
    do = "run: assistant backup FILE, each night"
    if folder is None:
        made = settings.last_backup_at()
        newest = None if made is None else datetime.fromtimestamp(made, UTC)
    else:
        try:
            files = [path for path in folder.iterdir() if path.is_file() and path.stat().st_size]
        except OSError as error:
            yield fault(f"The folder of backups cannot be read ({error.strerror}).", "correct --backups")
            return
        for path in files:
            if _mode(path) & _OTHERS:
                yield warning(f"The backup {path} is open to other users.", f"run: chmod 600 {path}")
        made_at = [datetime.fromtimestamp(path.stat().st_mtime, UTC) for path in files]
        newest = max(made_at, default=None)
    if newest is None:
        yield fault("There is no backup.", do)
        return
    age = now - newest
    said = f"The newest backup is {_hours(age)} old."
    if age > BACKUP_OLD:
        yield fault(said, do)
    elif age > BACKUP_FRESH:
        yield warning(said, do)
    else:
        yield ok(said)


def _check_swap() -> Iterator[Finding]:
    try:
        used = len(_SWAPS.read_text().splitlines()) > 1
    except OSError:
        return
    if used:
        yield warning(
            "Swap is on, so keys and words may be written to the disk.", "turn it off or encrypt it"
        )


def _refused(reason: CannotStart) -> Finding:
    """Split a refusal's sentences into what is wrong and what to do."""
    what, _, do = str(reason).partition("; ")
    return fault(what if do else str(reason), do)


def _paths(folder: Path, keys: Path) -> list[Path]:
    found = [folder, *folder.rglob("*")]
    if keys.is_dir() and keys not in found:
        found += [keys, *keys.iterdir()]
    return found


def _mode(path: Path) -> int:
    """Return the path's rights; a link has none of its own."""
    found = path.lstat().st_mode
    return 0 if stat.S_ISLNK(found) else stat.S_IMODE(found)


def _other_owner(folder: Path) -> str | None:
    """Return the owner of the data folder if this is another user: files that another user makes beside the
    database, as root would, stop the server.
    """
    try:
        owner = folder.stat().st_uid
    except OSError:
        return None
    if owner == os.geteuid():
        return None
    try:
        return pwd.getpwuid(owner).pw_name
    except KeyError:
        return str(owner)


def _hours(age: timedelta) -> str:
    hours = int(age / timedelta(hours=1))
    return f"{hours} hours" if hours < 48 else f"{hours // 24} days"
