"""That a DTU lives, and how well it is heard."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from ohmstead.families.hoymiles import protos
from ohmstead.families.hoymiles.decoders import decoder
from ohmstead.families.hoymiles.results.instants import instant


class _Heartbeat(msgspec.Struct, frozen=True):
    utc_offset_s: int
    time_unix_s: int
    signal_dbm: int
    dtu_serial: str


class Heartbeat(msgspec.Struct, frozen=True, kw_only=True):
    dtu_serial: str
    received_at: datetime
    clock: datetime | None
    utc_offset_s: int
    """99999 from a DTU that has none."""
    signal_dbm: int


_decode_heartbeat: Final = decoder(lambda: protos.heartbeat.HeartbeatFromDtu, _Heartbeat)


def heartbeat(message: protos.heartbeat.HeartbeatFromDtu, received_at: datetime) -> Heartbeat:
    found = _decode_heartbeat(message)
    return Heartbeat(
        dtu_serial=found.dtu_serial,
        received_at=received_at,
        clock=instant(found.time_unix_s),
        utc_offset_s=found.utc_offset_s,
        signal_dbm=found.signal_dbm,
    )
