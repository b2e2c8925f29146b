"""What writing calls do: a table from path to the kind of write and its doing. Everything is checked before anything is changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final

import msgspec

from ohmstead.families.franklinwh.facts import endpoints as to
from ohmstead.families.franklinwh.facts.body_codes import BodyCode
from ohmstead.families.franklinwh.facts.codes import BackupFlag, ExportMode, WorkMode
from ohmstead.families.franklinwh.simulator.cloud.calls import Call, Refusal
from ohmstead.families.franklinwh.simulator.cloud.reads import Asked
from ohmstead.families.franklinwh.simulator.cloud.told import V2lControl
from ohmstead.families.franklinwh.simulator.plant import tariff
from ohmstead.families.franklinwh.simulator.records import generator
from ohmstead.families.franklinwh.simulator.records.modes import LEAST_PCT, MOST_PCT

Json = dict[str, Any]  # Any: JSON
Do = Callable[[], object]
"""The change itself; what it returns is the result."""
DURATION_MIN: Final = range(30, 4321)
LEAST_KW: Final = 0.1
DISCARDED: Final = object()


class Write(msgspec.Struct, frozen=True):
    kind: str
    prepare: Callable[[Asked], Do]
    """Checks the call, raising `Refusal`."""
    waits: bool = False
    """Queued while the gateway is away, instead of refused."""


def _bad(what: str) -> Refusal:
    return Refusal(BodyCode.BAD_REQUEST, what)


def _work_mode(call: Call, name: str = "workMode") -> WorkMode:
    number = call.whole(name)
    if number not in set(WorkMode):
        raise _bad(f"{name} {number} cannot be set")
    return WorkMode(number)


def _reserve_pct(call: Call) -> float:
    soc_pct = call.number("soc")
    if not LEAST_PCT <= soc_pct <= MOST_PCT:
        raise _bad(f"soc lies in {LEAST_PCT:g} to {MOST_PCT:g}")
    return soc_pct


def _mode(asked: Asked) -> Do:
    """All in the query; every key but those of backup has to be there."""
    asked.call.text("electricityType")
    return _any_mode(asked)


def _any_mode(asked: Asked) -> Do:
    """The oldest client sends a form, without some keys."""
    call, gateway, station = asked.call, asked.gateway, asked.station
    mode, programme = _work_mode(call), call.whole("currendId")
    call.text("oldIndex")
    is_backup = mode is WorkMode.EMERGENCY_BACKUP
    reserve_pct = None if is_backup or call.value("soc") is None else _reserve_pct(call)
    flag = call.whole("backupForeverFlag") if call.value("backupForeverFlag") else BackupFlag.INDEFINITE
    lasts_min = _duration_min(call) if is_backup and flag == BackupFlag.TIMED else None
    then = _work_mode(call, "nextWorkMode") if is_backup and call.value("nextWorkMode") else None

    def do() -> Json:
        if reserve_pct is not None:
            gateway.settings.reserves_pct[mode] = reserve_pct
        until = None if lasts_min is None else gateway.world.at + timedelta(minutes=lasts_min)
        gateway.set_mode(mode, programme=programme, until=until, then=then)
        gateway.settings.backup_flag = flag if is_backup else gateway.settings.backup_flag
        station.mode_sent()
        return {"tariffSettingFlag": True}

    return do


def _duration_min(call: Call) -> int:
    minutes = call.whole("durationMinute")
    if minutes not in DURATION_MIN:
        raise _bad("durationMinute lies in 30 to 4320")
    return minutes


def _reserve(asked: Asked) -> Do:
    mode, soc_pct = _work_mode(asked.call), _reserve_pct(asked.call)
    asked.call.text("electricityType")
    if mode is WorkMode.EMERGENCY_BACKUP:
        raise _bad("soc of this mode cannot be edited")
    return lambda: asked.gateway.settings.reserves_pct.update({mode: soc_pct})


def _off_grid(asked: Asked) -> Do:
    wanted, floor_pct = asked.call.whole("offgridSet"), asked.call.number("offgridSoc")
    gateway = asked.gateway
    if wanted and gateway.packs.soc_pct < floor_pct:
        raise _bad("SOC is too low to go off grid")

    def do() -> None:
        if wanted:
            gateway.leave_grid(floor_pct)
        else:
            gateway.islanding.withdraw()

    return do


def _generator(asked: Asked) -> Do:
    """Merges the keys it is sent and answers the whole record."""
    values = {key: value for key, value in asked.call.body.items() if key not in ("gatewayId", "lang")}
    gateway, options = asked.gateway, asked.options

    def do() -> Json:
        control = values.pop("v2LModeCtrl", None)
        if control is not None and options.v2l_control is not V2lControl.CIRCUIT:
            switch_port(asked, is_on=bool(control))
        gateway.genset.write({key: value for key, value in values.items() if key != "opt"})
        opt = values.get("opt")
        return generator.generator(
            gateway, has_status=options.has_status, opt=opt if isinstance(opt, int) else 0
        )

    return do


def switch_port(asked: Asked, *, is_on: bool) -> bool:
    """The vehicle port; whether it is now as wanted."""
    gateway = asked.gateway
    if is_on:
        return gateway.port.switch_on(is_generator_idle=gateway.genset.is_idle)
    gateway.port.switch_off()
    return True


_LIMITS: Final = {
    "globalGridDischargeMax": "grid_discharge_kw",
    "globalGridChargeMax": "grid_charge_kw",
    "gridFeedMax": "feed_kw",
    "gridMax": "import_kw",
}


def _power(asked: Asked) -> Do:
    """-1 is no limit, 0 not allowed, anything else at least 0.1 kW."""
    call, limits = asked.call, asked.gateway.settings.limits
    told = {own: call.number(name) for name, own in _LIMITS.items() if call.value(name) is not None}
    for name, kilowatts in told.items():
        if kilowatts not in (-1.0, 0.0) and kilowatts < LEAST_KW:
            raise _bad(f"{name} is -1, 0 or at least 0.1")
    if call.value("gridFeedMaxFlag") is not None:
        flag = call.whole("gridFeedMaxFlag")
        if flag not in set(ExportMode):
            raise _bad("gridFeedMaxFlag is 1, 2 or 3")
        told["feed_flag"] = flag

    def do() -> Json:
        for name, value in told.items():
            setattr(limits, name, value)
        return {"powerControlTipMsg": None}

    return do


def _storm(name: str, own: str, least: int, most: int) -> Callable[[Asked], Do]:
    """A write of one of the storm hedge's settings."""

    def prepare(asked: Asked) -> Do:
        value, storm = asked.call.whole(name), asked.gateway.settings.storm
        if not least <= value <= most:
            raise _bad(f"{name} lies in {least} to {most}")
        return lambda: setattr(storm, own, bool(value) if most == 1 else value)

    return prepare


def _storm_notice(asked: Asked) -> Do:
    is_noticed, storm = asked.call.whole("stormNoticeEn"), asked.gateway.settings.storm
    minutes = asked.call.whole("advanceTime") if asked.call.value("advanceTime") else storm.notice_min
    if not 5 <= minutes <= 30:
        raise _bad("advanceTime lies in 5 to 30")

    def do() -> None:
        storm.is_noticed, storm.notice_min = bool(is_noticed), minutes

    return do


def _tariff(asked: Asked) -> Do:
    body = dict(asked.call.body)
    try:
        tariff.compiled(body)
        document = tariff.saved(body, asked.station.serial)
    except (tariff.Unusable, AttributeError, TypeError) as error:
        raise _bad(f"strategyList: {error}") from None

    def do() -> Json:
        asked.gateway.save_plan(document)
        return {"id": document["template"]["id"]}

    return do


def _ignored(_: Asked) -> Do:
    return lambda: None


WRITES: Final[Mapping[str, Write]] = MappingProxyType(
    {
        to.UPDATE_MODE.path: Write("mode", _mode, waits=True),
        to.LEGACY_UPDATE_MODE.path: Write("mode", _any_mode, waits=True),
        to.UPDATE_SOC.path: Write("reserve", _reserve, waits=True),
        to.UPDATE_OFF_GRID.path: Write("off-grid", _off_grid),
        to.UPDATE_GENERATOR.path: Write("generator", _generator),
        to.SET_POWER_CONTROL.path: Write("power", _power),
        to.SET_POWER_CONTROL_V2.path: Write("power", _power),
        to.SWITCH_STORM.path: Write("storm", _storm("stormEn", "is_enabled", 0, 1)),
        to.SET_ADVANCE_BACKUP.path: Write("storm", _storm("advanceBackupTime", "backup_min", 30, 300)),
        to.SET_STORM_NOTICE.path: Write("storm", _storm_notice),
        to.SAVE_DISPATCH.path: Write("tariff", _tariff),
    }
)
OTHER: Final = Write("other", _ignored)
"""Writes nobody depends on: acknowledged, and that is all."""


def write_of(call: Call) -> Write:
    return WRITES.get(call.endpoint.path, OTHER)
