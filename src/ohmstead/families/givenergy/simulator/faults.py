"""What can go wrong on purpose, each fault by itself: how often, when, and for what is for its rule to say.

`--fault bad-crc:times=1`, `--fault silent-window:chance=0.01,s=20`, `--fault error-burst:device=0x32,after=60,for=30`.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from types import MappingProxyType
from typing import Final

import msgspec

from ohmstead.families.givenergy.wire import Request
from ohmstead.kit import faults
from ohmstead.kit.faults import LIMITS, Menu, Number, Often, Seconds
from ohmstead.model import Fault

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "silent-window": "The bus answers nothing for `s` seconds (2 to 30); heartbeats go on.",
        "slow": "`s` seconds more to every reply (1).",
        "drop-client": "End the asking client's connection.",
        "reset-client": "Break the asking client's connection off.",
        "half-open": "Say nothing more to the asking client, and keep its connection.",
        "split": "Replies in pieces of `bytes` bytes, or cut anywhere.",
        "glue": "Up to 3 frames at once, in chunks of 300 bytes.",
        "byte-noise": "Bytes inserted, deleted or flipped (`how`), between frames or inside.",
        "bad-crc": "The CRC does not fit.",
        "zero-tail": "Zeros from byte 50 to the end, CRC included.",
        "zero-page": "A page of zeros.",
        "substituted-page": "The page of a leaked network packet, at 0x32 IR(0,60).",
        "stale-replay": "Pages of before, for `s` seconds (113); then, at once, those of now.",
        "splice": "A part of another page in a battery's page; `how`: capacity, cell, temperatures, firmware, highest, lowest.",
        "wrong-device": "The same values again after 0.2 s, as if from device `as` (0x03).",
        "wrong-serial": "Another serial in the envelope, or with `how`=battery in the page.",
        "null-message": "A null message before the reply.",
        "lan-broadcast": "The adapter's addresses as text before the reply.",
        "error-burst": "Refusals, with a count of 0.",
        "lost-ack": "A write is done, and its echo lost.",
        "late-ack": "A write is done, and its echo comes `s` seconds later (5).",
        "foreign-echo": "The echo of another client's write of the same register (`value`) comes before ours.",
        "ignored-write": "A write is acknowledged and not done.",
        "late-write": "A write is acknowledged at once and done `s` seconds later (5).",
        "busy": "Writes are refused, for `s` seconds (10).",
        "heartbeat-off": "No heartbeats.",
        "heartbeat-type": "Heartbeats of type `value` (2).",
        "reboot": "The adapter restarts.",
        "topology-change": "`device` leaves the bus; with `how`=add it comes back.",
    }
)
SPONTANEOUS: Final = frozenset({"reboot", "topology-change"})
"""They wait for no request, and happen once if neither `times` nor `chance` is told."""
PARAMETERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **LIMITS,
        "device": "only requests for this device",
        "bank": "only requests for this bank",
        "base": "only requests from this register on",
        "s": "seconds, where the fault has a duration",
        "how": "its shape, where it has several",
        "as": "the device a wrong-device reply pretends to be",
        "value": "the value, where it has one",
        "bytes": "the size of pieces, for split",
    }
)


class Rule(faults.Rule, kw_only=True):
    device: Number | None = None
    bank: str | None = None
    base: Number | None = None
    seconds: Seconds | None = msgspec.field(default=None, name="s")
    how: str = ""
    as_device: Number = msgspec.field(default=Number(0x03), name="as")
    value: Number | None = None
    piece_bytes: Often = msgspec.field(default=0, name="bytes")

    def __post_init__(self) -> None:
        if self.kind in SPONTANEOUS and self.times is None and self.chance == 1.0:
            self.times = 1

    def fits(self, request: Request | None) -> bool:
        if request is None:
            return True
        bank = getattr(request, "bank", None)
        return (
            self.device in (None, request.device)
            and self.base in (None, request.register)
            and self.bank in (None, bank)
        )


MENU: Final = Menu(rule=Rule, kinds=KINDS, parameters=PARAMETERS, example="bad-crc:times=1,device=0x32")


class Faults(faults.Faults[Rule]):
    def __init__(self, random: Random, faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(MENU, random, faults)

    def strike(self, kind: str, request: Request | None = None) -> Rule | None:
        """The fault, if it happens now; counts it."""
        return self.first((kind,), lambda rule: rule.fits(request))
