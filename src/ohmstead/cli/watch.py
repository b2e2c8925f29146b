"""`ohmstead watch`: a home or a device, live in the terminal."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing, contextmanager
from typing import TYPE_CHECKING, Final

import click

from ohmstead.cli.watching import Picture, Watched, of_device, of_gateway
from ohmstead.kit.console import age, command, json_option, note, printable, quantity, say, stop_signal
from ohmstead.kit.registry import family_of_url

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

GATEWAY: Final = "http://127.0.0.1:8420"
FLOWS: Final = (
    ("solar", "solar_w"),
    ("grid", "grid_w"),
    ("battery", "battery_w"),
    ("generator", "generator_w"),
    ("home", "home_w"),
    ("chargers", "chargers_w"),
    ("vehicle port", "v2l_w"),
)
COLOURS: Final = {"good": "green", "asleep": "blue", "starting": "blue", "stale": "yellow"}


@command()
@click.argument("url", required=False)
@click.option("--gateway", default=GATEWAY, show_default=True, metavar="URL", help="The gateway to watch.")
@json_option
async def watch(url: str | None, gateway: str, as_json: bool) -> None:  # noqa: FBT001 - click passes by name
    """Watch the running gateway, or the one device behind URL, until interrupted.

    Values that are too old to count are shown with their age. With --json: one document a line, the whole picture each.
    Into a pipe or a file, and on a terminal without a screen, it writes one line of flows for each change.
    """
    if url is not None and not url.startswith(("http://", "https://")):
        family_of_url(url)
        pictures = of_device(url)
    else:
        pictures = of_gateway(url or gateway)
    with stop_signal() as stop, _shower(as_json=as_json) as show:
        await _until(stop, pictures, show)


async def _until(
    stop: asyncio.Event, pictures: AsyncIterator[Picture], show: Callable[[Picture], None]
) -> None:
    """Whichever comes first: the next picture, or the end."""

    async def draw() -> None:
        async with aclosing(pictures):  # type: ignore[type-var]  # an async generator, which has aclose
            async for picture in pictures:
                show(picture)

    async with asyncio.TaskGroup() as group:
        drawing = group.create_task(draw())
        ending = group.create_task(stop.wait())
        await asyncio.wait({drawing, ending}, return_when=asyncio.FIRST_COMPLETED)
        drawing.cancel()
        ending.cancel()


@contextmanager
def _shower(*, as_json: bool) -> Iterator[Callable[[Picture], None]]:
    if as_json:
        yield say
    elif has_screen():
        from rich.live import Live  # noqa: PLC0415 - rich is heavy, and only a terminal needs it

        with Live(screen=True, auto_refresh=False) as live:
            yield lambda picture: live.update(page(picture), refresh=True)
    else:
        yield _line


def has_screen() -> bool:
    """Whether a page can be drawn over the last one: on a terminal, and not on one that only knows lines."""
    is_terminal = sys.stdout is not None and sys.stdout.isatty()
    return is_terminal and os.environ.get("TERM", "").lower() not in ("dumb", "unknown")


def _line(picture: Picture) -> None:
    if picture.trouble:
        note(picture.trouble)
        return
    known = [(name, getattr(picture.flows, field)) for name, field in FLOWS]
    words = [f"{name} {quantity(round(watts), 'W')}" for name, watts in known if watts is not None]
    click.echo(f"{picture.at:%H:%M:%S}  {'  '.join(words)}")


def page(picture: Picture) -> RenderableType:
    """The whole screen."""
    from rich.console import Group  # noqa: PLC0415 - as above
    from rich.text import Text  # noqa: PLC0415 - as above

    head = Text(f"{printable(picture.title)}  {picture.at:%Y-%m-%d %H:%M:%S} UTC", style="bold")
    parts: list[RenderableType] = [head, _flow_table(picture), _device_table(picture)]
    if picture.trouble:
        parts.append(Text(printable(picture.trouble), style="bold red"))
    parts.append(Text("Ctrl-C ends", style="dim"))
    return Group(*parts)


def _flow_table(picture: Picture) -> Table:
    from rich.table import Table  # noqa: PLC0415 - as above

    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for name, field in FLOWS:
        watts = getattr(picture.flows, field)
        if watts is None or watts or name in ("solar", "grid", "home"):
            table.add_row(name, "–" if watts is None else quantity(round(watts), "W"), direction(name, watts))
    return table


def direction(name: str, power_w: float | None) -> str:
    """What the sign means, in words."""
    if not power_w:
        return ""
    words = {
        "grid": ("from the street", "to the street"),
        "battery": ("discharging", "charging"),
        "vehicle port": ("to what is plugged in", "from the vehicle"),
    }
    return words.get(name, ("", ""))[power_w < 0]


def _device_table(picture: Picture) -> Table:
    from rich import box  # noqa: PLC0415 - as above
    from rich.table import Table  # noqa: PLC0415 - as above
    from rich.text import Text  # noqa: PLC0415 - as above

    table = Table(box=box.SIMPLE_HEAD)
    for column in ("device", "health", "says", "last heard"):
        table.add_column(column, overflow="fold")
    for device in picture.devices:
        health = Text(device.health.replace("_", " "), style=COLOURS.get(device.health, "red"))
        heard = age(device.last_good_at, picture.at)
        table.add_row(Text(printable(device.id)), health, Text(printable(says(device))), heard)
    return table


def says(device: Watched) -> str:
    """What is worth a line: powers, a state of charge, a state; or what is wrong."""
    if device.reason:
        return device.reason
    words = []
    for reading in device.readings:
        role = str(reading.__struct_config__.tag).replace("_", " ")
        words.append(f"{role} {quantity(None if reading.power_w is None else round(reading.power_w), 'W')}")
        if (charge := getattr(reading, "soc_pct", None)) is not None:
            words.append(f"{charge:.0f} %")
        if (state := getattr(reading, "state", None)) is not None:
            words.append(str(state).replace("_", " "))
    return ", ".join(words)
