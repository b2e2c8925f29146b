"""What the control interface can do to running units, in words; the doing is in `running.py`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ohmstead.families.tesla_wall_connector.simulator.faults import KINDS, PARAMETERS
from ohmstead.model import Action

UNIT: Final = {"unit": "DIN or serial; the first unit if not given"}

ACTIONS: Final[Mapping[str, Action]] = MappingProxyType(
    {
        "plug": Action(help="Plug the car in.", parameters=UNIT),
        "unplug": Action(help="Pull the plug.", parameters=UNIT),
        "car": Action(
            help="Another car, from the next plug-in on.",
            parameters={
                "profile": "pwm, tesla or tesla-asleep",
                "request_a": "what it asks for; 0: it takes nothing",
                "soc_pct": "0 to 100",
                "phases": "1 to 3",
                **UNIT,
            },
        ),
        "request": Action(help="What the car asks for from now on.", parameters={"request_a": "A", **UNIT}),
        "charge": Action(help="Set the car's state of charge.", parameters={"soc_pct": "0 to 100", **UNIT}),
        "sleep": Action(help="Let the car fall asleep.", parameters=UNIT),
        "wake": Action(help="Wake the car.", parameters=UNIT),
        "button": Action(
            help="Hold the handle's button; 5 s open the access window.",
            parameters={"hold_s": "seconds", **UNIT},
        ),
        "power_cycle": Action(
            help="Switch the breaker off and on.",
            parameters={"off_s": "seconds between; 10 if not given", **UNIT},
        ),
        "ambient": Action(
            help="The temperature about the unit, instead of the weather's.",
            parameters={"ambient_c": "°C, or null for the weather's", **UNIT},
        ),
        "grid": Action(help="Street power.", parameters={"is_up": "true or false"}),
        "window": Action(
            help="Set the access window's times, or open or close it.",
            parameters={
                "state": "open or closed",
                "hidden_min": "minutes, or null for never",
                "lapsed_min": "minutes",
                "page_extends_min": "minutes",
                **UNIT,
            },
        ),
        "pair": Action(
            help="Take a unit into a load-sharing group, as the installer does on the leader's page.",
            parameters={
                "ssid": "of the unit's access point",
                "password": "of it",
                "network_limit": "A for the whole group",
                "leader": "DIN or serial; the first unit if not given",
            },
        ),
        "flash": Action(
            help="Set how the flash memory wears.",
            parameters={
                "fails_at": "writes after which it fails, or null for never",
                "counts_equal": "whether writing an equal value counts",
                **UNIT,
            },
        ),
        "meter": Action(
            help="Set what the unit makes of its meter.",
            parameters={
                "conductor_a": "the conductor's limit",
                "fallback_a": "what is allowed once the meter is lost",
                **UNIT,
            },
        ),
        "counters": Action(
            help="Let energy counters jump.",
            parameters={
                "lifetime_wh": "added at once",
                "session_wh": "added at once",
                "creep_wh": "added to the lifetime counter every 90 minutes without a car",
                **UNIT,
            },
        ),
        "kick": Action(help="Break every connection off.", parameters=UNIT),
        "fault": Action(
            help=f"Misbehave from now on: {', '.join(KINDS)}.",
            parameters={"name": "which", **PARAMETERS, **UNIT},
        ),
        "clear_faults": Action(help="Behave again.", parameters=UNIT),
    }
)
