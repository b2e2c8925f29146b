"""Who a device is, and one vendor field as a person may see it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import NewType

import msgspec

DeviceId = NewType("DeviceId", str)
"""`<source name>/<serial or channel>`, stable over restarts."""


def source_of(device: str) -> str:
    """The name of a device's source; of a source's own name itself."""
    return device.partition("/")[0]


class Quality(StrEnum):
    GOOD = "good"
    ESTIMATED = "estimated"
    STALE = "stale"
    SUSPECT = "suspect"


class DeviceInfo(msgspec.Struct, frozen=True, kw_only=True):
    id: DeviceId
    family: str
    model: str
    serial: str
    firmware: str = ""
    name: str = ""


class Detail(msgspec.Struct, frozen=True, kw_only=True):
    """One vendor field: how pages that show every field work without knowing a brand."""

    key: str
    label: str
    value: float | int | str | bool | None
    unit: str = ""
    at: datetime | None = None
    quality: Quality = Quality.GOOD
    secret: bool = False
