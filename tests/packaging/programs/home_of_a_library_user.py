"""What a program does that only imports Ohmstead: it reads a simulated device of each family, and opens gateway and API.

Prints what it read, and which libraries of an extra were loaded.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from urllib.request import urlopen

from ohmstead import api
from ohmstead.gateway import SiteFile, open_gateway
from ohmstead.kit.registry import config_from_table, families
from ohmstead.kit.tokens import FILE_NAME, Gate, TokenStore
from ohmstead.model import Family, RealClock
from ohmstead.testing import run
from ohmstead.testing.contract.bench import connected, read_once, simulated
from ohmstead.testing.contract.promise import Subject

PLAIN: Final = {"franklinwh": {"plain": "true"}}
"""Its simulator makes a certificate otherwise."""
EXTRAS: Final = ("aiomqtt", "click", "cryptography", "fastcrc", "pyarrow", "rich", "tomlkit", "tzdata")
PATIENCE_S: Final = 60.0


async def read(card: Family) -> list[str]:
    """The roles a device of the family has."""
    subject = Subject(card, card.models[0])
    async with (
        simulated(subject, extras=PLAIN.get(card.name, {})) as home,
        connected(subject, home.url, home.clock) as source,
    ):
        sample = await read_once(source)
    return sorted({type(reading).__name__ for reading in sample.readings})


async def served() -> Mapping[str, Any]:  # Any: JSON
    """What the API says of a gateway that has an inverter."""
    card, clock = families()["hoymiles"], RealClock()
    with TemporaryDirectory() as folder:
        directory = Path(folder)
        async with simulated(Subject(card, card.models[0])) as home:
            device = config_from_table({"url": home.url, "name": "roof"})
            site_file = SiteFile(path=directory / "site.toml", devices=(device,))
            gate = Gate(TokenStore(directory / FILE_NAME), clock)
            async with (
                open_gateway(site_file, directory=directory, clock=clock) as gateway,
                api.serve(gateway, gate=gate, directory=directory) as doors,
                asyncio.timeout(PATIENCE_S),
            ):
                while (state := await asyncio.to_thread(fetched, doors.url))["flows"]["solar_w"] is None:
                    await asyncio.sleep(0.1)
    return state


def fetched(url: str) -> Any:  # Any: JSON
    with urlopen(f"{url}/api/v1/state") as answer:  # noqa: S310 - our own address
        return json.load(answer)


def main() -> None:
    readings = {card.name: run(read(card)) for card in families().values()}
    state = asyncio.run(served())
    loaded = [name for name in EXTRAS if name in sys.modules]
    print(json.dumps({"readings": readings, "solar_w": state["flows"]["solar_w"], "loaded": loaded}))  # noqa: T201 - its answer


if __name__ == "__main__":
    main()
