"""The card: what the house knows of this family without loading it."""

from __future__ import annotations

from typing import Final

from ohmstead.model import Extra, Family

FAMILY: Final = Family(
    name="everest",
    title="EVerest charge points",
    vendor="EVerest",
    schemes=("everest", "everests"),
    config="ohmstead.families.everest.config:EverestConfig",
    connect="ohmstead.families.everest.device:connect",
    simulate="ohmstead.families.everest.simulator:simulate",
    capture="ohmstead.families.everest.capture:EverestCodec",
    commands="ohmstead.families.everest.commands:everest",
    console="ohmstead.families.everest.calls:console",
    serve="ohmstead.families.everest.bridge:serve",
    table="rpcapi",
    settings="ohmstead.families.everest.bridge:RpcTable",
    discover="ohmstead.families.everest.discovery:discover",
    models=(
        "one-ac",
        "two-ac",
        "one-dc",
        "ac-phase-switch",
        "no-identifier",
        "two-connectors",
        "ac-bidirectional",
        "dc-bidirectional",
    ),
    extras=(
        Extra(
            name="mode",
            help="As the reference in every corner, or with what it lacks.",
            choices=("improved", "reference"),
            default="improved",
        ),
        Extra(
            name="car",
            help="Of the first EVSE: ac, hlc (tells its charge), bpt (gives back), dc or dc-bpt; as it fits if not given.",
        ),
        Extra(name="request", help="Ampere that the car takes at most; as its kind does if not given."),
        Extra(name="soc", help="Per cent in the car's battery.", default="40"),
        Extra(name="plugged", help="The car is plugged in from the start.", flag=True),
        Extra(name="commute", help="The car leaves and comes back every working day.", flag=True),
        Extra(
            name="authorisation",
            help="Whether everybody may charge, or each car is to be authorised.",
            choices=("free", "asked"),
            default="free",
        ),
    ),
    hardware=(
        "Charge points that run EVerest, API version 1.0.0 of its RPC interface, AC and DC",
        "Every charger of a home served by Ohmstead, whatever its make",
    ),
)
