"""A program: the demo home behind an API that lets nobody in without a token, until its input ends.

Prints where it is, with a token for everything. Its pace is let loose: whoever tests every call asks faster than people.
"""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from ohmstead.api import server
from ohmstead.api.pacing import Pace
from ohmstead.app.demo import DATA, demo_site
from ohmstead.app.faces import FACES
from ohmstead.app.home import HOMES
from ohmstead.app.serving import serving
from ohmstead.gateway import read_site_file
from ohmstead.kit.tokens import FILE_NAME, Scope, TokenStore
from ohmstead.model import ScaledClock

LOCK = "\n[api]\nloopback_scopes = []\n"


async def main(folder: Path) -> None:
    server.Pace = partial(Pace, burst=10**9, per_second=10**9)  # type: ignore[misc,assignment]
    kind = HOMES["eu"]
    clock = ScaledClock(kind.morning)
    async with demo_site(kind, clock, 1, folder) as open_site:
        path = open_site.path
        path.write_text(path.read_text() + LOCK)
        store = TokenStore(folder / DATA / FILE_NAME)
        now = datetime.now(UTC)
        token = store.create("tester", tuple(Scope), now=now, expires_at=now + timedelta(days=9000))
        site_file = read_site_file(path, faces=FACES)
        async with serving(site_file, directory=folder / DATA, clock=clock, port=0) as served:
            sys.stdout.write(json.dumps({"url": served.url, "token": token}) + "\n")
            sys.stdout.flush()
            await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    with TemporaryDirectory(prefix="ohmstead-locked-") as name:
        asyncio.run(main(Path(name)))
