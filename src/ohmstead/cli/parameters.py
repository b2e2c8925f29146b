"""Kinds of command-line values that click does not know."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import click

from ohmstead.kit.console import FiniteType
from ohmstead.model import Fault

PORT: Final = click.IntRange(0, 65_535)
FIRST: Final = datetime(1970, 1, 2, tzinfo=UTC)
LAST: Final = datetime(2100, 1, 1, tzinfo=UTC)


class InstantType(click.ParamType):  # type: ignore[type-arg]  # generic in new versions of click only
    name = "instant"

    def convert(
        self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            at = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no instant; write it like 2026-06-21T09:00:00+02:00.", param, ctx)
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        if not FIRST <= at < LAST:
            self.fail(f"{value!r} is to lie between the years {FIRST.year} and {LAST.year}.", param, ctx)
        return at


class FaultType(click.ParamType):  # type: ignore[type-arg]  # as above
    name = "fault"

    def convert(self, value: str | Fault, param: click.Parameter | None, ctx: click.Context | None) -> Fault:
        if isinstance(value, Fault):
            return value
        name, _, listed = value.partition(":")
        pairs = [pair.partition("=") for pair in listed.split(",") if pair]
        if not name or not all(key and separator for key, separator, _ in pairs):
            self.fail(f"{value!r} is no fault; write it like F6:delay_s=15,times=3.", param, ctx)
        return Fault(name, {key: text for key, _, text in pairs})


POSITIVE: Final = FiniteType(min=0, min_open=True)
SPEED: Final = FiniteType(min=0, min_open=True, max=86_400)
"""A day each second: beyond that no machine keeps up with the simulated home."""
INSTANT: Final = InstantType()
FAULT: Final = FaultType()
