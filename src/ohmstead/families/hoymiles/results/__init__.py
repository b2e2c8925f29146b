"""What a client hands out: values with their unit in the name, serials as texts, aware times.

The numbers are decoded by functions that `facts.decoder` makes from the `.proto` files, so no scale stands here. Zero
values do not travel; a device that is not linked sends only who it is, and its measurements are `None` here, not 0.
"""

from __future__ import annotations

from ohmstead.families.hoymiles.results.alarm_lists import Alarm, alarms
from ohmstead.families.hoymiles.results.configuration import Config, config
from ohmstead.families.hoymiles.results.heartbeats import Heartbeat, heartbeat
from ohmstead.families.hoymiles.results.histories import (
    DayEnergy,
    PowerCurve,
    PowerPoint,
    day_energies,
    power_curve,
)
from ohmstead.families.hoymiles.results.instants import instant
from ohmstead.families.hoymiles.results.inventories import (
    AppFeature,
    Dtu,
    Inventory,
    Inverter,
    Meter,
    Repeater,
    inventory,
)
from ohmstead.families.hoymiles.results.live_data import (
    Live,
    MeterPhases,
    Port,
    RapidShutdown,
    RepeaterState,
    SinglePhase,
    ThreePhase,
    live,
)
from ohmstead.families.hoymiles.results.networks import Network, RadioSearch, network, radio_search
from ohmstead.families.hoymiles.results.old_live_data import old_live

__all__ = [
    "Alarm",
    "AppFeature",
    "Config",
    "DayEnergy",
    "Dtu",
    "Heartbeat",
    "Inventory",
    "Inverter",
    "Live",
    "Meter",
    "MeterPhases",
    "Network",
    "Port",
    "PowerCurve",
    "PowerPoint",
    "RadioSearch",
    "RapidShutdown",
    "Repeater",
    "RepeaterState",
    "SinglePhase",
    "ThreePhase",
    "alarms",
    "config",
    "day_energies",
    "heartbeat",
    "instant",
    "inventory",
    "live",
    "network",
    "old_live",
    "power_curve",
    "radio_search",
]
