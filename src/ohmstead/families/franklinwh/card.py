"""The card: what the house knows of this family without loading it."""

from __future__ import annotations

from typing import Final

from ohmstead.families.franklinwh.simulator.extras import EXTRAS
from ohmstead.model import Family

FAMILY: Final = Family(
    name="franklinwh",
    title="FranklinWH batteries, generators and vehicle ports",
    vendor="FranklinWH",
    schemes=("franklinwh",),
    config="ohmstead.families.franklinwh.config:FranklinWHConfig",
    connect="ohmstead.families.franklinwh.device:connect",
    simulate="ohmstead.families.franklinwh.simulator.starting:simulate",
    capture="ohmstead.families.franklinwh.capture:FranklinWHCodec",
    commands="ohmstead.families.franklinwh.commands:franklinwh",
    console="ohmstead.families.franklinwh.console:console",
    discover="ohmstead.families.franklinwh.account:discover",
    clouds=("energy.franklinwh.com",),
    models=(
        "us_v1_full",
        "us_v1_circuits",
        "us_v1_generator",
        "us_v2",
        "us_v2_full",
        "us_bare",
        "au_v1",
        "au_v1_full",
        "us_merged",
        "two_gateways",
    ),
    extras=EXTRAS,
    hardware=(
        "Gateways aGate X-10, X-20 and X-01-AU with aPower X, aPower 2 and aPower S, through the vendor's cloud",
        "Generator Module V1 and V2, Smart Circuits V1 and V2, in the US and Australia",
        "The vehicle port (V2L) is read everywhere; switching it is speculative until an owner's capture proves how",
    ),
)
