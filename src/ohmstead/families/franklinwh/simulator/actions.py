"""What the control interface can do to a running cloud and its plants, in words; the doing is in `running`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ohmstead.families.franklinwh.simulator.cloud.faults import KINDS, PARAMETERS
from ohmstead.model import Action

WHICH: Final = {"gateway": "serial; the first gateway if not given"}

ACTIONS: Final[Mapping[str, Action]] = MappingProxyType(
    {
        "outage": Action(help="The street goes dark.", parameters=WHICH),
        "restore": Action(help="The street is live again; the relay closes after 300 s.", parameters=WHICH),
        "off_grid": Action(
            help="Leave the street as if in the app, or come back.",
            parameters={"on": "true or false", **WHICH},
        ),
        "charge": Action(help="Set the packs' state of charge.", parameters={"soc_pct": "0 to 100", **WHICH}),
        "sun": Action(help="Set the light.", parameters={"factor": "0.08 (overcast) to 1 (clear)"}),
        "plug_vehicle": Action(
            help="Plug something into the vehicle port.",
            parameters={"power_w": "W", "direction": "out or in", **WHICH},
        ),
        "unplug_vehicle": Action(help="Pull it.", parameters=WHICH),
        "vehicle_fault": Action(
            help="The vehicle port fails, or is sound.", parameters={"on": "true or false", **WHICH}
        ),
        "circuit": Action(
            help="Switch a circuit by hand.", parameters={"number": "1 to 3", "on": "true or false", **WHICH}
        ),
        "start_generator": Action(help="Start it by hand.", parameters=WHICH),
        "stop_generator": Action(help="Stop it by hand.", parameters=WHICH),
        "fuel": Action(help="Set what is in the generator's tank.", parameters={"fuel_l": "l", **WHICH}),
        "generator_fault": Action(
            help="The generator fails.", parameters={"code": "the alarm, such as 1020", **WHICH}
        ),
        "clear_generator_fault": Action(help="It is sound again.", parameters=WHICH),
        "alarm": Action(help="Raise an alarm.", parameters={"code": "such as 3001", **WHICH}),
        "clear_alarms": Action(help="Take all alarms away.", parameters=WHICH),
        "clock": Action(help="Set the gateway's clock wrong.", parameters={"offset_s": "s fast", **WHICH}),
        "storm": Action(help="A storm is here, or over.", parameters={"on": "true or false", **WHICH}),
        "offline": Action(help="The cloud loses the gateway.", parameters=WHICH),
        "online": Action(help="It is back; what waited is done.", parameters=WHICH),
        "token_expire": Action(help="Forget every token."),
        "kick": Action(help="Break every connection off."),
        "fault": Action(
            help=f"Misbehave from now on: {', '.join(KINDS)}.", parameters={"name": "which", **PARAMETERS}
        ),
        "clear_faults": Action(help="Behave again."),
    }
)
