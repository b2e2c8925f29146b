"""Switching the vehicle port, which nobody has yet been seen to do but the vendor's app. Two ways to try stand behind one
call, and neither is proved: `ohmstead franklinwh v2l verify` finds out which one a capture of the app proves.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final, Literal

from ohmstead.families.franklinwh.circuits.control import get_smart_circuits_info
from ohmstead.families.franklinwh.circuits.writing import switched
from ohmstead.families.franklinwh.client.line import Line
from ohmstead.families.franklinwh.client.readings import Stats
from ohmstead.families.franklinwh.client.results import WriteResult
from ohmstead.families.franklinwh.client.stats import get_stats
from ohmstead.families.franklinwh.client.writing import write_and_confirm
from ohmstead.families.franklinwh.discovery.discover import discover
from ohmstead.families.franklinwh.discovery.snapshot import DeviceSnapshot
from ohmstead.families.franklinwh.errors import NotSupported
from ohmstead.families.franklinwh.facts.commands import CIRCUITS
from ohmstead.families.franklinwh.facts.endpoints import UPDATE_GENERATOR
from ohmstead.families.franklinwh.generator.control import get_generator_info
from ohmstead.families.franklinwh.v2l.eligibility import Eligibility, Reason
from ohmstead.families.franklinwh.v2l.readiness import Failing, Situation, failing_checks

log = logging.getLogger(__name__)

PORT: Final = 3
"""The circuit that is the vehicle port."""
KNOWN_FOR: Final = timedelta(seconds=60)
"""How long what was read still proves a failing check."""

Way = Literal["circuit3", "generator"]
Require = Literal["cached"] | bool
"""True: read what has to hold, and check it. "cached": check what is known from the last minute, without a call."""


async def check_v2l_ready(line: Line) -> tuple[Failing, ...]:
    """What is in the way of switching the port on; empty: nothing. Reads live data, and who is there if need be."""
    if not _is_recent(line, line.state.snapshot_at):
        await discover(line)
    return failing_checks(_situation(line.state.snapshot, await get_stats(line)))


async def set_v2l_mode(
    line: Line,
    *,
    enable: bool,
    via: Way = "circuit3",
    require_ready: Require = "cached",
) -> WriteResult:
    """Speculative. Switch vehicle-to-load, and say truthfully in `confirmed` whether the gateway shows it afterwards.

    Raises `NotSupported` where a check is known to fail; switching off is never held back. `via` "circuit3" switches the
    third smart circuit, "generator" writes `v2LModeCtrl` of the generator's record.
    """
    if via not in ("circuit3", "generator"):
        raise ValueError(f'via is "circuit3" or "generator", not {via!r}')
    if enable and require_ready is not False:
        await _require_ready(line, is_read=require_ready is True)
    log.warning(
        "set_v2l_mode(%s, via=%s) is speculative: nobody has verified this command on V2L hardware",
        enable,
        via,
    )
    return await (
        _through_circuit(line, enable=enable)
        if via == "circuit3"
        else _through_generator(line, enable=enable)
    )


def known_situation(line: Line) -> Situation:
    """From the last minute; what is older, or was read before our last write, is not known."""
    state = line.state
    snapshot = state.snapshot if _is_recent(line, state.snapshot_at) else None
    is_overtaken = state.stats_at is None or (
        state.written_at is not None and state.stats_at <= state.written_at
    )
    return _situation(
        snapshot, state.stats if _is_recent(line, state.stats_at) and not is_overtaken else None
    )


def _situation(snapshot: DeviceSnapshot | None, stats: Stats | None) -> Situation:
    return Situation(
        eligibility=_eligibility(snapshot) if snapshot else None,
        is_licensed=stats.current.v2l_enabled == 1 if stats else None,
        grid=stats.current.grid_connection_state if stats else None,
        generator_state=stats.current.generator_status if stats else None,
    )


async def _require_ready(line: Line, *, is_read: bool) -> None:
    failing = await check_v2l_ready(line) if is_read else failing_checks(known_situation(line))
    if failing:
        raise NotSupported("; ".join(check.message for check in failing))


async def _through_circuit(line: Line, *, enable: bool) -> WriteResult:
    before = await get_smart_circuits_info(line, fresh=True)
    sent = switched(before, PORT, on=enable)
    return await write_and_confirm(
        lambda: line.tunnel(CIRCUITS, sent, is_write=True),
        lambda: get_smart_circuits_info(line, fresh=True),
        {"Sw3Mode": int(enable)},
        limits=line.limits,
        before=before,
    )


async def _through_generator(line: Line, *, enable: bool) -> WriteResult:
    body = {"gatewayId": line.serial, "v2LModeCtrl": int(enable), "opt": 1}
    return await write_and_confirm(
        lambda: line.call(UPDATE_GENERATOR, body=body),
        lambda: get_generator_info(line, fresh=True),
        {"v2LModeCtrl": int(enable)},
        limits=line.limits,
    )


def _eligibility(snapshot: DeviceSnapshot) -> Eligibility:
    flags = snapshot.flags
    return Eligibility(eligible=flags.v2l_eligible, reason=Reason(flags.v2l_reason), note=flags.v2l_note)


def _is_recent(line: Line, at: datetime | None) -> bool:
    return at is not None and line.clock.now() - at < KNOWN_FOR
