"""The group, its short names, and the options that every command has, before its name or behind it."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from functools import wraps
from typing import Any, Final

import click

from ohmstead.families.franklinwh.client.auth import PasswordAuth
from ohmstead.families.franklinwh.client.client import Client
from ohmstead.families.franklinwh.client.results import WriteResult
from ohmstead.families.franklinwh.command_line.credentials import Asked, account, password
from ohmstead.families.franklinwh.device.actuators import outcome, reason
from ohmstead.kit.console import Group, Table, json_option, note, quantity
from ohmstead.kit.link.tls import trusting_context
from ohmstead.model import Outcome, Refused

ALIASES: Final[Mapping[str, str]] = {
    "st": "status",
    "disc": "discover",
    "acc": "accessories",
    "gen": "generator",
    "sc": "circuits",
    "energy": "history",
    "mon": "monitor",
    "net": "network",
    "snapshot": "support",
}
"""Short names that users of other tools know."""

OPTIONS: Final = (
    click.option("--email", default="", help="E-mail address of the account."),
    click.option("--gateway", default="", help="Serial number; the account's only gateway if not given."),
    click.option("--config", default="", type=click.Path(), help="A site file with the account and gateway."),
    click.option("--base-url", default="", help="Of another cloud, such as a simulator."),
    click.option("--fingerprint", default="", help="Of the one certificate to trust there."),
    click.option("--secrets-file", default="", type=click.Path(), help="With the password; mode 0600."),
    click.option("--verbose", is_flag=True, help="Tell more on stderr."),
)
"""There is none for a password: a command line is seen by others, and shells keep it."""


class Aliased(Group):
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return super().get_command(ctx, ALIASES.get(cmd_name, cmd_name))


def options(function: Callable[..., Any]) -> Callable[..., Any]:  # Any: click's own contract
    for option in reversed(OPTIONS):
        function = option(function)
    return function


@click.group(cls=Aliased)
@options
@click.pass_context
def franklinwh(ctx: click.Context, /, **said: Any) -> None:  # Any: click's own contract
    """Talk to a gateway through its owner's account.

    The password comes from OHMSTEAD_FRANKLINWH_PASSWORD, the secrets file, or a prompt.
    """
    ctx.obj = Asked(**said)


def asking(function: Callable[..., Any]) -> Callable[..., Any]:  # Any: click's own contract
    """Gives a command the options of all, as its parameter `asked`, and `--json`."""

    @wraps(function)
    def called(**given: Any) -> Any:  # Any: click's own contract
        said = Asked(**{name: given.pop(name) for name in Asked.__struct_fields__})
        ctx = click.get_current_context(silent=True)
        earlier = ctx.find_object(Asked) if ctx is not None else None
        asked = said.over(earlier or Asked())
        if asked.verbose:
            logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s")
        return function(asked=asked, **given)

    return options(json_option(called))


@asynccontextmanager
async def session(asked: Asked) -> AsyncIterator[Client]:
    whose = account(asked)
    tls = trusting_context(pinned=whose.fingerprint) if whose.fingerprint else None
    auth = PasswordAuth(whose.email, password(whose))
    async with Client(auth, whose.gateway, base_url=whose.base_url, tls=tls) as client:
        yield client


def fields(title: str, values: Mapping[str, object]) -> Table:
    """A table of two columns; nested values are left to `--json`."""
    rows = tuple((name.replace("_", " "), shown(value)) for name, value in values.items())
    return Table(title=title, columns=("Field", "Value"), rows=rows)


def shown(value: object) -> str:
    match value:
        case None | bool() | int() | float() | str():
            return quantity(value)
        case list() | tuple():
            return ", ".join(map(shown, value)) or "–"
        case _:
            return str(value)


def result_document(result: WriteResult) -> dict[str, Any]:  # Any: the vendor's JSON
    return {
        "outcome": outcome(result).value,
        "accepted": result.accepted,
        "confirmed": result.confirmed,
        "queued": result.queued,
        "mismatched": result.mismatched,
        "note": reason(result),
    }


def tell_result(what: str, result: WriteResult) -> None:
    """A sentence for a write that was confirmed; anything else ends with exit code 1 and says why."""
    became = outcome(result)
    if became in (Outcome.REFUSED, Outcome.DIFFERENT):
        raise Refused(f"{what}: {became.value}. {reason(result)}".strip())
    note(f"{what}: {became.value}{'. ' + reason(result) if reason(result) else ''}")


def tables(*found: Table) -> Callable[[], Iterable[Table]]:
    return lambda: found
