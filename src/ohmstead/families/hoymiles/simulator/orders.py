"""What commands do: to the DTU at once, or to each inverter when its progress has ended. Two tables by action."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from ohmstead.families.hoymiles.actions import Action, limit_of_text
from ohmstead.families.hoymiles.identifiers import serial_text
from ohmstead.families.hoymiles.protos.command_pb2 import (
    CommandFromDtu,
    CommandStatusFromDtu,
    CommandStatusToDtu,
    CommandToDtu,
)
from ohmstead.families.hoymiles.protos.device_config_pb2 import DevConfigReportFromDtu
from ohmstead.families.hoymiles.simulator.commanding import LONGEST_S, SHORTEST_S, Effect
from ohmstead.families.hoymiles.simulator.dtu import Dtu
from ohmstead.families.hoymiles.simulator.grid_profile import RULE_GRID_PROFILE
from ohmstead.families.hoymiles.simulator.inverter import MicroInverter
from ohmstead.families.hoymiles.simulator.profiles import REFUSED
from ohmstead.kit.wire import crc16_modbus

COLLECTING_S: Final = (0.8, 1.8)
"""Asking inverters for what they know is quicker than having them write."""


class Asked(msgspec.Struct, kw_only=True):
    """What a connection remembers between requests."""

    last_action: int = Action.NONE


def command(dtu: Dtu, request: CommandToDtu, asked: Asked) -> CommandFromDtu:
    """Acceptance, not completion."""
    answer = CommandFromDtu(
        dtu_serial=dtu.serial,
        time=dtu.clock.time_s(dtu.world.at),
        action=request.action,
        transaction_id=request.transaction_id,
        error_code=_start(dtu, request),
    )
    if not answer.error_code:
        asked.last_action = request.action
    return answer


def command_status(dtu: Dtu, request: CommandStatusToDtu, _: Asked) -> CommandStatusFromDtu:
    return dtu.commanding.status(dtu.serial, dtu.clock.time_s(dtu.world.at), request.action)


def _start(dtu: Dtu, request: CommandToDtu) -> int:
    """The error code; 0 is acceptance."""
    action = request.action
    if action in dtu.profile.refuses:
        return dtu.profile.refuses[Action(action)]
    if (at_once := AT_ONCE.get(action)) is not None:
        return 0 if at_once(dtu, request) else REFUSED
    if (effect := EFFECTS.get(action)) is None:
        return REFUSED
    targets = list(request.inverter_serials) or [inverter.serial for inverter in dtu.inverters]
    if action in dtu.profile.ignores:
        effect = _nothing
    takes_s = COLLECTING_S if action in COLLECTING else (SHORTEST_S, LONGEST_S)
    bound = _bind(dtu, effect)
    dtu.commanding.accept(request, targets, bound, dtu.world.at, takes_s=takes_s)
    return 0


Doing = Callable[[Dtu, CommandToDtu, MicroInverter], bool]
"""Does it to one inverter; False: it failed there."""


def _bind(dtu: Dtu, doing: Doing) -> Effect:
    def effect(request: CommandToDtu, serial: int) -> bool:
        inverter = dtu.inverter(serial)
        return inverter is not None and doing(dtu, request, inverter)

    return effect


# --- done by each inverter -----------------------------------------------------------------------------------------------


def _limit(_: Dtu, request: CommandToDtu, inverter: MicroInverter) -> bool:
    limit_pct = limit_of_text(request.data)
    return limit_pct is not None and inverter.write_limit(limit_pct)


def _limit_for_now(_: Dtu, request: CommandToDtu, inverter: MicroInverter) -> bool:
    limit_w = temporary_limit_of_text(request.data)
    if limit_w is not None:
        inverter.temporary_w = limit_w
    return limit_w is not None


def _switch_on(dtu: Dtu, _: CommandToDtu, inverter: MicroInverter) -> bool:
    inverter.switch(dtu.world.at, is_on=True)
    return True


def _switch_off(dtu: Dtu, _: CommandToDtu, inverter: MicroInverter) -> bool:
    inverter.switch(dtu.world.at, is_on=False)
    return True


def _restart(_: Dtu, _request: CommandToDtu, inverter: MicroInverter) -> bool:
    inverter.restart()
    return True


def _prepare_alarms(dtu: Dtu, _: CommandToDtu, inverter: MicroInverter) -> bool:
    dtu.prepared.alarms |= {inverter.serial}
    return True


def _clear_alarms(_: Dtu, _request: CommandToDtu, inverter: MicroInverter) -> bool:
    inverter.alarms.clear()
    return True


def _read_grid_profile(dtu: Dtu, request: CommandToDtu, inverter: MicroInverter) -> bool:
    """A cloud gets it without asking."""
    data = dtu.grid_profiles[inverter.serial]
    dtu.news.reports.append(
        DevConfigReportFromDtu(
            time=dtu.clock.time_s(dtu.world.at),
            transaction_id=request.transaction_id,
            data=data,
            crc=crc16_modbus(data),
            dtu_serial=dtu.serial,
            device_serial=serial_text(inverter.serial),
            packet_count=1,
            rule_type=RULE_GRID_PROFILE,
        )
    )
    return True


def _self_test(dtu: Dtu, _: CommandToDtu, inverter: MicroInverter) -> bool:
    dtu.prepared.self_tests |= {inverter.serial}
    return True


def _record_wave(dtu: Dtu, _: CommandToDtu, inverter: MicroInverter) -> bool:
    dtu.news.waves.append(inverter.serial)
    return True


def _nothing(_: Dtu, _request: CommandToDtu, _inverter: MicroInverter) -> bool:
    return True


EFFECTS: Final[Mapping[int, Doing]] = MappingProxyType(
    {
        Action.POWER_LIMIT: _limit,
        Action.POWER_LIMIT_TEMPORARY: _limit_for_now,
        Action.POWER_FACTOR_LIMIT: _nothing,
        Action.REACTIVE_LIMIT: _nothing,
        Action.INVERTER_ON: _switch_on,
        Action.INVERTER_OFF: _switch_off,
        Action.LOCK: _switch_off,
        Action.UNLOCK: _switch_on,
        Action.INVERTER_REBOOT: _restart,
        Action.STORAGE_REBOOT: _restart,
        Action.CLEAR_GROUND_FAULT: _nothing,
        Action.ALARMS_ALL: _prepare_alarms,
        Action.ALARMS_ONE: _prepare_alarms,
        Action.READ_ALARM_HISTORY: _prepare_alarms,
        Action.CLEAR_ALARMS: _clear_alarms,
        Action.GRID_FILE_READ: _read_grid_profile,
        Action.SELF_TEST: _self_test,
        Action.DATA_WAVE: _record_wave,
        Action.SIGNAL_ALL: _nothing,
        Action.SIGNAL_ONE: _nothing,
    }
)
COLLECTING: Final = frozenset(
    {
        Action.ALARMS_ALL,
        Action.ALARMS_ONE,
        Action.READ_ALARM_HISTORY,
        Action.GRID_FILE_READ,
        Action.SIGNAL_ALL,
        Action.SIGNAL_ONE,
    }
)

# --- done by the DTU ---------------------------------------------------------------------------------------------------


def _poll_all(dtu: Dtu, _: CommandToDtu) -> bool:
    dtu.datasets.set_fast(is_fast=True)
    return True


def _collect_versions(dtu: Dtu, _: CommandToDtu) -> bool:
    dtu.news.is_inventory_due = True
    return True


def _abort(dtu: Dtu, _: CommandToDtu) -> bool:
    dtu.commanding.stop()
    return True


def _provision(dtu: Dtu, request: CommandToDtu) -> bool:
    dtu.provision([*request.inverters_a, *request.inverters_b, *request.inverters_c])
    return True


def _accept(_: Dtu, _request: CommandToDtu) -> bool:
    return True


AT_ONCE: Final[Mapping[int, Callable[[Dtu, CommandToDtu], bool]]] = MappingProxyType(
    {
        Action.DTU_REBOOT: _accept,  # the service sees to it, once the answer has left
        Action.DTU_UPGRADE: _accept,  # nothing is downloaded: it stays what it is
        Action.POLL_ALL: _poll_all,
        Action.POLL_ONE: _accept,
        Action.COLLECT_VERSIONS: _collect_versions,
        Action.ABORT: _abort,
        Action.PROVISION: _provision,
    }
)


def temporary_limit_of_text(text: str) -> float | None:
    """The watts a temporary limit asks for; `None` when it is no such text."""
    parts = dict(part.partition(":")[::2] for part in text.rstrip("\r\n\x00 ").split(","))
    value = parts.get("P", "")
    if parts.get("S") != "1" or not (value.isascii() and value.isdigit()) or len(value) > 6:
        return None
    return int(value) / 10 if 1 <= int(value) <= 32767 else None
