"""The command that is a unit's meter."""

from __future__ import annotations

import click

from ohmstead.families.tesla_wall_connector.commands.group import tesla_wall_connector
from ohmstead.families.tesla_wall_connector.commands.reading import reading
from ohmstead.families.tesla_wall_connector.meter_port import Leading
from ohmstead.families.tesla_wall_connector.meter_port import line as meter_line
from ohmstead.kit.console import FiniteType, note, stop_signal
from ohmstead.kit.link import TaskScope


@tesla_wall_connector.command(name="meter-port")
@click.argument("host")
@click.argument("line", metavar="LINE")
@click.option("--limit", "limit_a", type=FiniteType(6, 200), required=True, help="The conductor limit.")
@click.option("--wanted", "wanted_a", type=FiniteType(0, 80), required=True, help="Ampere; 0 stops.")
async def meter_port(host: str, line: str, limit_a: float, wanted_a: float) -> None:
    """Be the RS485 meter of the unit at HOST, and make it take a wanted current. Experimental.

    LINE is a serial adapter, /dev/ttyUSB0, or HOST:PORT of one that passes the line's bytes over TCP (115,200 baud, 8N1).
    Runs until it is told to stop; a unit that has lost its meter then falls back as it was commissioned.
    """
    with stop_signal() as stop:
        async with reading(host) as client, TaskScope() as scope:
            meter = Leading(limit_a, meter_line(line), client)
            meter.want(wanted_a)
            scope.start(meter.run())
            note(f"the unit is shown what makes it take {wanted_a:g} A; Ctrl-C ends it")
            await stop.wait()
    note(f"answered {meter.answered} questions of the unit")
