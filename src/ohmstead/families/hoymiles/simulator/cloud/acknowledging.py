"""What a cloud acknowledges uploads with: each in its own shape, or all in one, as minimal servers do."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from google.protobuf.message import Message

from ohmstead.families.hoymiles.messages.exchange import Exchange
from ohmstead.families.hoymiles.protos.cloud_inventory_pb2 import CloudDevInfoToDtu

VENDOR_ZONE: Final = timedelta(hours=8)
"""Time texts are UTC+8 whatever the offset says. Source: captures of devices."""
ECHOED: Final = ("packet_index", "action", "transaction_id", "dtu_serial", "device_serial", "rule_type")


def acknowledgement(
    exchange: Exchange[Any, Any],  # Any: each has its own two messages
    upload: Message,
    now: datetime,
    utc_offset_s: int,
    *,
    is_generic: bool,
) -> Message:
    if is_generic:
        return CloudDevInfoToDtu(time_text=_text(now), utc_offset=utc_offset_s, time=int(now.timestamp()))
    said = {"time_text": _text(now), "utc_offset": utc_offset_s, "time": int(now.timestamp())}
    said |= {name: getattr(upload, name) for name in ECHOED if name in upload.DESCRIPTOR.fields_by_name}
    known = exchange.answer.DESCRIPTOR.fields_by_name
    answer: Message = exchange.answer(**{name: value for name, value in said.items() if name in known})
    return answer


def _text(now: datetime) -> str:
    return (now + VENDOR_ZONE).strftime("%Y-%m-%d %H:%M:%S")
