"""Operating modes and their reserves. Modes are told apart by their work mode: programme ids differ per account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from ohmstead.families.franklinwh.client.line import Line
from ohmstead.families.franklinwh.client.mode_records import ModeInfo, modes_of
from ohmstead.families.franklinwh.client.results import WriteResult
from ohmstead.families.franklinwh.client.writing import write_and_confirm
from ohmstead.families.franklinwh.errors import NotSupported
from ohmstead.families.franklinwh.facts.codes import OLD_INDEX, VPP_CODE, WORK_MODE, BackupFlag, WorkMode
from ohmstead.families.franklinwh.facts.endpoints import (
    COMPOSITE_INFO,
    PROGRAMMES,
    STORM_SETTINGS,
    UPDATE_MODE,
    UPDATE_SOC,
)
from ohmstead.families.franklinwh.wire.reading import whole
from ohmstead.model import OhmsteadError

Record = Mapping[str, Any]  # Any: the vendor's JSON

SHORTEST_MIN: Final = 30
LONGEST_MIN: Final = 4320
"""Of a timed backup; the app offers one to three days."""


class Mode(msgspec.Struct, frozen=True, kw_only=True):
    """What is active. `info` is None where no programme of the list is, as off grid or in a virtual power plant."""

    work_mode: int
    effective_mode: str
    info: ModeInfo | None
    backup_flag: int | None = None
    next_work_mode: int | None = None
    timer_end: str = ""
    """Of a timed backup, in the gateway's own zone."""


async def get_gateway_tou_list(
    line: Line, *, fresh: bool = False
) -> dict[str, Any]:  # Any: the vendor's JSON
    """The record of modes as it came."""
    return (await line.call(PROGRAMMES, query={"showType": 1}, fresh=fresh)).record


async def get_mode_info(line: Line, *, fresh: bool = False) -> tuple[ModeInfo, ...]:
    return modes_of(await get_gateway_tou_list(line, fresh=fresh))


async def get_all_mode_soc(line: Line) -> dict[int, float]:
    """Reserve in % by work mode."""
    return {mode.work_mode: mode.soc for mode in await get_mode_info(line)}


async def get_mode(line: Line, *, fresh: bool = False) -> Mode:
    record = await get_gateway_tou_list(line, fresh=fresh)
    active = next((mode for mode in modes_of(record) if mode.is_active), None)
    if active is not None:
        return _mode(record, active.work_mode, active.label, active)
    result = (await line.call(COMPOSITE_INFO, query={"refreshFlag": 1})).record
    runtime = result.get("runtimeData")
    code = whole(result.get("currentWorkMode")) or WorkMode.TIME_OF_USE
    is_vpp = isinstance(runtime, dict) and whole(runtime.get("mode")) == VPP_CODE
    return _mode(record, code, "VPP mode" if is_vpp else WORK_MODE[code], None)


async def set_mode(
    line: Line,
    mode: int,
    soc: float | None = None,
    *,
    backup_forever: bool | None = None,
    next_mode: int | None = None,
    duration_min: int | None = None,
) -> WriteResult:
    """Switch to a work mode (1 time of use, 2 self-consumption, 3 emergency backup), with its reserve in %.

    A backup lasts `duration_min` (30 to 4320) and then goes on as `next_mode`, or lasts until somebody ends it. Raises
    `ValueError` before anything is sent, `NotSupported` where the account does not have the mode.
    """
    wanted, timing = checked(mode, soc, backup_forever, next_mode, duration_min)
    is_backup = wanted is WorkMode.EMERGENCY_BACKUP
    record = await get_gateway_tou_list(line, fresh=True)
    info = _entry(record, wanted)
    reserve = {} if is_backup else {"soc": _reserve(info, info.soc if soc is None else soc)}
    storm = {} if is_backup else {"stromEn": await _storm_hedge(line)}
    query = {
        "currendId": info.id,
        **reserve,
        "oldIndex": OLD_INDEX[wanted],
        "workMode": int(wanted),
        **storm,
        "electricityType": info.electricity_type,
        **timing,
    }
    shown = {"work_mode": int(wanted)} | ({} if is_backup else {"soc": float(reserve["soc"])})
    return await write_and_confirm(
        lambda: line.call(UPDATE_MODE, query=query),
        lambda: _shown(line, None),
        shown,
        before=_view(record, None),
        limits=line.limits,
    )


async def update_soc(line: Line, soc: float, work_mode: int) -> WriteResult:
    """The reserve of a mode in %, without switching to it. Raises `ValueError` before anything is sent."""
    wanted = _work_mode(work_mode)
    record = await get_gateway_tou_list(line, fresh=True)
    info = _entry(record, wanted)
    if not info.editable:
        raise ValueError(f"the reserve of {info.label} cannot be changed")
    reserve = _reserve(info, soc)
    query = {"workMode": int(wanted), "electricityType": info.electricity_type, "soc": reserve}
    return await write_and_confirm(
        lambda: line.call(UPDATE_SOC, query=query),
        lambda: _shown(line, wanted),
        {"soc": float(reserve)},
        before=_view(record, wanted),
        limits=line.limits,
    )


def checked(
    mode: int,
    soc: float | None,
    backup_forever: bool | None,  # noqa: FBT001  # one of the five that come together
    next_mode: int | None,
    duration_min: int | None,
) -> tuple[WorkMode, dict[str, int]]:
    """The mode, and what is sent with it about the end of a backup. Raises `ValueError` for what does not go together."""
    wanted = _work_mode(mode)
    is_backup = wanted is WorkMode.EMERGENCY_BACKUP
    if is_backup and soc is not None:
        raise ValueError("emergency backup keeps 100 %; a reserve cannot be given with it")
    if soc is not None and not 0 <= soc <= 100:
        raise ValueError(f"a reserve is 0 to 100 %, not {soc!r}")
    if not is_backup and (backup_forever, next_mode, duration_min) != (None, None, None):
        raise ValueError("only emergency backup has a duration and a next mode")
    return wanted, _timing(backup_forever, next_mode, duration_min) if is_backup else {}


def _work_mode(mode: int) -> WorkMode:
    try:
        return WorkMode(mode)
    except ValueError:
        raise ValueError(
            f"a mode is 1 (time of use), 2 (self-consumption) or 3 (emergency backup), not {mode!r}"
        ) from None


def _timing(
    backup_forever: bool | None,  # noqa: FBT001  # as above
    next_mode: int | None,
    duration_min: int | None,
) -> dict[str, int]:
    following = _work_mode(WorkMode.SELF_CONSUMPTION if next_mode is None else next_mode)
    if following is WorkMode.EMERGENCY_BACKUP:
        raise ValueError("after a backup comes another mode: 1 (time of use) or 2 (self-consumption)")
    if duration_min is None:
        if backup_forever is False:
            raise ValueError("a backup that ends needs duration_min")
        return {"backupForeverFlag": int(BackupFlag.INDEFINITE), "nextWorkMode": int(following)}
    if backup_forever:
        raise ValueError("a backup either lasts or has a duration")
    if not SHORTEST_MIN <= duration_min <= LONGEST_MIN:
        raise ValueError(f"a backup lasts {SHORTEST_MIN} to {LONGEST_MIN} min, not {duration_min}")
    return {
        "backupForeverFlag": int(BackupFlag.TIMED),
        "nextWorkMode": int(following),
        "durationMinute": duration_min,
    }


def _entry(record: Record, wanted: WorkMode) -> ModeInfo:
    found = next((mode for mode in modes_of(record) if mode.work_mode == wanted), None)
    if found is None:
        raise NotSupported(f"this account has no mode {WORK_MODE[wanted]}")
    return found


def _reserve(info: ModeInfo, soc: float) -> int:
    if isinstance(soc, bool) or not info.min_soc <= soc <= info.max_soc or soc != int(soc):
        raise ValueError(
            f"the reserve of {info.label} is a whole number from {info.min_soc:g} to {info.max_soc:g} %, not {soc!r}"
        )
    return int(soc)


async def _storm_hedge(line: Line) -> int:
    """A mode write carries it along; where it cannot be read, the list of modes says it too."""
    try:
        settings = (await line.call(STORM_SETTINGS)).record
    except OhmsteadError:
        return whole((await get_gateway_tou_list(line)).get("stromEn")) or 0
    return whole(settings.get("enableStorm")) or 0


async def _shown(line: Line, work_mode: WorkMode | None) -> dict[str, object]:
    return _view(await get_gateway_tou_list(line, fresh=True), work_mode)


def _view(record: Record, work_mode: WorkMode | None) -> dict[str, object]:
    """Work mode and reserve of a mode, or of the active one."""
    for mode in modes_of(record):
        if mode.is_active if work_mode is None else mode.work_mode == work_mode:
            return {"work_mode": mode.work_mode, "soc": mode.soc}
    return {}


def _mode(record: Record, work_mode: int, label: str, info: ModeInfo | None) -> Mode:
    return Mode(
        work_mode=work_mode,
        effective_mode=label,
        info=info,
        backup_flag=whole(record.get("backupForeverFlag")),
        next_work_mode=whole(record.get("nextWorkMode")),
        timer_end=str(record.get("timerEndTime") or ""),
    )
