"""Kinds of command-line values that click does not know."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import click

from ohmstead.model import Fault

PORT: Final = click.IntRange(0, 65_535)
SPEED: Final = click.FloatRange(min=0, min_open=True)


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
        return at if at.tzinfo else at.replace(tzinfo=UTC)


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


INSTANT: Final = InstantType()
FAULT: Final = FaultType()
