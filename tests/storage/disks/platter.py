"""What a disk holds after a power cut, from a record of what was done to it.

What was synced is there. Of what was written since, each sector of each write arrived or did not, whatever came before
or after it; a sector under the head is new up to some byte and old from there on.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from beneath import Act, Operation

SECTOR: Final = 512
TORN: Final = 0.05
ARRIVING: Final = (0.0, 0.3, 0.5, 0.8, 1.0)
"""Shares of the sectors: from a cache that was lost to one that only lost its order."""


class Platter:
    def __init__(self) -> None:
        self._durable: dict[str, bytearray] = {}
        self._waiting: dict[str, list[Operation]] = {}

    def do(self, operation: Operation) -> None:
        if operation.act is Act.SYNC:
            self._sync(operation.path)
        elif operation.act is not Act.READ:
            self._waiting.setdefault(operation.path, []).append(operation)

    def cut(self, chance: random.Random) -> Mapping[str, bytes]:
        """The files after a power cut now."""
        return {
            path: bytes(found) for path in self._paths() if (found := self._remains(path, chance)) is not None
        }

    def write(self, files: Mapping[str, bytes], folder: Path) -> None:
        for path, data in files.items():
            (folder / Path(path).name).write_bytes(data)

    def _sync(self, path: str) -> None:
        if path not in self._durable or self._is_removed(path):
            # SQLite syncs the folder when it first syncs a file it has made: what was removed is gone for good.
            for other in filter(self._is_removed, self._paths()):
                self._settle(other)
        self._settle(path)

    def _settle(self, path: str) -> None:
        content = self._settled(path)
        self._waiting[path] = []
        if content is None:
            self._durable.pop(path, None)
        else:
            self._durable[path] = content

    def _is_removed(self, path: str) -> bool:
        return any(operation.act is Act.REMOVE for operation in self._waiting.get(path, ()))

    def _paths(self) -> list[str]:
        return sorted(self._durable.keys() | self._waiting.keys())

    def _settled(self, path: str) -> bytearray | None:
        content = bytearray(self._durable[path]) if path in self._durable else None
        for operation in self._waiting.get(path, ()):
            content = _whole(content, operation)
        return content

    def _remains(self, path: str, chance: random.Random) -> bytearray | None:
        content = None if path not in self._durable else bytearray(self._durable[path])
        share = chance.choice(ARRIVING)
        for operation in self._waiting.get(path, ()):
            if operation.act is Act.WRITE:
                content = _some(content, operation, share, chance)
            elif chance.random() < share:
                content = _whole(content, operation)
        return content


def _whole(content: bytearray | None, operation: Operation) -> bytearray | None:
    if operation.act is Act.REMOVE:
        return None
    content = bytearray() if content is None else content
    if operation.act is Act.WRITE:
        _put(content, operation.offset, operation.data)
    else:
        del content[operation.offset :]
    return content


def _some(
    content: bytearray | None, operation: Operation, share: float, chance: random.Random
) -> bytearray | None:
    for start in range(0, len(operation.data), SECTOR):
        if chance.random() < share:
            piece = operation.data[start : start + SECTOR]
            if chance.random() < TORN:
                piece = piece[: chance.randrange(len(piece) + 1)]
            content = bytearray() if content is None else content
            _put(content, operation.offset + start, piece)
    return content


def _put(content: bytearray, offset: int, data: bytes) -> None:
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data
