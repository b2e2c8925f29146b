"""`ohmstead demo`: a simulated home, read over the real wire, in the browser."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import click

from ohmstead.app.browser import open_browser
from ohmstead.app.faces import FACES
from ohmstead.app.home import HOMES, Home, secrets_text, simulated, site_text
from ohmstead.app.serving import PORT, log_to_stderr, require_free, serving, spare_the_collector
from ohmstead.cli.parameters import PORT as PORT_TYPE
from ohmstead.cli.parameters import SPEED
from ohmstead.gateway import SiteFile, read_site_file
from ohmstead.gateway.secrets import FILE_NAME
from ohmstead.kit.console import command, stop_signal
from ohmstead.model import Clock, ScaledClock

DATA: Final = "data"
"""Beside the site file: what the gateway records, and its secrets."""


@command()
@click.option(
    "--port", type=PORT_TYPE, default=PORT, show_default=True, help="Of the dashboard; 0: a free one."
)
@click.option(
    "--home", type=click.Choice(list(HOMES)), default="eu", show_default=True, help="Where it stands."
)
@click.option("--speed", type=SPEED, default=60.0, show_default=True, help="Simulated seconds per second.")
@click.option("--seed", default=1, show_default=True, help="The same seed makes the same weather.")
@click.option("--no-browser", is_flag=True, help="Only print the address.")
async def demo(port: int, home: str, speed: float, seed: int, no_browser: bool) -> None:  # noqa: FBT001 - click passes by name
    """Show a simulated home in the browser. It needs no hardware, no account and no network.

    It is a morning in June, and a minute passes each second. Nothing is kept: everything it recorded is gone when it
    ends. Ctrl-C and SIGTERM are normal endings, with exit code 0.
    """
    await require_free(port)
    log_to_stderr(logging.WARNING)
    kind = HOMES[home]
    clock = ScaledClock(kind.morning, speed)
    with stop_signal() as stop, TemporaryDirectory(prefix="ohmstead-demo-") as folder:
        rpc_port = port + 1 if port else 0
        async with demo_site(kind, clock, seed, Path(folder), rpc_port=rpc_port) as site_file:
            directory = site_file.path.with_name(DATA)
            async with serving(site_file, directory=directory, clock=clock, port=port) as served:
                click.echo(f"Your demo home is at {served.url} - Ctrl-C ends it.")
                if rpc_port:
                    click.echo(
                        f"Its chargers are one EVerest charge point at everest://127.0.0.1:{rpc_port}."
                    )
                if not no_browser:
                    await open_browser(served.url)
                spare_the_collector()
                await stop.wait()


@asynccontextmanager
async def demo_site(
    home: Home, clock: Clock, seed: int, folder: Path, *, rpc_port: int = 0
) -> AsyncIterator[SiteFile]:
    """The simulated devices, and the site file that finds them."""
    secrets: dict[str, str] = {}
    async with simulated(home, clock, seed, secrets) as urls:
        path = folder / "site.toml"
        keep_secrets(folder / DATA, secrets)
        path.write_text(site_text(home, urls, rpc_port=rpc_port), encoding="utf-8")
        yield read_site_file(path, faces=FACES)


def keep_secrets(directory: Path, secrets: Mapping[str, str]) -> None:
    """Where the gateway looks for them, for its owner's eyes only."""
    directory.mkdir(exist_ok=True)
    file = directory / FILE_NAME
    file.touch(mode=0o600)
    file.write_text(secrets_text(secrets), encoding="utf-8")
