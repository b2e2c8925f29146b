"""Changes of the live stream, made by hand."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from ohmstead.api.messages import Batch
from ohmstead.model import DeviceId


def batch(second: int, *, gone: str = "", **devices: str) -> Batch:
    return Batch(
        datetime(2025, 6, 1, 12, 0, second, tzinfo=UTC),
        msgspec.Raw(b'{"solar_w":%d}' % second),
        {DeviceId(name): msgspec.Raw(msgspec.json.encode(text)) for name, text in devices.items()},
        frozenset(map(DeviceId, gone.split())),
    )
