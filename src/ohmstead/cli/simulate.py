"""`ohmstead simulate FAMILY`: be a device, on the real wire."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import click
import msgspec

from ohmstead.cli.control import serve_control
from ohmstead.cli.parameters import FAULT, INSTANT, PORT, SPEED
from ohmstead.kit.console import Command, say, stop_signal
from ohmstead.kit.registry import families, load
from ohmstead.kit.world import World
from ohmstead.model import Clock, Extra, Family, Fault, RealClock, ScaledClock, Simulator, SimulatorOptions


class Simulators(click.Group):
    """One subcommand for each family, with the options of its card."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(families())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return simulator_command(families()[cmd_name]) if cmd_name in families() else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in families():
            raise click.UsageError(
                f"no family is called {args[0]!r}; there are {', '.join(families())}.", ctx
            )
        return super().resolve_command(ctx, args)


@click.group(cls=Simulators, options_metavar="", subcommand_metavar="FAMILY [OPTIONS]")
def simulate() -> None:
    """Be a device of FAMILY on a real socket, until interrupted.

    Prints one JSON line when it is listening: where, and on which ports.
    """


class Launch(msgspec.Struct, frozen=True, kw_only=True):
    """What the options every simulator has come to."""

    options: SimulatorOptions
    speed: float
    at: datetime | None
    control: int | None

    def clock(self) -> Clock:
        if self.at is None and self.speed == 1:
            return RealClock()
        return ScaledClock(self.at or datetime.now(UTC), self.speed)


def simulator_command(card: Family) -> Command:
    return Command(
        card.name,
        callback=lambda **given: start(card, **given),
        params=[*common_options(card), *(extra_option(extra) for extra in card.extras)],
        short_help=card.title,
        help=f"Be a device of this family until interrupted: {card.title}.",
    )


def common_options(card: Family) -> list[click.Parameter]:
    model = click.Choice(card.models)
    return [
        click.Option(["--model"], type=model, help="What to be; the first if not given."),
        click.Option(["--host"], default="127.0.0.1", show_default=True, help="Address to listen on."),
        click.Option(["--port"], type=PORT, default=0, help="Main port; a free one if not given."),
        click.Option(["--seed"], default=1, show_default=True, help="The same seed makes the same day."),
        click.Option(["--speed"], type=SPEED, default=1.0, show_default=True, help="Simulated s per second."),
        click.Option(
            ["--at"], type=INSTANT, help="ISO instant to start at, UTC without a zone; now if not given."
        ),
        click.Option(
            ["--fault", "faults"], type=FAULT, multiple=True, metavar="NAME[:K=V,…]", help="Misbehave."
        ),
        click.Option(["--from", "capture"], default="", metavar="CAPTURE", help="Start from a recording."),
        click.Option(
            ["--control"], type=PORT, help="Port of the HTTP/JSON control interface; 0: a free one."
        ),
        click.Option(["--list-models"], is_flag=True, help="Print the models, one a line, and end."),
    ]


def extra_option(extra: Extra) -> click.Option:
    name = f"--{extra.name}"
    if extra.flag:
        return click.Option([name], is_flag=True, help=extra.help)
    kind = click.Choice(extra.choices) if extra.choices else click.STRING
    return click.Option([name], type=kind, default=extra.default, help=extra.help)


def start(
    card: Family,
    *,
    list_models: bool,
    model: str | None,
    host: str,
    port: int,
    seed: int,
    faults: tuple[Fault, ...],
    capture: str,
    speed: float,
    at: datetime | None,
    control: int | None,
    **extras: str | bool,
) -> Any:  # Any: click's contract; an awaitable, unless only the models are asked for
    if list_models:
        return click.echo("\n".join(card.models))
    options = SimulatorOptions(
        model=model or "",
        host=host,
        port=port,
        seed=seed,
        faults=faults,
        capture=capture,
        extras={name.replace("_", "-"): extra_text(value) for name, value in extras.items() if value},
    )
    return be(card, Launch(options=options, speed=speed, at=at, control=control))


def extra_text(value: str | bool) -> str:  # noqa: FBT001 - a flag's value
    return "true" if value is True else str(value)


async def be(card: Family, launch: Launch) -> None:
    with stop_signal() as stop:
        async with simulating(card, launch) as simulator:
            if launch.control is None:
                await announce(card, launch, simulator, None, stop)
            else:
                async with serve_control(simulator, launch.control) as port:
                    await announce(card, launch, simulator, port, stop)


@asynccontextmanager
async def simulating(card: Family, launch: Launch) -> AsyncIterator[Simulator]:
    """A simulator in a world of its own, in which time passes."""
    world = World(launch.clock(), seed=launch.options.seed)
    async with load(card.simulate)(launch.options, world) as simulator, asyncio.TaskGroup() as tasks:
        passing = tasks.create_task(world.run())
        yield simulator
        passing.cancel()


async def announce(
    card: Family, launch: Launch, simulator: Simulator, control: int | None, stop: asyncio.Event
) -> None:
    """Print the ready line, whose keys scripts rely on, and wait for the end."""
    ready: dict[str, object] = {
        "event": "ready",
        "family": card.name,
        "host": launch.options.host,
        "port": next(iter(simulator.endpoints.values())),
        "endpoints": simulator.endpoints,
        "control": control,
    }
    say({**simulator.ready, **ready})
    await stop.wait()
