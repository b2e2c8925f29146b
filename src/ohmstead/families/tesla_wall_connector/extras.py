"""The options that only this family's simulators have; card and simulators read them here."""

from __future__ import annotations

from typing import Final

from ohmstead.model import Extra

EXTRAS: Final = (
    Extra(name="units", help="How many units, 1 to 6.", default="1"),
    Extra(
        name="network-limit",
        help="A that the units share, as paired long ago; 0: they are not in a group.",
        default="0",
    ),
    Extra(
        name="car",
        help="Whose car stands there.",
        choices=("tesla", "tesla-asleep", "pwm"),
        default="tesla",
    ),
    Extra(name="request", help="A that the car asks for; what is usual on its supply if not said."),
    Extra(name="soc", help="The car's state of charge, %.", default="40"),
    Extra(name="plugged", help="The first unit's car is plugged in.", flag=True),
    Extra(
        name="commute", help="Cars leave on weekday mornings and are plugged in on coming back.", flag=True
    ),
    Extra(
        name="latency",
        help="How long answers take: 0.3 to 3 s as measured, or none.",
        choices=("measured", "none"),
        default="measured",
    ),
    Extra(
        name="truncation",
        help="Share of bodies without their last brace while a car charges.",
        default="0.02",
    ),
    Extra(
        name="drop-outs",
        help="Share of the time, after 10 s without a request, in which no connection is taken.",
        default="0.15",
    ),
    Extra(
        name="page-extends",
        help="Minutes that loading a page keeps the access window; 0: none.",
        default="10",
    ),
)
