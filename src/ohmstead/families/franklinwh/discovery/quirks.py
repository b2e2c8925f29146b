"""What is peculiar to a region and its accessories, in sentences: owners of other regions read the same fields otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ohmstead.families.franklinwh.facts.codes import Country

REGION: Final[Mapping[int, tuple[str, ...]]] = {
    Country.UNITED_STATES: (
        "120/240 V split phase at 60 Hz: each leg shows about 120 V, the line about 240 V",
        "V2L depends on the Smart Circuits module and, for V1, on the generator module",
        "net metering rules (NEM) apply",
    ),
    Country.AUSTRALIA: (
        "230 V single phase or 415 V three phase at 50 Hz",
        "both grid voltages are reported on a single phase too, and only the line voltage means something",
        "no module of this region has a vehicle port; v2lModeEnable and v2lRunState are null, which is normal",
        "net metering (NEM) and the programmes of US utilities are null or without meaning",
        "export is usually limited to about 10 kW",
    ),
}
UNKNOWN_REGION: Final = (
    "nothing is known of this region: rules of neither the US nor Australia are applied",
)

ACCESSORY: Final[Mapping[int, tuple[str, ...]]] = {
    201: ("Generator Module V1: beside a Smart Circuits V1 module it enables the vehicle port",),
    202: (
        "Smart Circuits V1: two circuits; the third row of the circuits record is the vehicle port (CarSW)",
        "used as plain circuits, circuit 3 is metered as the vehicle port: its load shows as V2L",
    ),
    203: ("Generator Module V2: has nothing to do with the vehicle port",),
    204: ("Smart Circuits V2: three circuits, the vehicle port is built in",),
    301: ("Generator Module V1 AU: no vehicle port",),
    302: ("Smart Circuits V1 AU: two circuits, no vehicle port",),
}


def region_quirks(country: int | None) -> tuple[str, ...]:
    return () if country is None else REGION.get(country, UNKNOWN_REGION)
