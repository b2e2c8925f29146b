"""The discipline of a write: send it once, then look whether it is there. An acknowledgement proves nothing: gateways
have been seen to acknowledge and drop.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import msgspec

from ohmstead.families.franklinwh.client.decoding import Bad, as_number
from ohmstead.families.franklinwh.client.limits import Limits
from ohmstead.families.franklinwh.client.results import WriteResult
from ohmstead.families.franklinwh.errors import DeviceTimeout
from ohmstead.families.franklinwh.wire.answers import Answer
from ohmstead.families.franklinwh.wire.reading import whole
from ohmstead.model import ConnectionLost, OhmsteadError, OutcomeUnknown, TimedOut

log = logging.getLogger(__name__)

Record = Mapping[str, Any]  # Any: the vendor's JSON
Send = Callable[[], Awaitable[Answer | Record]]
Read = Callable[[], Awaitable[Record]]

UNANSWERED: Final = (TimedOut, ConnectionLost, DeviceTimeout)
"""After these nobody knows whether the write arrived, so it is looked up and never sent again."""
NOTHING: Final[Record] = {}
DEFAULT: Final = Limits()


class _Seen(msgspec.Struct, frozen=True):
    record: Record | None
    """None: it could not be read."""
    mismatched: tuple[str, ...]


async def write_and_confirm(
    send: Send,
    read: Read,
    wanted: Record,
    *,
    before: Record = NOTHING,
    mismatches: Callable[[Record], tuple[str, ...]] | None = None,
    limits: Limits = DEFAULT,
) -> WriteResult:
    """Send once and read back until `wanted` shows, at most for as long as `limits.read_back_s` says. `mismatches` tells
    the fields that are not as wanted, where comparing each key of `wanted` will not do.

    Raises what refuses the write, and `OutcomeUnknown` when neither an answer nor a look tells what became of it.
    """
    missing = mismatches or (lambda record: mismatched(wanted, record))
    try:
        answer = await send()
    except UNANSWERED as error:
        return await _after_silence(error, read, missing, limits, before)
    raw = _raw(answer)
    if isinstance(answer, Answer) and answer.is_queued:
        return WriteResult(accepted=True, confirmed=None, queued=True, before=before, raw=raw)
    if whole(raw.get("result")) not in {None, 0}:
        return _result(
            await _look(read, missing), before, raw, "the gateway refused the write", accepted=False
        )
    seen = await _until_there(read, missing, limits)
    if seen.mismatched:
        log.warning("a write was acknowledged but does not show: %s", ", ".join(seen.mismatched))
    return _result(seen, before, raw, "", accepted=True)


def mismatched(wanted: Record, record: Record) -> tuple[str, ...]:
    """The keys of `wanted` that the record shows differently; numbers and their texts are the same."""
    return tuple(key for key, value in wanted.items() if not _same(value, record.get(key)))


def _same(wanted: object, found: object) -> bool:
    if isinstance(wanted, (list, tuple)) and isinstance(found, (list, tuple)):
        return list(wanted) == list(found)
    try:
        return as_number(wanted) == as_number(found)
    except Bad:
        return wanted == found


async def _after_silence(
    error: OhmsteadError,
    read: Read,
    missing: Callable[[Record], tuple[str, ...]],
    limits: Limits,
    before: Record,
) -> WriteResult:
    seen = await _until_there(read, missing, limits)
    if seen.record is None:
        raise OutcomeUnknown(
            "the write was sent, no answer came, and it could not be read back; look before asking again."
        ) from error
    arrived = not seen.mismatched
    note = "no answer came; reading back shows it " + ("arrived" if arrived else "did not arrive")
    return _result(seen, before, NOTHING, note, accepted=arrived)


async def _until_there(read: Read, missing: Callable[[Record], tuple[str, ...]], limits: Limits) -> _Seen:
    seen = _Seen(None, ())
    for wait_s in limits.read_back_s:
        await asyncio.sleep(wait_s)
        latest = await _look(read, missing)
        if latest.record is not None:
            seen = latest
            if not seen.mismatched:
                break
    return seen


async def _look(read: Read, missing: Callable[[Record], tuple[str, ...]]) -> _Seen:
    try:
        record = await read()
    except OhmsteadError as error:
        log.warning("a write could not be read back: %s", error)
        return _Seen(None, ())
    return _Seen(record, missing(record))


def _result(seen: _Seen, before: Record, raw: Record, note: str, *, accepted: bool) -> WriteResult:
    return WriteResult(
        accepted=accepted,
        confirmed=None if seen.record is None else not seen.mismatched,
        before=before,
        after=seen.record or NOTHING,
        mismatched=seen.mismatched,
        raw=raw,
        note=note,
    )


def _raw(answer: Answer | Record) -> Record:
    if not isinstance(answer, Answer):
        return answer
    return answer.result if isinstance(answer.result, Mapping) else NOTHING
