"""`ohmstead discover`: which devices there are, and the site file that has them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import click

from ohmstead.cli.proposing import proposal
from ohmstead.cli.site_files import places
from ohmstead.gateway import discover as find
from ohmstead.gateway import place_of
from ohmstead.kit.console import command, json_option, note, say
from ohmstead.kit.link.vicinity import own_networks
from ohmstead.kit.registry import LocalServices
from ohmstead.model import ConfigError, Found

NOT_FOUND: Final = (
    "Nobody answered as a device does. Is it awake, and in this network? "
    "Some take one connection only: close the vendor's app, and look again."
)


@command()
@click.option(
    "--network",
    "networks",
    multiple=True,
    metavar="CIDR",
    help="Where to look, such as 192.168.1.0/24 or 192.168.1.7:8080; may be repeated.  [default: this machine's networks]",
)
@json_option
@click.option(
    "--write",
    "into",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the proposed site file there, if there is none yet.",
)
async def discover(networks: tuple[str, ...], as_json: bool, into: Path | None) -> None:  # noqa: FBT001 - click passes by name
    """Look for devices of all families in the home network, and propose a site file with them.

    Only private networks of at most 1024 addresses are looked at. Each device is asked one question; devices that the
    site file names already are left alone. The proposal goes to stdout, and nothing is ever written over.
    """
    _require_new(into)
    looked_at = networks or own_networks()
    if not looked_at:
        raise ConfigError("this machine is in no private network.", example="--network 192.168.1.0/24")
    spared = known_places(places())
    note(f"Looking at {', '.join(looked_at)} …")
    if spared:
        note(f"Left alone, because the site file names them: {', '.join(sorted(spared))}.")
    found = await find(looked_at, LocalServices(), spared=spared)
    text = proposal(found)
    if into is not None:
        _write(into, text)
    _tell(found, text, into, as_json=as_json)


def _require_new(into: Path | None) -> None:
    """Before the search, which takes a while."""
    if into is not None and into.exists():
        raise _is_there(into)


def _write(into: Path, text: str) -> None:
    try:
        with into.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise _is_there(into) from None
    except OSError as error:
        raise ConfigError(f"cannot be written: {error.strerror}.", file=str(into)) from error


def _is_there(into: Path) -> ConfigError:
    return ConfigError("exists already, and is not written over.", file=str(into))


def known_places(site_files: Iterable[Path]) -> frozenset[str]:
    """Of the devices in the first of these files there is; whoever runs the site may be talking to them now."""
    for path in site_files:
        try:
            tables = tomllib.loads(path.read_text("utf-8")).get("device", [])
            return frozenset(place_of(str(table["url"])) for table in tables)
        except FileNotFoundError:
            continue
        except (OSError, ValueError, TypeError, KeyError):
            note(f"{path} cannot be read, so its devices may be asked too.")
            break
    return frozenset()


def _tell(found: Sequence[Found], text: str, into: Path | None, *, as_json: bool) -> None:
    if all(one.needs for one in found):
        note(NOT_FOUND)
    if as_json:
        say({"found": found, "site": text})
    elif into is None:
        click.echo(text, nl=False)
    if into is not None:
        note(f"Written: {into}. See it running: ohmstead run {into}")
