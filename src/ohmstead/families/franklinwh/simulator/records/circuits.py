"""The circuits' record (311) and that of newer firmware (387). All three circuits are reported even where none is fitted."""

from __future__ import annotations

from typing import Any, Final

from ohmstead.families.franklinwh.facts.codes import WorkMode
from ohmstead.families.franklinwh.simulator.plant.circuits import Circuit
from ohmstead.families.franklinwh.simulator.plant.gateway import Gateway

Json = dict[str, Any]  # Any: JSON
WITH_PORT: Final = 3
WITHOUT_PORT: Final = 14


def circuits(gateway: Gateway, *, opt: int = 0, result: int = 0) -> Json:
    """Reply to 311, in the order of a gateway's own keys."""
    settings, generator = gateway.settings, gateway.genset.record
    return {
        "result": result,
        "opt": opt,
        "order": "",
        "custom": "",
        "modeChoose": WITH_PORT if gateway.port.is_fitted else WITHOUT_PORT,
        "runingMode": settings.programme,
        "stromEn": int(settings.storm.is_enabled),
        "selfMinSoc": round(settings.reserves_pct[WorkMode.SELF_CONSUMPTION]),
        "touMinSoc": round(settings.reserves_pct[WorkMode.TIME_OF_USE]),
        "backupMaxSoc": round(settings.reserves_pct[WorkMode.EMERGENCY_BACKUP]),
        "genStartSoc": generator["genStartElec"],
        "genStopSoc": generator["genCloseElec"],
        "stopMode": 0,
        "BBBackupSoc": 0,
        "SwMerge": int(gateway.circuits.is_merged),
        **_first(gateway),
        "gridVoltCheck": 0,
        "genStat": int(gateway.genset.state),
        "CarSwConsSupEnable": int(gateway.port.is_licensed),
        "CarSwConsSupEnerge": 0,
        "CarSwConsSupStartTime": "",
        "GridChargeEn": 0,
        "v2lModeEnable": int(gateway.port.is_licensed),
        "v2lRunState": int(gateway.port.state),
    }


def _first(gateway: Gateway) -> Json:
    found: Json = {}
    for number, circuit in enumerate(gateway.circuits.all, start=1):
        is_port = number == 3 and gateway.port.is_fitted
        mode = int(gateway.port.is_on) if is_port else circuit.mode
        found |= {f"Sw{number}{name}": value for name, value in _circuit(circuit, mode).items()}
    return found


def _circuit(circuit: Circuit, mode: int) -> Json:
    return {
        "Name": circuit.name,
        "MsgType": 0,
        "SocLowSet": circuit.least_soc_pct,
        "Mode": mode,
        "ProLoad": mode,
        "AtuoEn": int(circuit.cuts_off),
        "Freq": circuit.cycle_days,
        "TimeEn": list(circuit.enabled),
        "Time": list(circuit.times),
        "TimeSet": list(circuit.set_flags),
        "LoadLimit": circuit.load_limit_a,
    }


def circuits_v2(gateway: Gateway, *, opt: int = 0) -> Json:
    """Reply to 387, newer firmware: `openAction` 2 is on, 1 off."""
    entries = []
    for number, circuit in enumerate(gateway.circuits.all, start=1):
        is_on = gateway.port.is_on if number == 3 and gateway.port.is_fitted else bool(circuit.mode)
        entries.append(
            {
                "name": circuit.name,
                "openAction": 2 if is_on else 1,
                "socThreshold": circuit.least_soc_pct,
                "schedule": None,
            }
        )
    merge = [1, 2] if gateway.circuits.is_merged else [0, 0]
    return {"opt": opt, "result": 0, "merge": merge, "smartSwitch": entries}
