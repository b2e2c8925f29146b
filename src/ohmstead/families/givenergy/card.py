"""The card: what the house knows of this family without loading it."""

from __future__ import annotations

from typing import Final

from ohmstead.families.givenergy.extras import EXTRAS
from ohmstead.model import Family

FAMILY: Final = Family(
    name="givenergy",
    title="GivEnergy inverters and batteries",
    vendor="GivEnergy",
    schemes=("givenergy",),
    config="ohmstead.families.givenergy.config:GivEnergyConfig",
    connect="ohmstead.families.givenergy.device:connect",
    simulate="ohmstead.families.givenergy.simulator:simulate",
    capture="ohmstead.families.givenergy.capture:GivEnergyCodec",
    commands="ohmstead.families.givenergy.command_line:givenergy",
    console="ohmstead.families.givenergy.console:console",
    discover="ohmstead.families.givenergy.discovery:discover",
    models=(
        "hybrid-gen1",
        "hybrid-gen2",
        "ac",
        "all-in-one",
        "hybrid-hv-gen3",
        "hybrid-3ph",
        "ems",
        "gateway",
    ),
    extras=EXTRAS,
    hardware=(
        "Hybrid inverters Gen 1, Gen 2 and Gen 3, Polar, and AC-coupled units, with low-voltage packs",
        "All-in-One, All-in-One Hybrid, and HV Gen 3 hybrids, with their battery modules",
        "Three-phase hybrids and AC-coupled units (their power nodes are not confirmed)",
        "EMS controllers and gateways with what they manage; meters EM115 and EM418",
    ),
)
