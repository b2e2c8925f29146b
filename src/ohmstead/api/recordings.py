"""Answers about recordings of what passes between us and a device, secrets blanked."""

from __future__ import annotations

from http import HTTPStatus
from typing import TypeVar

from ohmstead.api.asks import CaptureAsk, DecodedAsk, RecordAsk
from ohmstead.api.contract import Download, Nothing
from ohmstead.api.problems import Declined
from ohmstead.gateway import CaptureInfo, DecodedCapture, Gateway

T = TypeVar("T")


async def captures(gateway: Gateway, _: Nothing) -> tuple[CaptureInfo, ...]:
    return gateway.captures.all()


async def record(gateway: Gateway, ask: RecordAsk) -> CaptureInfo:
    return gateway.captures.start(ask.source, ask.duration_s)


async def stop(gateway: Gateway, ask: CaptureAsk) -> CaptureInfo:
    return _found(gateway.captures.stop(ask.id), ask.id)


async def delete(gateway: Gateway, ask: CaptureAsk) -> None:
    _found(gateway.captures.delete(ask.id) or None, ask.id)


async def file(gateway: Gateway, ask: CaptureAsk) -> Download:
    """Its id is one of ours by then, of letters that are safe in any header and on any disk."""
    content = _found(gateway.captures.content(ask.id), ask.id)
    return Download(f"{ask.id}.jsonl", "application/x-ndjson", content)


async def decoded(gateway: Gateway, ask: DecodedAsk) -> DecodedCapture:
    return _found(await gateway.captures.decoded(ask.id, ask.limit), ask.id)


def _found(found: T | None, capture: str) -> T:
    """Raises `Declined`."""
    if found is None:
        raise Declined(
            HTTPStatus.NOT_FOUND, f"There is no recording {capture!r}; /api/v1/captures lists them."
        )
    return found
