"""Registers as they stand, for the house's console. Serials in them are blanked as in a recording."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from ohmstead.families.givenergy.capture import redacted
from ohmstead.families.givenergy.device import GivEnergySource
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.wire import MOST_WORDS, ReadReply, ReadRequest
from ohmstead.model import BadAnswer, ConsoleMethod

TIMEOUT_S: Final = 3.0


class Registers(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    device: Annotated[int, Meta(ge=0, le=255, description="Address on the bus: 50 (0x32) is a battery.")] = (
        0x32
    )
    bank: Annotated[Bank, Meta(description="HR: settings, IR: measurements, MR: meters.")]
    base: Annotated[int, Meta(ge=0, le=65_535, description="The first register.")]
    count: Annotated[int, Meta(ge=1, le=MOST_WORDS)] = MOST_WORDS


class Words(msgspec.Struct, frozen=True, kw_only=True):
    device: int
    bank: Bank
    base: int
    words: tuple[int, ...]


def console() -> Mapping[str, ConsoleMethod]:
    return {
        "read_registers": ConsoleMethod(
            title="Read a run of registers",
            call=_read,
            ask=Registers,
            template={"device": 0x32, "bank": Bank.IR.value, "base": 0, "count": MOST_WORDS},
        )
    }


async def _read(source: GivEnergySource, ask: Registers) -> object:
    request = ReadRequest(device=ask.device, bank=ask.bank, base=ask.base, count=ask.count)
    (reply,) = await source.client.execute([request], timeout=TIMEOUT_S, retries=1)
    safe = redacted(reply)
    if not isinstance(safe, ReadReply):
        raise BadAnswer(f"{request} was answered with something else")
    found = Words(device=ask.device, bank=ask.bank, base=ask.base, words=safe.words)
    return msgspec.to_builtins(found)
