"""Who a unit is. Serials are invented, of the real shape."""

from __future__ import annotations

from random import Random
from typing import Final

import msgspec

from ohmstead.families.tesla_wall_connector.simulator.profiles import Profile

UNITS_PER_SEED: Final = 100
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


class Identity(msgspec.Struct, frozen=True):
    part_number: str
    serial: str
    password: str
    """Of its access point; on the real device printed on the quick guide."""

    @property
    def din(self) -> str:
        return f"{self.part_number}--{self.serial}"

    @property
    def ssid(self) -> str:
        return f"TeslaWallConnector_{self.serial[-6:]}"

    @property
    def mac(self) -> str:
        number = int(self.serial[-6:])
        return f"98:ED:5C:{number >> 16 & 0xFF:02X}:{number >> 8 & 0xFF:02X}:{number & 0xFF:02X}"


def identity(profile: Profile, seed: int, number: int, random: Random) -> Identity:
    """The `number`th unit, from 0, of this seed."""
    serial = f"PGT21{(seed - 1) * UNITS_PER_SEED + number + 1:09d}"
    return Identity(profile.wiring.part_number, serial, "".join(random.choices(_LETTERS, k=12)))
