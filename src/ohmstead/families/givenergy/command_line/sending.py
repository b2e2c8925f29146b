"""What the commands share: a plant that was detected, writes that end in a receipt, tables of what is set."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import time

import click
import msgspec

from ohmstead.families.givenergy.client import Client
from ohmstead.families.givenergy.client.writing import ACTIONS
from ohmstead.families.givenergy.config import address
from ohmstead.families.givenergy.errors import RequestRefused, StoredDifferently
from ohmstead.families.givenergy.types import Bank, TimeSlot
from ohmstead.families.givenergy.wire import ReadReply, ReadRequest, TransparentRequest, WriteRequest
from ohmstead.kit.console import Table, show
from ohmstead.model import OutcomeUnknown, Refused, TimedOut

OFF = "off"
TIMEOUT_S = 3.0
RETRIES = 2
CLOCK = frozenset(range(35, 41))
"""Goes on while we look."""


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """One register of a command."""

    register: str
    asked: int
    stored: int | None
    verified: bool


@asynccontextmanager
async def session(host: str) -> AsyncIterator[Client]:
    """Connected, and it is known what is there."""
    async with Client(*address(host)) as client:
        await client.detect()
        yield client


async def send(
    client: Client,
    requests: Sequence[TransparentRequest],
    *,
    as_json: bool,
    allow_gated: bool = False,
    dry_run: bool = False,
) -> None:
    """All gates first, then write, read back, and print the receipt. Raises `Refused` when something else is stored."""
    await client.one_shot_command(requests, allow_gated=allow_gated, dry_run=True)
    writes = [request for request in requests if isinstance(request, WriteRequest)]
    failure: StoredDifferently | None = None
    if not dry_run:
        try:
            await client.one_shot_command(writes, timeout=TIMEOUT_S, retries=RETRIES, allow_gated=allow_gated)
        except RequestRefused as error:
            raise Refused(str(error)) from error
        except StoredDifferently as error:
            failure = error
    sent = [await _seen(client, write, dry_run=dry_run) for write in writes]
    document = {"sent": not dry_run, "registers": msgspec.to_builtins(sent)}
    show(document, lambda: [receipt(sent, dry_run=dry_run)], as_json=as_json)
    if failure is not None or any(one.stored not in (None, one.asked) and not one.verified for one in sent):
        raise Refused("the device stores something else than was asked for")
    looked_at = [one for one, write in zip(sent, writes, strict=True) if write.register not in ACTIONS]
    if not dry_run and not all(one.verified for one in looked_at):
        raise OutcomeUnknown("not verified: a register could not be read back")


async def _seen(client: Client, write: WriteRequest, *, dry_run: bool) -> Sent:
    stored = None
    if not dry_run and write.register not in ACTIONS:
        ask = ReadRequest(write.device, Bank.HR, write.register, 1)
        try:
            (reply,) = await client.execute([ask], timeout=TIMEOUT_S, retries=RETRIES)
        except TimedOut:
            reply = None
        stored = reply.words[0] if isinstance(reply, ReadReply) else None
    is_same = stored == write.value or (stored is not None and write.register in CLOCK)
    return Sent(register=f"HR({write.register})", asked=write.value, stored=stored, verified=is_same)


def receipt(sent: Iterable[Sent], *, dry_run: bool) -> Table:
    rows = tuple(
        (
            one.register,
            str(one.asked),
            "–" if one.stored is None else str(one.stored),
            "not sent" if dry_run else "confirmed" if one.verified else "not verified",
        )
        for one in sent
    )
    return Table(
        title="Nothing was sent: a dry run" if dry_run else "Receipt",
        columns=("Register", "Asked", "Stored", "Outcome"),
        rows=rows,
        right=frozenset({"Asked", "Stored"}),
    )


class Times(click.ParamType[TimeSlot | None]):
    """A slot, as `01:15-05:45`, or `off`."""

    name = "times"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> TimeSlot | None:
        if isinstance(value, TimeSlot) or value == OFF:
            return value if isinstance(value, TimeSlot) else None
        try:
            start, end = (time.fromisoformat(part.strip()) for part in str(value).split("-"))
        except ValueError:
            self.fail(f"{value!r} is no slot; write 01:15-05:45, or {OFF}", param, ctx)
        return TimeSlot(start, end)


def shown(slot: TimeSlot | None) -> str:
    """A slot that is not set begins and ends at midnight."""
    if slot is None or slot.start == slot.end:
        return OFF
    return f"{slot.start:%H:%M}-{slot.end:%H:%M}"
