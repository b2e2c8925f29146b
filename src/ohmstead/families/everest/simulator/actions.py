"""What the control interface can do to a simulated charge point, and how it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ohmstead.model import Action

EVSE: Final = {"evse": "its index; 1 if not given"}

ACTIONS: Final[Mapping[str, Action]] = MappingProxyType(
    {
        "plug": Action(
            help="Plug the car in.", parameters={"connector": "its index; 1 if not given", **EVSE}
        ),
        "unplug": Action(help="Pull the plug.", parameters=EVSE),
        "car": Action(
            help="Another car, from the next plug-in on.",
            parameters={
                "kind": "ac, hlc (AC that tells its charge), bpt (AC that gives back), dc or dc-bpt",
                "soc_pct": "0 to 100",
                "most_a": "what it takes at most",
                "phases": "1 to 3",
                **EVSE,
            },
        ),
        "charge": Action(help="Set the car's state of charge.", parameters={"soc_pct": "0 to 100", **EVSE}),
        "car_pause": Action(
            help="Let the car take nothing, or again.", parameters={"is_pausing": "true or false", **EVSE}
        ),
        "display": Action(
            help="What the car says of itself from now on, in place of what is so; nothing: what is so.",
            parameters={"members": "an object of display parameters, or null", **EVSE},
        ),
        "authorise": Action(help="Let the car charge.", parameters=EVSE),
        "stop": Action(help="End the transaction at the charge point; the car stays.", parameters=EVSE),
        "pause": Action(help="Pause as the charge point itself does.", parameters=EVSE),
        "resume": Action(help="Go on after a pause.", parameters=EVSE),
        "reserve": Action(help="Reserve it, or end that.", parameters={"is_on": "true or false", **EVSE}),
        "enable": Action(
            help="Somebody's say on whether it works or rests.",
            parameters={
                "source": "who says it; OCPP if not given",
                "is_enabled": "true or false",
                "priority": "0 (strongest) to 10000; 5000 if not given",
                "connector": "its index; all if not given",
                **EVSE,
            },
        ),
        "limit": Action(
            help="Somebody else's limit.",
            parameters={
                "source": "who limits; load_management if not given",
                "current_a": "A per phase, or null for none",
                "valid_for_s": "seconds, or null for ever",
                **EVSE,
            },
        ),
        "fuse": Action(help="Set the fuse that all EVSEs share.", parameters={"current_a": "A"}),
        "switching": Action(
            help="Whether the hardware switches phases.", parameters={"is_able": "true or false", **EVSE}
        ),
        "error": Action(
            help="Raise an error; its uuid comes back.",
            parameters={
                "type": "interface/Name; evse_board_support/VendorWarning if not given",
                "severity": "High, Medium or Low",
                "message": "in words",
                "sub_type": "the vendor's own number or name",
                "evse": "index of its EVSE, or 0 for the charger; 1 if not given",
            },
        ),
        "clear_error": Action(
            help="Clear one error, or all.", parameters={"uuid": "which; all if not given"}
        ),
        "grid": Action(help="Street power.", parameters={"is_up": "true or false"}),
        "kick": Action(help="Break every connection off."),
        "restart": Action(help="Start the charge point's software anew; meters keep their totals."),
    }
)
