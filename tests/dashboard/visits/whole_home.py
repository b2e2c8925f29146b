"""The demo home with all five families, in which a minute passes each second."""

from __future__ import annotations

from contextlib import AsyncExitStack

from served_home import ServedHome

from ohmstead.api import Served
from ohmstead.app.demo import DATA, demo_site
from ohmstead.app.home import HOMES
from ohmstead.app.serving import serving
from ohmstead.model import ScaledClock


class WholeHome(ServedHome):
    async def open(self, stack: AsyncExitStack) -> Served:
        kind = HOMES["eu"]
        clock = ScaledClock(kind.morning, 60)
        site_file = await stack.enter_async_context(demo_site(kind, clock, 1, self.directory))
        directory = site_file.path.with_name(DATA)
        opened = serving(site_file, directory=directory, clock=clock, port=self.port)
        return await stack.enter_async_context(opened)
