"""`ohmstead run`: the home that a site file describes."""

from __future__ import annotations

import logging
from pathlib import Path

import click

from ohmstead.app.faces import FACES
from ohmstead.app.serving import PORT, log_to_stderr, serving, spare_the_collector
from ohmstead.cli.parameters import PORT as PORT_TYPE
from ohmstead.cli.site_files import begun_site_file, data_directory, data_option, find_site_file
from ohmstead.gateway import read_site_file
from ohmstead.kit.console import command, stop_signal
from ohmstead.model import RealClock


@command()
@click.argument("site_file", required=False, type=click.Path(path_type=Path))
@click.option(
    "--port", type=PORT_TYPE, default=PORT, show_default=True, help="Of dashboard and API; 0: a free one."
)
@click.option(
    "--new",
    "is_new",
    is_flag=True,
    help="If there is no site file yet, begin one, to be set up in the browser.",
)
@data_option
async def run(site_file: Path | None, port: int, is_new: bool, data: Path | None) -> None:  # noqa: FBT001 - click passes by name
    """Run the home that SITE_FILE describes, until interrupted.

    Without SITE_FILE it is ./site.toml, or else ~/.config/ohmstead/site.toml. Nothing is written to a device until
    its [[device]] table says `control = true`. Ctrl-C and SIGTERM are normal endings, with exit code 0.
    """
    path = begun_site_file(site_file) if is_new else find_site_file(site_file)
    content = read_site_file(path, faces=FACES)
    log_to_stderr(logging.INFO)
    directory = data_directory(data, path)
    with stop_signal() as stop:
        async with serving(content, directory=directory, clock=RealClock(), port=port) as served:
            click.echo(
                f"{content.site.name} is at {served.url} - Ctrl-C ends it, its data are in {directory}."
            )
            if served.network_url:
                click.echo(f"Others come in with a token at {served.network_url}.")
            if served.fingerprint:
                click.echo(f"Its certificate has the fingerprint {served.fingerprint}.")
            spare_the_collector()
            await stop.wait()
