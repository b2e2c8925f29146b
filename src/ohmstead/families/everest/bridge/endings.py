"""When what clients wished of the house's chargers ends by itself, part by part: a gateway that starts again still knows."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Final

import msgspec

from ohmstead.families.everest.server.expiries import End, Expiries
from ohmstead.kit.files import replace_file
from ohmstead.model import DeviceId

log = logging.getLogger(__name__)

FILE: Final = "evse-endings.json"


class Part(StrEnum):
    """Of a wish: each ends for itself."""

    CURRENT = "current"
    POWER = "power"
    ALLOWED = "allowed"


class Endings:
    def __init__(self, directory: Path, expiries: Expiries) -> None:
        self._path = directory / FILE
        self._expiries = expiries
        self._known = _read(self._path)

    def at(self, device: DeviceId, part: Part) -> datetime | None:
        return self._known.get(device, {}).get(part)

    def renew(self, device: DeviceId, part: Part, after_s: float | None, end: End) -> None:
        """Let `end` be called after so many civil seconds, in place of what was to come before; never with None."""
        self._expiries.renew((device, part), after_s, partial(self._end, device, part, end))
        at = None if after_s is None else self._expiries.clock.now() + timedelta(seconds=after_s)
        self._note(device, part, at)

    def recall(self, device: DeviceId, part: Part, end: End) -> None:
        """What an earlier life of the gateway was to end; at once if it is due."""
        if (at := self.at(device, part)) is not None:
            left_s = (at - self._expiries.clock.now()).total_seconds()
            self._expiries.renew((device, part), max(left_s, 0.0), partial(self._end, device, part, end))

    async def _end(self, device: DeviceId, part: Part, end: End) -> None:
        self._note(device, part, None)
        await end()

    def _note(self, device: DeviceId, part: Part, at: datetime | None) -> None:
        if self.at(device, part) == at:
            return
        parts = self._known.setdefault(device, {})
        if at is None:
            del parts[part]
        else:
            parts[part] = at
        try:
            replace_file(self._path, msgspec.json.encode(self._known))
        except OSError as error:
            log.warning("what is to end by itself may not do so after a restart: %s", error)


def _read(path: Path) -> dict[str, dict[Part, datetime]]:
    """What cannot be read is not known any more."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, dict[Part, datetime]])
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.DecodeError) as error:
        log.warning("what was to end by itself before the restart may stay in force: %s: %s", path, error)
        return {}
