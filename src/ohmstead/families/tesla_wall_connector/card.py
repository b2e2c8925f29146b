"""The card: what the house knows of this family without loading it."""

from __future__ import annotations

from typing import Final

from ohmstead.model import Extra, Family

FAMILY: Final = Family(
    name="tesla-wall-connector",
    title="Tesla Wall Connector, third generation",
    vendor="Tesla",
    schemes=("tesla-wall-connector",),
    config="ohmstead.families.tesla_wall_connector.config:TeslaWallConnectorConfig",
    connect="ohmstead.families.tesla_wall_connector.device:connect",
    simulate="ohmstead.families.tesla_wall_connector.simulator:simulate",
    capture="ohmstead.families.tesla_wall_connector.capture:TeslaWallConnectorCodec",
    commands="ohmstead.families.tesla_wall_connector.commands:tesla_wall_connector",
    console="ohmstead.families.tesla_wall_connector.console:console",
    discover="ohmstead.families.tesla_wall_connector.discovery:discover",
    models=(
        "24.36.3-eu3",
        "24.36.3-eu1",
        "24.36.3-us2",
        "21.8.5-eu3",
        "21.8.5-eu1",
        "21.8.5-us1",
        "21.36.6-eu3",
        "21.36.6-eu1",
        "21.36.6-us1",
        "22.33.1-eu3",
        "22.33.1-eu1",
        "22.33.1-us1",
        "23.8.2-eu3",
        "23.8.2-eu1",
        "23.8.2-us1",
        "25.34.1-eu3",
        "25.34.1-eu1",
        "25.34.1-us2",
    ),
    extras=(
        Extra(name="units", help="How many units, 1 to 6.", default="1"),
        Extra(
            name="network-limit",
            help="Ampere that the units share as a group; 0: each is alone.",
            default="0",
        ),
        Extra(
            name="car",
            help="How the car talks to the unit.",
            choices=("tesla", "tesla-asleep", "pwm"),
            default="tesla",
        ),
        Extra(name="request", help="Ampere that the car asks for; as much as the wiring has if not given."),
        Extra(name="soc", help="Per cent in the car's battery.", default="40"),
        Extra(name="plugged", help="The car is plugged in from the start.", flag=True),
        Extra(name="commute", help="The car leaves and comes back every working day.", flag=True),
        Extra(
            name="latency",
            help="0.3 to 3 s before each answer, or none.",
            choices=("real", "none"),
            default="real",
        ),
        Extra(
            name="truncation",
            help="Share of answers without their last brace while charging.",
            default="0.02",
        ),
        Extra(
            name="drop-outs",
            help="Chance that connections are refused for up to 6 s after 10 s without a request.",
            default="0.15",
        ),
        Extra(
            name="rs485",
            help="The meter port: over TCP, or a pseudo-terminal whose path the ready line says.",
            choices=("tcp", "pty"),
            default="tcp",
        ),
        Extra(
            name="handle-alert",
            help="Number of the alert that a press of 30 s raises; not known of real units. 0: it is only counted.",
            default="0",
        ),
        Extra(
            name="page-extends", help="Minutes by which a page keeps the access window open.", default="10"
        ),
    ),
    hardware=(
        "Wall Connectors of the third generation (part numbers 1457768, 1529455), firmware 21.8.5 to 25.34.1",
        "The Universal Wall Connector (1734412)",
        "Load-sharing groups of up to six, as their leader knows them",
    ),
)
