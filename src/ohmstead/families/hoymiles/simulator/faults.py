"""What can go wrong on purpose, each fault by itself, and of which requests.

`--fault close-after-request:times=1,id=A305` or by its number, `--fault F3:times=1`.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from types import MappingProxyType
from typing import Annotated, Final

import msgspec

from ohmstead.kit import faults
from ohmstead.kit.faults import LIMITS, Menu
from ohmstead.model import Fault

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "refuse": "F1",
        "close-on-accept": "F2",
        "close-after-request": "F3",
        "lost-acknowledgement": "F3b",
        "close-mid-answer": "F4",
        "silence": "F5",
        "delay": "F6",
        "split": "F7",
        "batch": "F8",
        "garbage": "F9",
        "bad-crc": "F10",
        "wrong-length": "F11",
        "long-length": "F11b",
        "wrong-sequence": "F12",
        "wrong-id": "F13",
        "duplicate": "F14",
        "unsolicited": "F15",
        "late-reply": "F16",
        "no-protobuf": "F17",
        "cut-protobuf": "F17b",
        "strange-fields": "F18",
        "packet-missing": "F19",
        "packet-repeated": "F19b",
        "count-changes": "F19c",
        "time-changes": "F19d",
        "count-255": "F19e",
        "frozen-data": "F20",
        "zero-data": "F20b",
        "inverter-missing": "F20c",
        "clock-unset": "F21",
        "clock-jump": "F21b",
        "new-seed": "F22",
        "empty-payload": "F22b",
        "bad-tag": "F22c",
        "command-refused": "F23",
        "command-stuck": "F23b",
        "command-partial": "F23c",
        "command-of-another": "F23d",
        "command-unreported": "F23e",
        "kick": "F24",
        "kick-new": "F24b",
        "counter-falls": "F25",
        "counter-wraps": "F25b",
        "long-answer": "F26",
        "extremes": "F27",
        "bad-meter": "F28",
        "cloud-silent": "F29",
        "cloud-rejects": "F29b",
        "cloud-late": "F29c",
        "cloud-wrong-sequence": "F29d",
        "cloud-pushes": "F29e",
    }
)
"""Name and number. A lost acknowledgement is a command that is done and never answered."""
NUMBERS: Final = MappingProxyType({number.lower(): name for name, number in KINDS.items()})
PARAMETERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **LIMITS,
        "id": "only requests with this id, such as A311",
        "s": "seconds: of a delay, of a clock's jump, between kicks",
    }
)

LONGEST_S: Final = 1e9
"""Thirty years either way: a clock may jump far, and back."""


class Rule(faults.Rule, kw_only=True):
    times: Annotated[int, msgspec.Meta(ge=1)] | None = None
    id: Annotated[str, msgspec.Meta(pattern="^[0-9A-Fa-f]{1,4}$")] | None = None
    seconds: Annotated[float, msgspec.Meta(ge=-LONGEST_S, le=LONGEST_S)] = msgspec.field(
        default=12.0, name="s"
    )

    def is_of(self, request_id: int | None) -> bool:
        return self.id is None or int(self.id, 16) == request_id


MENU: Final = Menu(
    rule=Rule, kinds=KINDS, parameters=PARAMETERS, example="silence:times=1,chance=0.5,id=A311"
)


def named(fault: Fault) -> Fault:
    """By its name, where it goes by its number."""
    return Fault(NUMBERS.get(fault.name.strip().lower(), fault.name), fault.parameters)


class Faults(faults.Faults[Rule]):
    def __init__(self, random: Random, faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(MENU, random, tuple(map(named, faults)))

    def add(self, fault: Fault) -> None:
        super().add(named(fault))

    def strike(self, kind: str, request_id: int | None = None) -> Rule | None:
        """The fault, if it happens now; counts it."""
        return self.first((kind,), lambda rule: rule.is_of(request_id))
