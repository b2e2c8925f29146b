"""What a charger is told over its access point: what was wanted of it last, and stored as seldom as its memory needs.

A temporary limit is told anew before it ends, and what found the access point gone is told when that comes back, within
a week: so not everything that is told was asked for just then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from ohmstead.families.tesla_wall_connector.envelope import opened
from ohmstead.families.tesla_wall_connector.protos.wc_pb2 import (
    WCAPIConfigureSettingsRequest,
    WCAPISetProvisionalOperationalParamsRequest,
)
from ohmstead.model import LIMITS_CURRENT, LimitedBy, Outcome
from tests.site.bench import Line, Written
from tests.site.judging import Given

STORED_A_DAY: Final = 24
AT_ONCE: Final = 3
THEN_EVERY_S: Final = 900.0
KEPT: Final = frozenset({LimitedBy.ACCESS_WINDOW, LimitedBy.WEAR_BUDGET})
"""Why a limit that was refused is set later."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    at_s: float
    limit_a: float
    is_stored: bool


def told(line: Line) -> list[Told]:
    """Raises `ValueError` for a call that changes anything else."""
    return [_read(write) for write in line.written]


def mistold(source: str, line: Line, given: Sequence[Given], speed: float) -> Iterator[str]:
    """Limits that nobody wanted any more, and writes to flash memory beyond what it is to bear."""
    calls = told(line)
    for call in calls:
        if call.limit_a not in (wanted := _wanted(source, given, call.at_s)):
            yield f"{source} was told {call.limit_a} A when {sorted(wanted)} A was wanted"
    stored = [call.at_s * speed for call in calls if call.is_stored]
    for count, within_s in ((STORED_A_DAY, 86_400.0), (AT_ONCE, THEN_EVERY_S)):
        for first_s, last_s in zip(stored, stored[count:], strict=False):
            if last_s - first_s < within_s:
                yield f"{source} stored {count + 1} limits within {last_s - first_s:.0f} s"


def _read(write: Written) -> Told:
    message = opened(write.data.partition(b"\r\n\r\n")[2]).message
    if isinstance(message, WCAPIConfigureSettingsRequest):
        stored_a = message.settings.max_output_current_amps
        return Told(at_s=write.at_s, limit_a=float(stored_a), is_stored=True)
    if isinstance(message, WCAPISetProvisionalOperationalParamsRequest):
        asked = message.prov_op_params
        limit_a = 0.0 if asked.inhibit_charging else float(asked.limit_current_max_amps)
        return Told(at_s=write.at_s, limit_a=limit_a, is_stored=False)
    raise ValueError(f"a gateway that limits a charger does not send this: {message!r}")


def _wanted(source: str, given: Sequence[Given], at_s: float) -> set[float]:
    """What the last order that was taken said, and orders after it that may have been; the ceiling once all is over."""
    own = [one for one in given if one.source == source and one.order.ability == LIMITS_CURRENT.name]
    wanted: set[float] = set()
    if own and all(one.ended_s < at_s for one in given):
        wanted.add(own[-1].envelope.allowed[-1].high)
    for one in reversed(own):
        if one.began_s <= at_s and one.is_allowed:
            wanted.add(one.envelope.check(one.order.value))
            if one.ended_s <= at_s and _was_taken(one):
                break
    return wanted


def _was_taken(one: Given) -> bool:
    return one.receipt.outcome is not Outcome.REFUSED or one.receipt.limited_by in KEPT
