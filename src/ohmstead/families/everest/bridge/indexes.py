"""Which charger is which EVSE, the same over restarts: numbers are given in the order in which chargers are first seen."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

import msgspec

from ohmstead.kit.files import replace_file
from ohmstead.model import DeviceId

log = logging.getLogger(__name__)

FILE: Final = "evse-indexes.json"


class Indexes:
    def __init__(self, directory: Path) -> None:
        self._path = directory / FILE
        self._known = _read(self._path)

    def of(self, device: DeviceId) -> int:
        if device not in self._known:
            self._known[device] = max(self._known.values(), default=0) + 1
            try:
                replace_file(self._path, msgspec.json.encode(self._known))
            except OSError as error:
                log.warning("EVSE numbers may be others after a restart: %s", error)
        return self._known[device]


def _read(path: Path) -> dict[str, int]:
    """What cannot be read is given anew."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, int])
    except (OSError, msgspec.DecodeError):
        return {}
