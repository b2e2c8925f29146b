"""The generator's record. A gateway without a module answers it too, with defaults."""

from __future__ import annotations

from typing import Any

from ohmstead.families.franklinwh.simulator.plant.gateway import Gateway
from ohmstead.families.franklinwh.simulator.records.metering import generator_input

Json = dict[str, Any]  # Any: JSON


def generator(gateway: Gateway, *, has_status: bool = True, opt: int = 0) -> Json:
    """`status` is documented and missing from captures; `opt` echoes what was asked."""
    genset, port = gateway.genset, gateway.port
    licence, state = int(port.is_licensed), int(port.state)
    electrical = generator_input(gateway)
    if not genset.is_fitted:
        electrical.pop("genpowerGen")
    return {
        **({"status": int(genset.state)} if has_status else {}),
        **genset.record,
        **electrical,
        "genStat": int(genset.state),
        "generatorAlarmFlag": int(bool(genset.alarm)),
        "v2lModeEnable": licence,
        "v2LModeEnable": licence,
        "v2lRunState": state,
        "v2LRunState": state,
        "v2LModeCtrl": int(port.is_on),
        "opt": opt,
        "result": 0,
    }
