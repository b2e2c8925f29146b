"""What the control interface can do to a running plant, in words; the doing is in `running.py`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ohmstead.families.givenergy.simulator.faults import KINDS, PARAMETERS
from ohmstead.model import Action

ACTIONS: Final[Mapping[str, Action]] = MappingProxyType(
    {
        "clouds": Action(help="Set the light.", parameters={"factor": "0.08 (overcast) to 1 (clear)"}),
        "clear_sky": Action(help="Take all clouds away."),
        "charge": Action(
            help="Set the state of charge of every battery.", parameters={"soc_pct": "0 to 100"}
        ),
        "read": Action(
            help="Look at registers as they stand.",
            parameters={
                "device": "such as 17 or 0x32",
                "bank": "HR, IR or MR",
                "base": "first",
                "count": "how many",
            },
        ),
        "set": Action(
            help="Write registers, past every rule; what does not exist is made.",
            parameters={
                "device": "such as 17 or 0x32",
                "bank": "HR, IR or MR",
                "base": "first",
                "words": "a list",
            },
        ),
        "clock": Action(
            help="Set the inverter's clock.", parameters={"at": "ISO date and time, without a zone"}
        ),
        "identify": Action(
            help="Give the plant other serials.",
            parameters={
                "adapter": "ten characters",
                "inverter": "ten characters",
                "lan": "address,mask,gateway",
            },
        ),
        "remove": Action(help="Take a device off the bus.", parameters={"device": "such as 0x33"}),
        "restore": Action(help="Put a device back.", parameters={"device": "such as 0x33"}),
        "kick": Action(help="Break every connection off."),
        "reboot": Action(help="Restart the adapter: away for 90 s."),
        "fault": Action(
            help=f"Misbehave from now on: {', '.join(KINDS)}.",
            parameters={"name": "which", **PARAMETERS},
        ),
        "clear_faults": Action(help="Behave again."),
    }
)
