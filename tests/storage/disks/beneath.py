"""Stands between SQLite and the disk: sees every read, write, sync and removal of the very library that the standard
`sqlite3` module uses, and may refuse it.

SQLite asks a table of functions (a VFS) for its files. Ours is the system's own with six entries replaced, so that the
code under test opens its files as ever.
"""

from __future__ import annotations

import ctypes
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, c_char_p, c_int, c_int64, c_void_p
from enum import Enum, auto
from typing import Any, Final, NamedTuple

import pytest

POINTER_BYTES: Final = ctypes.sizeof(c_void_p)
_KEPT: Final[list[object]] = []
"""SQLite goes on calling what a connection was opened with: nothing that was handed over is ever freed."""


class Act(Enum):
    READ = auto()
    WRITE = auto()
    TRUNCATE = auto()
    SYNC = auto()
    REMOVE = auto()


class Operation(NamedTuple):
    act: Act
    path: str
    offset: int = 0
    """Or the new size."""
    data: bytes = b""


Answer = Callable[[Operation], int]
"""SQLite's result code; 0 lets the operation through."""
PRETEND: Final = -1
"""The answer that has nothing done and says that it was: where no power is really cut, syncs only cost time."""

_Close = CFUNCTYPE(c_int, c_void_p)
_Transfer = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_Truncate = CFUNCTYPE(c_int, c_void_p, c_int64)
_Sync = CFUNCTYPE(c_int, c_void_p, c_int)
_Open = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, POINTER(c_int))
# The name stays a pointer: SQLite keeps it, and it must not be one to a copy of ours.
_Remove = CFUNCTYPE(c_int, c_void_p, c_char_p, c_int)


class _Vfs(ctypes.Structure):
    _fields_ = (
        ("version", c_int),
        ("file_bytes", c_int),
        ("path_bytes", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("data", c_void_p),
        ("open", c_void_p),
        ("remove", c_void_p),
        ("others", c_void_p * 14),
    )


class _Methods(ctypes.Structure):
    _fields_ = (
        ("version", c_int),
        ("close", c_void_p),
        ("read", c_void_p),
        ("write", c_void_p),
        ("truncate", c_void_p),
        ("sync", c_void_p),
        ("others", c_void_p * 13),
    )


class _Layer:
    def __init__(self, system: _Vfs, answer: Answer) -> None:
        self._answer = answer
        self._open_system = _Open(system.open)
        self._remove_system = _Remove(system.remove)
        self._paths: dict[int, str] = {}
        self._tables: dict[int, _Methods] = {}
        self.vfs = _Vfs.from_buffer_copy(system)
        self.vfs.next, self.vfs.name = None, b"beneath"
        self._callbacks = [_Open(self._open), _Remove(self._remove)]
        self.vfs.open, self.vfs.remove = map(_address, self._callbacks)

    def _open(self, vfs: int, name: int | None, file: int, flags: int, told: Any) -> int:  # Any: a pointer
        code = self._open_system(vfs, name, file, flags, told)
        slot = c_void_p.from_address(file)
        if code == 0 and name is not None and slot.value is not None:
            self._paths[file] = ctypes.string_at(name).decode()
            slot.value = ctypes.addressof(self._table(slot.value))
        return int(code)

    def _table(self, address: int) -> _Methods:
        if address not in self._tables:
            system = _Methods.from_address(address)
            mine = _Methods.from_buffer_copy(system)
            self._replace(mine, system)
            self._tables[address] = mine
        return self._tables[address]

    def _replace(self, mine: _Methods, system: _Methods) -> None:
        close, read, write = _Close(system.close), _Transfer(system.read), _Transfer(system.write)
        truncate, sync = _Truncate(system.truncate), _Sync(system.sync)

        def on_close(file: int) -> int:
            self._paths.pop(file, None)
            return int(close(file))

        def on_read(file: int, buffer: int, size: int, offset: int) -> int:
            return self._ask(Act.READ, file, offset) or int(read(file, buffer, size, offset))

        def on_write(file: int, buffer: int, size: int, offset: int) -> int:
            data = ctypes.string_at(buffer, size)
            return self._ask(Act.WRITE, file, offset, data) or int(write(file, buffer, size, offset))

        def on_truncate(file: int, size: int) -> int:
            return self._ask(Act.TRUNCATE, file, size) or int(truncate(file, size))

        def on_sync(file: int, flags: int) -> int:
            code = self._ask(Act.SYNC, file)
            return 0 if code == PRETEND else code or int(sync(file, flags))

        callbacks = [
            _Close(on_close),
            _Transfer(on_read),
            _Transfer(on_write),
            _Truncate(on_truncate),
            _Sync(on_sync),
        ]
        self._callbacks += callbacks
        mine.close, mine.read, mine.write, mine.truncate, mine.sync = map(_address, callbacks)

    def _remove(self, vfs: int, name: bytes, sync_folder: int) -> int:
        code = self._answer(Operation(Act.REMOVE, name.decode()))
        return code or int(self._remove_system(vfs, name, sync_folder))

    def _ask(self, act: Act, file: int, offset: int = 0, data: bytes = b"") -> int:
        return self._answer(Operation(act, self._paths[file], offset, data))


def without_syncs(operation: Operation) -> int:
    """Speed for a file that is thrown away."""
    return PRETEND if operation.act is Act.SYNC else 0


def _address(callback: object) -> int | None:
    return ctypes.cast(callback, c_void_p).value  # type: ignore[arg-type] - a function pointer is one to cast


@contextmanager
def beneath_sqlite(answer: Answer) -> Iterator[None]:
    """Every file that SQLite opens meanwhile tells `answer` what it is about to do with it, for as long as it is open."""
    library = _library()
    library.sqlite3_vfs_find.restype = POINTER(_Vfs)
    system = library.sqlite3_vfs_find(None)
    layer = _Layer(system.contents, answer)
    _KEPT.append(layer)
    library.sqlite3_vfs_register(ctypes.byref(layer.vfs), 1)
    try:
        yield
    finally:
        library.sqlite3_vfs_unregister(ctypes.byref(layer.vfs))
        library.sqlite3_vfs_register(system, 1)


def _library() -> ctypes.CDLL:
    try:
        library = ctypes.CDLL("libsqlite3.so.0")
        library.sqlite3_libversion.restype = c_char_p
    except OSError:
        pytest.skip("this Python brings an SQLite of its own, which cannot be reached")
    assert library.sqlite3_libversion().decode() == sqlite3.sqlite_version
    return library
