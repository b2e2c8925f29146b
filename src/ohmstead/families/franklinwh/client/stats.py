"""`get_stats`: one call for what changes, a few kept ones for what hardly does, and the difference between the gateway's
own answer and what the cloud remembers of it.

The cloud answers from its store when the gateway is silent for five seconds. Such an answer may be hours old, carries
four of its energies in Wh instead of kWh, and mixes values of different age, so that charge and totals jump back. By
default the last live answer is told again instead, marked as stale.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec

from ohmstead.families.franklinwh.client import fitted, plans
from ohmstead.families.franklinwh.client.decoding import Decoded, decode
from ohmstead.families.franklinwh.client.grid import grid_connection_state
from ohmstead.families.franklinwh.client.line import Line
from ohmstead.families.franklinwh.client.readings import Current, Stats, Totals
from ohmstead.families.franklinwh.client.tariffs import told, zone
from ohmstead.families.franklinwh.client.today import advanced
from ohmstead.families.franklinwh.errors import GatewayOffline, PermissionDenied, RateLimited
from ohmstead.families.franklinwh.facts.codes import RUN_STATUS, VPP_CODE, WORK_MODE, ReportType
from ohmstead.families.franklinwh.facts.commands import METERING, POWER
from ohmstead.families.franklinwh.facts.endpoints import COMPOSITE_INFO, OFF_GRID
from ohmstead.families.franklinwh.wire.reading import whole
from ohmstead.model import OhmsteadError

log = logging.getLogger(__name__)

Record = Mapping[str, Any]  # Any: the vendor's JSON

FLOWS: Final = {
    "gridChBat": "kwh_uti_in",
    "soOutGrid": "kwh_uti_out",
    "soChBat": "kwh_sun",
    "batOutGrid": "kwh_fhp_di",
}
"""Energies that stored answers carry in Wh, each with the daily total it is part of."""
WH_FROM: Final = 200.0
WH_TIMES: Final = 20.0
"""Without a report type: a flow above 200 and 20 times its total is in Wh."""

REST_REFUSED: Final = timedelta(minutes=5)
"""What is not provisioned now may be after the installer's visit."""
V2L_COUNTERS: Final = ("v2l_export", "v2l_import")
FIRST_S: Final = datetime(2015, 1, 1, tzinfo=UTC).timestamp()
DAY_S: Final = 86_400.0


async def get_stats(
    line: Line, *, include_electrical: bool = False, keep_stored: bool = False, hide_offline: bool = False
) -> Stats:
    """`include_electrical` reads voltages and relays too, which later calls repeat. `keep_stored` tells stored answers as
    they are. Raises `GatewayOffline`, unless `hide_offline` wants the last live answer then too, and what a call raises,
    but never because of the electrical read.
    """
    if include_electrical:
        await _read_electrical(line)
    try:
        answer = await line.call(COMPOSITE_INFO, query={"refreshFlag": 1})
    except RateLimited:
        return _again(line, "rate_limited")
    except GatewayOffline:
        if not hide_offline:
            raise
        return _again(line, "gateway_offline")
    result = answer.result
    if not isinstance(result, dict) or not isinstance(result.get("runtimeData"), dict):
        return _again(line, "empty_payload")
    stats = await _told(line, result)
    if stats.is_stale:
        last = line.state.stats
        return stats if keep_stored or last is None else _stale(last, stats.stale_reason)
    line.state.stats, line.state.stats_at = stats, line.clock.now()
    return stats


def is_stored(runtime: Record) -> bool:
    """Whether the four flows are in Wh."""
    kind = whole(runtime.get("report_type"))
    if kind is not None:
        return kind == ReportType.STORED
    for flow, total in FLOWS.items():
        value, whole_of = runtime.get(flow), runtime.get(total)
        if (
            isinstance(value, (int, float))
            and value > WH_FROM
            and isinstance(whole_of, (int, float))
            and value > WH_TIMES * whole_of
        ):
            return True
    return False


async def _told(line: Line, result: Record) -> Stats:
    runtime = result["runtimeData"]
    solar = result.get("solarHaveVo")
    solar = solar if isinstance(solar, dict) else {}
    stored = is_stored(runtime)
    hardware = await fitted.fitted(line, runtime)
    if hardware.has_metering:
        await _read_metering(line)
    now = decode(plans.STORED_RUNTIME if stored else plans.RUNTIME, runtime)
    said = {key: value for key in plans.SOLAR_KEYS if (value := runtime.get(key)) is not None}
    _merge(now, decode(plans.SOLAR, solar | said))
    _merge(now, decode(plans.RESULT, result))
    _merge(now, line.state.electrical)
    _merge(now, line.state.metering_now)
    today = decode(plans.TODAY, runtime)
    _merge(today, line.state.metering_totals)
    await _count_today(line, today.values)
    if hardware.is_car_port_a_circuit:
        now.values.setdefault("switch_3_load", now.values.get("v2l_use", 0.0))
    await _derive(line, now, result)
    stamp_s = whole(runtime.get("timestamp")) or 0
    is_stale = stored or stamp_s != 0
    return Stats(
        current=Current(**now.values),
        totals=Totals(**today.values),
        is_stale=is_stale,
        stale_reason="stored_answer" if is_stale else "",
        sample_time=_instant(stamp_s, line.clock.now()) if stamp_s else line.clock.now(),
        raw=result,
        missing=frozenset(now.missing | today.missing),
        bad=now.bad | today.bad,
    )


async def _derive(line: Line, now: Decoded, result: Record) -> None:
    """What several fields say together."""
    values = now.values
    if "current.generator_enabled" in now.missing:
        values["generator_enabled"] = await fitted.generator_enabled(line)
    mode = values.setdefault("work_mode", 1)
    values["work_mode_desc"] = WORK_MODE[mode]
    values["run_status_desc"] = RUN_STATUS[values.get("run_status", 0)]
    is_vpp = VPP_CODE in {values.get("run_status"), values.get("tou_mode")}
    values["effective_mode"] = RUN_STATUS[VPP_CODE] if is_vpp else WORK_MODE[mode]
    alarms = result.get("currentAlarmVOList")
    values["alarms"] = alarms if isinstance(alarms, list) else []
    values["alarms_count"] = len(values["alarms"])
    values["electrical_time"] = line.state.electrical_at
    if line.state.plan:
        values |= told(line.state.plan, line.clock.now().astimezone(line.state.zone))
    values["grid_connection_state"] = await grid_connection_state(
        is_not_grid_tied=await fitted.is_not_grid_tied(line),
        off_grid_flag=values.get("offgrid_flag", 0),
        grid_relay=values.get("grid_relay1", 1),
        off_grid_reason=values.get("offgrid_reason"),
        is_requested=lambda: _is_requested(line),
    )


async def _is_requested(line: Line) -> bool:
    try:
        status = (await line.call(OFF_GRID, query={"type": 0})).record
    except OhmsteadError as error:
        log.warning("whether being off grid was requested could not be read: %s", error)
        return False
    return whole(status.get("offgridState")) == 1


async def _read_metering(line: Line) -> None:
    now = line.clock.now()
    if line.state.is_resting(METERING.about, now):
        return
    try:
        record = await line.tunnel(METERING)
    except OhmsteadError as error:
        log.warning("the metering of circuits could not be read; the last one stays: %s", error)
        is_refused = isinstance(error, PermissionDenied)
        line.state.rest(METERING.about, now + (REST_REFUSED if is_refused else fitted.REST))
        return
    if record is not line.state.metering:
        line.state.metering = record
        line.state.metering_now = decode(plans.METERING_NOW, record)
        line.state.metering_totals = decode(plans.METERING_TOTALS, record)


async def _count_today(line: Line, totals: dict[str, Any]) -> None:  # Any: each attribute's own type
    if not line.state.metering:
        return
    day = line.clock.now().astimezone(await zone(line)).date()
    for name in V2L_COUNTERS:
        if name in totals:
            book = advanced(line.state.today.get(name), day, totals[name])
            line.state.today[name] = book
            totals[f"{name}_today"] = book.counted


async def _read_electrical(line: Line) -> None:
    try:
        line.state.electrical = decode(plans.ELECTRICAL, await line.tunnel(POWER, fresh=True))
        line.state.electrical_at = line.clock.now()
    except OhmsteadError as error:
        log.warning("voltages and relays could not be read; the last ones stay: %s", error)


def _merge(into: Decoded, part: Decoded) -> None:
    into.values.update(part.values)
    into.missing.update(part.missing)
    into.bad.update(part.bad)


def _again(line: Line, reason: str) -> Stats:
    return _stale(line.state.stats or Stats(), reason)


def _stale(stats: Stats, reason: str) -> Stats:
    return msgspec.structs.replace(stats, is_stale=True, stale_reason=reason)


def _instant(stamp_s: int, now: datetime) -> datetime | None:
    """None for a stamp of a clock that was not set: before there were gateways, or later than tomorrow."""
    if not FIRST_S < stamp_s < now.timestamp() + DAY_S:
        return None
    return datetime.fromtimestamp(stamp_s, UTC)
