"""The card: what the house knows of this family without loading it."""

from __future__ import annotations

from typing import Final

from ohmstead.model import Family

FAMILY: Final = Family(
    name="blueprint",
    title="Blueprint",
    vendor="Blueprint",
    schemes=("blueprint",),
    config="ohmstead.families._blueprint.device:BlueprintConfig",
    connect="ohmstead.families._blueprint.device:connect",
    simulate="ohmstead.families._blueprint.simulator:simulate",
    capture="ohmstead.families._blueprint.capture:BlueprintCodec",
    commands="ohmstead.families._blueprint.commands:blueprint",
    discover="ohmstead.families._blueprint.discovery:discover",
    models=("one-panel", "two-panels"),
    hardware=("An invented inverter with one or two panels",),
)
