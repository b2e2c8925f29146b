"""Where the site file is, when the user does not say."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from ohmstead.model import ConfigError

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
        raise ConfigError(f"there is no file {given}. A site file looks like this:\n\n{EXAMPLE}")
    for place in places():
        if place.is_file():
            return place
    looked = " nor ".join(str(place) for place in places())
    raise ConfigError(
        f"there is neither {looked}. Write one of them, like this:\n\n{EXAMPLE}\n"
        "Or try `ohmstead demo`, which needs none."
    )
