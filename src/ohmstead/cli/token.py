"""`ohmstead token`: who may come in. The same tokens open the API, its live view and the charge-point interface."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Final

import click

from ohmstead.cli.site_files import data_directory, data_option
from ohmstead.kit.console import Table, group, json_option, note, say, show
from ohmstead.kit.tokens import FILE_NAME, Scope, Token, TokenStore

NEVER: Final = "never"
SPAN: Final = re.compile(r"(\d{1,5})([hdwy])")
UNITS: Final[Mapping[str, timedelta]] = {
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "y": timedelta(days=365),
}
LONGEST: Final = timedelta(days=36_500)


class ScopesType(click.ParamType):  # type: ignore[type-arg]  # generic in new versions of click only
    name = "scopes"

    def convert(
        self, value: str | tuple[Scope, ...], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[Scope, ...]:
        if not isinstance(value, str):
            return value
        names = [name.strip() for name in value.split(",")]
        for name in names:
            if name not in list(Scope):
                self.fail(f"{name!r} is no scope; there are {', '.join(Scope)}.", param, ctx)
        return tuple(Scope(name) for name in names)


class ExpiryType(click.ParamType):  # type: ignore[type-arg]  # as above
    name = "expiry"

    def convert(
        self, value: str | timedelta | datetime, param: click.Parameter | None, ctx: click.Context | None
    ) -> str | timedelta | datetime:
        if not isinstance(value, str) or value == NEVER:
            return value
        if found := SPAN.fullmatch(value):
            return min(int(found[1]) * UNITS[found[2]], LONGEST)
        try:
            at = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is neither such as 90d or 12h, nor a date, nor {NEVER}.", param, ctx)
        if len(value) == len("2026-12-31"):
            at = datetime.combine(at, time.max)
        return at if at.tzinfo else at.astimezone()


@group()
def token() -> None:
    """Create, list and revoke access tokens.

    A token opens the API, its live view and the charge-point interface to whoever has it, as far as its scopes reach.
    """


named = click.option("--name", required=True, help="What the token is called.")


@token.command()
@named
@click.option(
    "--scope",
    "scopes",
    type=ScopesType(),
    default=Scope.READ.value,
    show_default=True,
    metavar="SCOPE[,SCOPE]",
    help="What it allows: read, control (what chargers and batteries do), admin (switching off, settings).",
)
@click.option(
    "--expires",
    type=ExpiryType(),
    default="90d",
    show_default=True,
    metavar="WHEN",
    help="90d, 12h, 8w, 1y, a date such as 2026-12-31, or never.",
)
@data_option
@json_option
def create(
    name: str,
    scopes: tuple[Scope, ...],
    expires: timedelta | datetime | str,
    data: Path | None,
    as_json: bool,  # noqa: FBT001 - click passes by name
) -> None:
    """Make a token and print it: once, here, and never again."""
    now = datetime.now(UTC)
    expires_at = now + expires if isinstance(expires, timedelta) else expires
    ends = expires_at.astimezone(UTC) if isinstance(expires_at, datetime) else None
    text = store(data).create(name, scopes, now=now, expires_at=ends)
    if as_json:
        say({"name": name, "token": text, "scopes": scopes, "expires_at": ends})
        return
    click.echo(text)
    note(
        f"Keep it now: it is not stored and cannot be shown again. It may {_listed(scopes)}, {_until(ends)}."
    )


@token.command("list")
@data_option
@json_option
def list_(data: Path | None, as_json: bool) -> None:  # noqa: FBT001 - as above
    """Say which tokens there are, without their secrets."""
    tokens = store(data).tokens()
    show({"tokens": [told(one) for one in tokens]}, lambda: [table(tokens)], as_json=as_json)


@token.command()
@named
@data_option
def revoke(name: str, data: Path | None) -> None:
    """End a token. Connections that stand lose what it allowed within a second."""
    store(data).revoke(name)
    note(f"{name} is revoked.")


def store(data: Path | None) -> TokenStore:
    return TokenStore(data_directory(data) / FILE_NAME)


def told(one: Token) -> Mapping[str, object]:
    return {
        "name": one.name,
        "scopes": one.scopes,
        "created_at": one.created_at,
        "expires_at": one.expires_at,
        "used_at": one.used_at,
    }


def table(tokens: Iterable[Token]) -> Table:
    return Table(
        columns=("name", "scopes", "created", "expires", "last used"),
        rows=tuple(
            (
                one.name,
                _listed(one.scopes),
                _moment(one.created_at),
                _moment(one.expires_at, NEVER),
                _moment(one.used_at, "never used"),
            )
            for one in tokens
        ),
        nothing="There is no token yet: see ohmstead token create --help.",
    )


def _moment(at: datetime | None, otherwise: str = "") -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M}" if at is not None else otherwise


def _listed(scopes: Iterable[Scope]) -> str:
    return ", ".join(scopes)


def _until(at: datetime | None) -> str:
    return "and never expires" if at is None else f"until {_moment(at)}"
