"""Commands about the access window: whether it is open, and keeping it so."""

from __future__ import annotations

import asyncio
from typing import Final

import click
import msgspec

from ohmstead.families.tesla_wall_connector.client.keeping import Attempt, keep_awake, verdict
from ohmstead.families.tesla_wall_connector.client.tedapi import Configurator
from ohmstead.families.tesla_wall_connector.client.web import web_session
from ohmstead.families.tesla_wall_connector.client.window import HOW_TO_OPEN
from ohmstead.families.tesla_wall_connector.commands.group import (
    ACCESS_POINT,
    configuring,
    tesla_wall_connector,
)
from ohmstead.families.tesla_wall_connector.config import address
from ohmstead.families.tesla_wall_connector.control.files import state_folder
from ohmstead.families.tesla_wall_connector.errors import HOLD_BUTTON_S, PresenceLapsed
from ohmstead.kit.console import FiniteType, Table, duration, json_option, note, show
from ohmstead.kit.keeping import FolderStore
from ohmstead.kit.link.http import LIMIT_BYTES
from ohmstead.model import RealClock, TimedOut, Unreachable

PAGE_CONNECTION_S: Final = 120.0
"""Longer than from one page to the next."""


@tesla_wall_connector.command()
@click.option("--guide", is_flag=True, help="Count down while you hold the button, and ask then.")
@ACCESS_POINT
@json_option
async def window(access_point: str, *, guide: bool, as_json: bool) -> None:
    """Say whether the access window is open, with one question, and how to open it."""
    if guide:
        await count_down()
    try:
        async with configuring(access_point) as configurator:
            await configurator.config()
    except PresenceLapsed as error:
        show(
            {"window": "closed", "reason": str(error), "how_to_open": HOW_TO_OPEN},
            lambda: [steps("The access window is closed")],
            as_json=as_json,
        )
        return
    except (Unreachable, TimedOut):
        # Its Wi-Fi is gone while nobody has held the button, or nobody has joined it.
        note(f"No unit is heard at {access_point}. {' '.join(HOW_TO_OPEN)}")
        raise
    show({"window": "open"}, lambda: [Table(columns=("Access window",), rows=(("open",),))], as_json=as_json)


@tesla_wall_connector.command(name="keep-awake")
@click.option("--for", "minutes", type=FiniteType(1, 600), default=30.0, show_default=True, metavar="MIN")
@click.option("--only-watch", is_flag=True, help="Load nothing: how long the window lasts by itself.")
@ACCESS_POINT
@json_option
async def keep_awake_command(minutes: float, access_point: str, *, only_watch: bool, as_json: bool) -> None:
    """Keep an open access window open by loading its pages as a browser does, and say how long that held.

    Three times each with pages and with --only-watch tell whether it helps on this unit's firmware.
    """
    started_at = RealClock().now()
    host, port = address(access_point)
    async with web_session(host, port, keep_alive_s=PAGE_CONNECTION_S, limit_bytes=LIMIT_BYTES) as session:
        # On the same connection: once the network is hidden, the unit takes no new ones.
        configurator = Configurator(session)
        firmware = (await configurator.system_info()).firmware_version.version
        found = await keep_awake(session, configurator, minutes * 60, is_kept=not only_watch)
        store, key = FolderStore(state_folder()), f"awake.{await configurator.din()}.{firmware}"
    attempts = (*_attempts(await store.recall(key)), msgspec.structs.replace(found, started_at=started_at))
    await store.remember(key, msgspec.json.encode(attempts).decode())
    rows = (
        ("held for", duration(found.held_s)),
        ("ended because", found.until.value),
        ("pages loaded", f"{found.pages}, failed {found.failed_pages}"),
        ("so far", verdict(attempts)),
    )
    document = {**msgspec.to_builtins(found), "verdict": verdict(attempts)}
    show(document, lambda: [Table(columns=("Field", "Value"), rows=rows)], as_json=as_json)


def _attempts(text: str | None) -> tuple[Attempt, ...]:
    """Those before. What cannot be read of them must not cost the hour that this one took."""
    try:
        return msgspec.json.decode(text or "[]", type=tuple[Attempt, ...])
    except msgspec.DecodeError as error:
        note(f"Earlier attempts cannot be read, and are counted no more: {error}")
        return ()


async def count_down() -> None:
    note(f"Hold the button on the charging handle, for {HOLD_BUTTON_S} s from now:")
    for left in range(HOLD_BUTTON_S, 0, -1):
        note(f"  {left}")
        await asyncio.sleep(1.0)
    note("Let go. Charging goes on by itself.")


def steps(title: str) -> Table:
    rows = tuple((str(number), text) for number, text in enumerate(HOW_TO_OPEN, 1))
    return Table(title=title, columns=("Step", "What to do"), rows=rows)
