"""What requests bring. The limits stand in the types, and so in the OpenAPI document."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from ohmstead.api.contract import Ask
from ohmstead.model import DeviceId

DeviceText = Annotated[
    str, Meta(min_length=1, max_length=200, description="A device's id, as `devices` lists it.")
]
Instant = Annotated[
    datetime, Meta(tz=True, description="With a time zone, such as 2026-06-21T12:00:00Z; a + is written %2B.")
]


class DeviceAsk(Ask, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: DeviceText

    @property
    def device(self) -> DeviceId:
        return DeviceId(self.id)


class Step(StrEnum):
    """Of the calendar: days and months begin at the site's midnight, and differ in length."""

    QUARTER = "quarter"
    HOUR = "hour"
    DAY = "day"
    MONTH = "month"


class HistoryAsk(Ask, frozen=True, kw_only=True, forbid_unknown_fields=True):
    device: DeviceText
    signal: Annotated[
        str, Meta(min_length=1, max_length=100, description="Role and field, such as `solar.power_w`.")
    ]
    start: Instant | None = None
    """None: the midnight at the site before `end`."""
    end: Instant | None = None
    """None: the midnight at the site after `start`, or after now."""
    step_s: Annotated[float, Meta(ge=1, le=31_622_400)] | None = None
    """None: the shortest round step that keeps the answer below a thousand points."""
    step: Step | None = None
    """Instead of `step_s`."""


class GapsAsk(Ask, frozen=True, kw_only=True, forbid_unknown_fields=True):
    start: Instant | None = None
    """None: the midnight at the site before `end`."""
    end: Instant | None = None
    """None: the midnight at the site after `start`, or after now."""
    source: (
        Annotated[
            str,
            Meta(
                min_length=1,
                max_length=200,
                description="Only this source with its devices, or this device with its source.",
            ),
        ]
        | None
    ) = None
    limit: Annotated[int, Meta(ge=1, le=5000, description="Of the newest.")] = 1000


class EnergyAsk(Ask, frozen=True, kw_only=True, forbid_unknown_fields=True):
    start: Instant | None = None
    """None: the midnight at the site before `end`."""
    end: Instant | None = None
    """None: the midnight at the site after `start`, or after now."""
    step: Step | None = None
    """None: quarters of an hour up to two days, and days beyond."""


class CommandAsk(Ask, frozen=True, kw_only=True, forbid_unknown_fields=True):
    device: DeviceText
    ability: Annotated[
        str, Meta(min_length=1, max_length=64, description="As the device's `abilities` name it.")
    ]
    value: float
    """In the unit of the ability's envelope."""
    reason: Annotated[str, Meta(max_length=500, description="For the ledger.")] = ""


class LedgerAsk(Ask, frozen=True, kw_only=True, forbid_unknown_fields=True):
    limit: Annotated[int, Meta(ge=1, le=1000)] = 100


CaptureText = Annotated[
    str, Meta(min_length=1, max_length=100, description="A recording's id, as `captures` lists it.")
]


class CaptureAsk(Ask, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: CaptureText


class DecodedAsk(Ask, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: CaptureText
    limit: Annotated[int, Meta(ge=1, le=1000, description="Of the newest frames.")] = 200


class RecordAsk(Ask, frozen=True, kw_only=True, forbid_unknown_fields=True):
    source: Annotated[str, Meta(min_length=1, max_length=100, description="As the device's `source` says.")]
    duration_s: Annotated[float, Meta(ge=1, le=3600, description="It ends by itself after that.")] = 60.0


class SessionAsk(Ask, frozen=True, kw_only=True, forbid_unknown_fields=True):
    token: Annotated[
        str, Meta(min_length=1, max_length=200, description="As `ohmstead token create` printed it.")
    ]
