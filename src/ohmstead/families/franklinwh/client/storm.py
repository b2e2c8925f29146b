"""The storm hedge: a full battery before a storm. And the weather."""

from __future__ import annotations

from typing import Any, Final

from ohmstead.families.franklinwh.client.line import Line
from ohmstead.families.franklinwh.client.results import WriteResult
from ohmstead.families.franklinwh.client.writing import write_and_confirm
from ohmstead.families.franklinwh.facts.endpoints import (
    PROGRESSING_STORMS,
    SET_ADVANCE_BACKUP,
    SET_STORM_NOTICE,
    STORM_SETTINGS,
    STORMS,
    SWITCH_STORM,
    WEATHER,
    Endpoint,
)
from ohmstead.families.franklinwh.wire.answers import Answer

ADVANCE_MIN: Final = (30, 300)
NOTICE_MIN: Final = (5, 30)

Record = dict[str, Any]  # Any: the vendor's JSON


async def get_storm_settings(line: Line, *, fresh: bool = False) -> Record:
    return (await line.call(STORM_SETTINGS, fresh=fresh)).record


async def get_storm_list(line: Line, page: int = 1, size: int = 20) -> list[Record]:
    return (await line.call(STORMS, query={"pageNum": page, "pageSize": size})).records


async def get_progressing_storm_list(line: Line) -> list[Record]:
    """Storms that are on now; none in fair weather."""
    return (await line.call(PROGRESSING_STORMS)).records


async def get_weather(line: Line) -> Record:
    return (await line.call(WEATHER)).record


async def set_storm_settings(
    line: Line,
    *,
    enable: bool | None = None,
    advance_backup_min: int | None = None,
    notice: bool | None = None,
    advance_notice_min: int | None = None,
) -> WriteResult:
    """Change what is given: the hedge itself, minutes of backup ahead (30 to 300), the notice and its minutes ahead (5
    to 30). Raises `ValueError` before anything is sent.
    """
    calls = changes(line.serial, enable, advance_backup_min, notice, advance_notice_min)
    before = await get_storm_settings(line, fresh=True)
    wanted = {
        "enableStorm": enable,
        "advanceBackupTime": advance_backup_min,
        "noticeEnable": notice,
        "advanceNoticeTime": advance_notice_min,
    }
    return await write_and_confirm(
        lambda: _sent(line, calls),
        lambda: get_storm_settings(line, fresh=True),
        {key: int(value) for key, value in wanted.items() if value is not None},
        before=before,
        limits=line.limits,
    )


def changes(
    serial: str,
    enable: bool | None,  # noqa: FBT001  # as the call above
    advance_backup_min: int | None,
    notice: bool | None,  # noqa: FBT001
    advance_notice_min: int | None,
) -> list[tuple[Endpoint, dict[str, object]]]:
    """The calls that make the change. Raises `ValueError`."""
    calls: list[tuple[Endpoint, dict[str, object]]] = []
    about: dict[str, object] = {"equipNo": serial}
    if enable is not None:
        calls.append((SWITCH_STORM, about | {"stormEn": int(enable)}))
    if advance_backup_min is not None:
        minutes = _minutes(advance_backup_min, ADVANCE_MIN, "backup ahead of a storm")
        calls.append((SET_ADVANCE_BACKUP, about | {"advanceBackupTime": minutes}))
    if advance_notice_min is not None and notice is False:
        raise ValueError("without a notice there are no minutes ahead of it")
    if notice is not None or advance_notice_min is not None:
        said = about | {"stormNoticeEn": int(notice is not False)}
        if advance_notice_min is not None:
            said["advanceTime"] = _minutes(advance_notice_min, NOTICE_MIN, "a storm's notice")
        calls.append((SET_STORM_NOTICE, said))
    if not calls:
        raise ValueError("nothing to change: give at least one of the settings")
    return calls


def _minutes(value: int, limits: tuple[int, int], what: str) -> int:
    low, high = limits
    if isinstance(value, bool) or not low <= value <= high or value != int(value):
        raise ValueError(f"{what} is {low} to {high} min, not {value!r}")
    return int(value)


async def _sent(line: Line, calls: list[tuple[Endpoint, dict[str, object]]]) -> Answer:
    for endpoint, body in calls[:-1]:
        await line.call(endpoint, body=body)
    endpoint, body = calls[-1]
    return await line.call(endpoint, body=body)
