"""The server on a disk that keeps only what was synced: run by `power_cuts`, in a process of its own.

    python -m tests.release_checks.failing_disk DISK FULL serve --data …

What a program writes lies in the system's memory until it asks for a sync. SQLite asks through the method
xSync of its files. Here that method copies the file as it is then into the folder DISK, which is so what a
disk would hold after a power cut at that moment. The second argument is SQLite's `synchronous`: FULL as the
program has it, or NORMAL, with which the check must fail.
"""

import ctypes
import os
import shutil
import sys
from collections.abc import Callable
from ctypes.util import find_library
from pathlib import Path

from assistant.cli import main
from assistant.storage import engines

_IO_ERROR = 10
_X_OPEN, _X_SYNC = 5, 5
"""Which pointer of the table of the file system, after three numbers in two, and of a file's."""
_METHODS = 19
"""Pointers in the table of a file, of version 3."""
_Opened = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p
)
_Synced = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int)


class FileSystem(ctypes.Structure):
    """The beginning of sqlite3_vfs."""

    _fields_ = [
        ("version", ctypes.c_int),
        ("size_of_file", ctypes.c_int),
        ("longest_path", ctypes.c_int),
        ("next", ctypes.c_void_p),
        ("name", ctypes.c_char_p),
        ("data", ctypes.c_void_p),
        ("open", ctypes.c_void_p),
    ]


class Disk:
    """Has SQLite tell of each sync."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._paths: dict[int, Path] = {}
        self._tables: dict[int, ctypes.Array[ctypes.c_void_p]] = {}
        self._sync: Callable[[int, int], int] | None = None
        self._kept = (_Opened(self._opened), _Synced(self._synced))
        library = ctypes.CDLL(find_library("sqlite3"))
        library.sqlite3_vfs_find.restype = ctypes.POINTER(FileSystem)
        system = library.sqlite3_vfs_find(None).contents
        self._open = _Opened(system.open)
        system.open = ctypes.cast(self._kept[0], ctypes.c_void_p).value

    def _opened(self, system: int, name: int | None, file: int, flags: int, told: int) -> int:
        # the address, not the characters: SQLite keeps it, and names the file of shared memory by it later
        code = int(self._open(system, name, file, flags, told))
        methods = ctypes.c_void_p.from_address(file)
        if code == 0 and name and methods.value:
            self._paths[file] = Path(os.fsdecode(ctypes.string_at(name)))
            methods.value = ctypes.addressof(self._table_beside(methods.value))
        return code

    def _table_beside(self, table: int) -> ctypes.Array[ctypes.c_void_p]:
        """The methods of a file with ours for its sync; the system's own table cannot be written."""
        if table not in self._tables:
            copied = (ctypes.c_void_p * _METHODS).from_buffer_copy(
                ctypes.string_at(table, _METHODS * ctypes.sizeof(ctypes.c_void_p))
            )
            self._sync = _Synced(copied[_X_SYNC] or 0)
            copied[_X_SYNC] = ctypes.cast(self._kept[1], ctypes.c_void_p).value
            self._tables[table] = copied
        return self._tables[table]

    def _synced(self, file: int, flags: int) -> int:
        path = self._paths[file]
        try:
            part = self._folder / f"{path.name}.part"
            shutil.copyfile(path, part)
            part.replace(self._folder / path.name)
        except OSError:
            return _IO_ERROR
        assert self._sync is not None
        return int(self._sync(file, flags))


if __name__ == "__main__":
    _, where, synchronous, *arguments = sys.argv
    disk = Disk(Path(where))
    engines._SQLITE["synchronous"] = {"NORMAL": 1, "FULL": 2}[synchronous]
    sys.argv = ["assistant", *arguments]
    main()
