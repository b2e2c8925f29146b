"""The list of modes of an account, typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from ohmstead.families.franklinwh.client.decoding import Bad, as_flag, as_number
from ohmstead.families.franklinwh.facts.codes import WORK_MODE
from ohmstead.families.franklinwh.wire.reading import whole

Record = Mapping[str, Any]  # Any: the vendor's JSON


class ModeInfo(msgspec.Struct, frozen=True, kw_only=True):
    """One mode of the account. Reserves in %."""

    id: int
    name: str
    work_mode: int
    old_index: int
    electricity_type: int
    soc: float
    min_soc: float
    max_soc: float
    editable: bool
    is_active: bool

    @property
    def label(self) -> str:
        return WORK_MODE[self.work_mode]


def modes_of(record: Record) -> tuple[ModeInfo, ...]:
    """The modes of a record; entries without id or work mode are left out."""
    current = whole(record.get("currendId"))
    listed = record.get("list")
    entries = listed if isinstance(listed, list) else []
    found = (_info(entry, current) for entry in entries if isinstance(entry, dict))
    return tuple(mode for mode in found if mode is not None)


def _info(entry: Record, current: int | None) -> ModeInfo | None:
    number, work_mode = whole(entry.get("id")), whole(entry.get("workMode"))
    if number is None or work_mode is None:
        return None
    return ModeInfo(
        id=number,
        name=str(entry.get("name") or ""),
        work_mode=work_mode,
        old_index=whole(entry.get("oldIndex")) or 0,
        electricity_type=whole(entry.get("electricityType")) or 1,
        soc=_percent(entry.get("soc"), 0.0),
        min_soc=_percent(entry.get("minSoc"), 5.0),
        max_soc=_percent(entry.get("maxSoc"), 100.0),
        editable=_is_yes(entry.get("editSocFlag")),
        is_active=number == current,
    )


def _percent(value: object, default: float) -> float:
    try:
        found = float(as_number(value))
    except Bad:
        return default
    return found if 0 <= found <= 100 else default


def _is_yes(value: object) -> bool:
    try:
        return as_flag(value)
    except Bad:
        return False
