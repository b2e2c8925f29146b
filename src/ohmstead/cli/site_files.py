"""Where the site file is, when the user does not say."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import click

from ohmstead.cli.proposing import proposal
from ohmstead.kit.files import replace_file
from ohmstead.model import ConfigError

DATA: Final = ".ohmstead"
"""The gateway's data folder, beside its site file."""

EXAMPLE: Final = """[site]
name = "Home"
time_zone = "Europe/Berlin"

[[device]]
name = "roof"
url = "hoymiles://192.0.2.7"
"""


def places() -> tuple[Path, ...]:
    """Where a site file is looked for, in this order."""
    config = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path("site.toml"), Path(config) / "ohmstead" / "site.toml"


def find_site_file(given: Path | None) -> Path:
    """The file that was given, or the first one there is. Raises `ConfigError` that shows how to write one."""
    if given is not None:
        if given.is_file():
            return given
        if given.is_dir():
            raise ConfigError(f"{given} is a folder, not a site file.", example=str(given / "site.toml"))
        raise ConfigError(f"there is no file {given}. A site file looks like this:\n\n{EXAMPLE}")
    for place in places():
        if place.is_file():
            return place
    looked = " nor ".join(str(place) for place in places())
    raise ConfigError(
        f"there is neither {looked}. Write one of them, like this:\n\n{EXAMPLE}\n"
        "`ohmstead discover` proposes one; `ohmstead run --new` begins one and sets it up in the browser. "
        "Or try `ohmstead demo`, which needs none."
    )


def begun_site_file(given: Path | None) -> Path:
    """The file there is, or a new one without devices: the one given, or ./site.toml. Raises `ConfigError`."""
    found = (
        given if given is not None else next((place for place in places() if place.is_file()), places()[0])
    )
    if not found.exists():
        try:
            found.parent.mkdir(parents=True, exist_ok=True)
            replace_file(found, proposal(()).encode())
        except OSError as error:
            raise ConfigError(f"cannot begin a site file: {error.strerror}.", file=str(found)) from error
    return find_site_file(found)


data_option = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help=f"The folder with the gateway's data.  [default: {DATA} beside the site file]",
)


def data_directory(given: Path | None, site_file: Path | None = None) -> Path:
    """The folder that was given, or the one beside the site file, which need not exist yet."""
    if given is not None:
        return given
    if site_file is None:
        site_file = next((place for place in places() if place.is_file()), places()[0])
    return site_file.absolute().parent / DATA
