"""Active alarms that concern the generator, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from ohmstead.families.franklinwh.facts.alarms import GENERATOR_ALARMS

CODE_KEYS: Final = ("alarmCode", "code")


class Alarm(msgspec.Struct, frozen=True, kw_only=True):
    code: str
    """Hexadecimal, as in the vendor's dictionary."""
    words: str


def alarm_code(entry: Mapping[str, Any]) -> str:
    """Upper-case hexadecimal; empty where the entry has none."""
    found = next((entry[key] for key in CODE_KEYS if entry.get(key) not in (None, "")), "")
    return str(found).upper().removeprefix("0X")


def generator_alarms(active: Iterable[Mapping[str, Any]]) -> tuple[Alarm, ...]:
    """Those of the active alarms that concern the generator. Any: entries as the cloud sends them."""
    codes = (alarm_code(entry) for entry in active)
    return tuple(Alarm(code=code, words=GENERATOR_ALARMS[code]) for code in codes if code in GENERATOR_ALARMS)
