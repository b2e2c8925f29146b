"""What the gateway does with each tunnel command: a table from number to reply."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from ohmstead.families.franklinwh.facts import commands
from ohmstead.families.franklinwh.facts.codes import MessageKind
from ohmstead.families.franklinwh.simulator.cloud.calls import denied, timed_out
from ohmstead.families.franklinwh.simulator.cloud.reads import Asked
from ohmstead.families.franklinwh.simulator.cloud.told import V2lControl
from ohmstead.families.franklinwh.simulator.cloud.writes import switch_port
from ohmstead.families.franklinwh.simulator.plant.circuits import COUNT, Circuit
from ohmstead.families.franklinwh.simulator.plant.genset import is_number
from ohmstead.families.franklinwh.simulator.records import circuits, metering, surroundings

Json = dict[str, Any]  # Any: JSON
Discards = Callable[[str], bool]
"""Whether a write of that kind is acknowledged and not done."""
Reply = Callable[[Asked, Json, Discards], Json]
REFUSED: Final = 1
READ_ONLY: Final = frozenset({"modeChoose", "result"})
"""Keys of the circuits' record that clients leave out when they write it."""
CONFIGURED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "AtuoEn": "cuts_off",
        "SocLowSet": "least_soc_pct",
        "Freq": "cycle_days",
        "TimeEn": "enabled",
        "Time": "times",
        "TimeSet": "set_flags",
        "LoadLimit": "load_limit_a",
    }
)
VEHICLE_PORT: Final = 3


def _status(asked: Asked, _payload: Json, _discards: Discards) -> Json:
    return {"opt": 1, "result": 0, **asked.station.live()["runtimeData"]}


def _power(asked: Asked, payload: Json, _discards: Discards) -> Json:
    kind = payload.get("type", 1)
    if kind == 1:
        return metering.electrical(asked.gateway)
    found = metering.pack(asked.gateway, str(payload.get("fhpSn")), kind)
    if found is None:
        raise timed_out()
    return found


def _circuits(asked: Asked, payload: Json, discards: Discards) -> Json:
    if asked.options.wants_accessories and not asked.gateway.circuits.is_fitted:
        raise denied()
    if payload.get("opt") != 1:
        return circuits.circuits(asked.gateway)
    known = set(circuits.circuits(asked.gateway)) - READ_ONLY
    if asked.options.wants_whole_records and not known <= set(payload):
        return {"opt": 1, "result": REFUSED, "reason": commands.REFUSED_PARTIAL}
    taken = [_circuit(asked, payload, number, discards) for number in range(1, COUNT + 1)]
    return circuits.circuits(asked.gateway, opt=1, result=0 if all(taken) else REFUSED)


def _circuit(asked: Asked, payload: Json, number: int, discards: Discards) -> bool:
    """Do what a record says of one circuit; a change under the wrong kind of message is dropped. Whether it was taken."""
    kind = payload.get(f"Sw{number}MsgType", MessageKind.NONE)
    is_port = number == VEHICLE_PORT and asked.gateway.port.is_fitted
    if kind == MessageKind.NONE or discards("v2l" if is_port else "circuits"):
        return True
    mode = payload.get(f"Sw{number}Mode")
    if kind == MessageKind.SWITCH and mode in (0, 1):
        if is_port:
            return _port(asked, is_on=bool(mode))
        if asked.gateway.circuits.is_fitted and (number < VEHICLE_PORT or asked.options.has_third_circuit):
            asked.gateway.circuits.switch(number, is_on=bool(mode))
    elif kind == MessageKind.CONFIGURATION:
        _configure(asked.gateway.circuits.all[number - 1], payload, number)
    return True


def _port(asked: Asked, *, is_on: bool) -> bool:
    if asked.options.v2l_control is V2lControl.GENERATOR:
        return True
    return switch_port(asked, is_on=is_on) or asked.options.acknowledges_v2l


def _configure(circuit: Circuit, payload: Json, number: int) -> None:
    """Values of another type than the gateway's own are dropped."""
    for key, name in CONFIGURED.items():
        value, own = payload.get(f"Sw{number}{key}"), getattr(circuit, name)
        if isinstance(own, list):
            if isinstance(value, list) and list(map(type, value)) == list(map(type, own)):
                setattr(circuit, name, value)
        elif is_number(value):
            setattr(circuit, name, bool(value) if isinstance(own, bool) else value)


def _metering(asked: Asked, _payload: Json, _discards: Discards) -> Json:
    return metering.metering(asked.gateway, is_unsigned=asked.options.is_v2l_unsigned)


def _circuits_v2(asked: Asked, payload: Json, discards: Discards) -> Json:
    _needs_new_firmware(asked)
    entries = payload.get("smartSwitch")
    if payload.get("opt") == 1 and isinstance(entries, list) and not discards("circuits"):
        for number, entry in enumerate(entries[:COUNT], start=1):
            _open(asked, number, entry if isinstance(entry, dict) else {})
    return circuits.circuits_v2(asked.gateway, opt=int(payload.get("opt") == 1))


def _open(asked: Asked, number: int, entry: Json) -> None:
    action = entry.get("openAction")
    if action not in (1, 2):
        return
    if number == VEHICLE_PORT and asked.gateway.port.is_fitted:
        _port(asked, is_on=action == 2)
    else:
        asked.gateway.circuits.switch(number, is_on=action == 2)


def _metering_v2(asked: Asked, _payload: Json, _discards: Discards) -> Json:
    _needs_new_firmware(asked)
    return metering.metering_v2(asked.gateway)


def _needs_new_firmware(asked: Asked) -> None:
    if not asked.options.has_circuits_v2:
        raise denied()


def _lights(asked: Asked, payload: Json, discards: Discards) -> Json:
    leds = asked.station.leds
    if payload.get("opt") == 1 and not discards("leds"):
        leds.update({key: value for key, value in payload.items() if key not in ("opt", "result")})
    return {"opt": payload.get("opt", 0), "result": 0, **leds}


def _wifi(asked: Asked, payload: Json, _discards: Discards) -> Json:
    wifi = asked.station.wifi
    if payload.get("opt") == 1:
        wifi.update({key: value for key, value in payload.items() if key in wifi})
    return {"opt": payload.get("opt", 0), "result": 0, **wifi}


def _scan(asked: Asked, payload: Json, _discards: Discards) -> Json:
    station, now_s = asked.station, asyncio.get_running_loop().time()
    if payload.get("wifi_ScanTime"):
        station.scan_due_s = now_s + commands.SCAN_S * asked.options.latency_scale
    is_done = station.scan_due_s is not None and now_s >= station.scan_due_s
    return surroundings.scan() if is_done else {"opt": 1, "result": 1, "reason": commands.STILL_WORKING}


def _refused(_asked: Asked, payload: Json, _discards: Discards) -> Json:
    return {"opt": payload.get("opt", 0), "result": REFUSED}


REPLIES: Final[Mapping[int, Reply]] = MappingProxyType(
    {
        commands.STATUS.number: _status,
        commands.POWER.number: _power,
        commands.CIRCUITS.number: _circuits,
        commands.CONTROL.number: _refused,
        commands.INTERFACES.number: lambda *_: {"num": 1, "commSetPara": surroundings.interfaces()},
        commands.LEDS.number: _lights,
        commands.WIFI_SCAN.number: _scan,
        commands.WIFI.number: _wifi,
        commands.REACHABILITY.number: lambda *_: surroundings.reachability(),
        commands.SWITCHES.number: lambda *_: surroundings.switches(),
        commands.METERING.number: _metering,
        commands.CIRCUITS_V2.number: _circuits_v2,
        commands.METERING_V2.number: _metering_v2,
    }
)
