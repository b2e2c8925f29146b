"""A whole site on warped time: simulated devices, the line to each of them, and a gateway that knows none of that.

Everything comes from one seed: what fails once, fails again.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from enum import Enum
from pathlib import Path
from random import Random
from typing import cast

import msgspec

from ohmstead.app.demo import keep_secrets
from ohmstead.app.faces import FACES
from ohmstead.app.home import Home, Placed, site_text
from ohmstead.gateway import Gateway, SiteFile, open_gateway, read_site_file
from ohmstead.kit.link import Link, TaskScope, listen, tcp
from ohmstead.kit.link.listen import TcpListener
from ohmstead.kit.registry import family, load
from ohmstead.kit.world import Household, World
from ohmstead.model import Clock, OhmsteadError, Simulator, Tap
from tests.site.hearing import only_asks


class Written(msgspec.Struct, frozen=True, kw_only=True):
    at_s: float
    """On the loop's clock."""
    data: bytes


class Answered(Enum):
    """How a request that may change something is answered."""

    AS_EVER = "as ever"
    NEVER = "never"
    BY_A_CUT = "by a cut"


class Line:
    """The wire between the gateway and one device: what is on it passes, unless somebody meddles."""

    def __init__(self, family: str, port: int, random: Random) -> None:
        self.family = family
        self.is_silent = False
        """Everything is accepted and nothing passes."""
        self.answered: Answered = Answered.AS_EVER
        """What becomes of answers from the next request on that may change something."""
        self.flips = 0.0
        """Share of the device's messages in which one bit is turned."""
        self.dialled = 0
        self.asked_bytes = 0
        self.written: list[Written] = []
        """Requests that came through to the device and did not only ask."""
        self.moved_at_s: list[float] = []
        """When its device got another address, on the loop's clock."""
        self.listener: TcpListener
        self._port = port
        self._random = random

    @asynccontextmanager
    async def open(self) -> AsyncIterator[int]:
        async with listen(self._serve, "127.0.0.1", 0) as listener:
            self.listener = cast(TcpListener, listener)  # which can be told another address
            yield listener.port

    async def move(self, host: str) -> None:
        """To another address, at the port it has: what stands breaks off, and nobody is at the old one."""
        await self.listener.pause()
        self.listener.drop()
        self.listener.host = host
        await self.listener.resume()
        self.moved_at_s.append(asyncio.get_running_loop().time())

    async def refuse(self, for_s: float) -> None:
        """As a device without power: what stands breaks off, and nobody gets in."""
        await self.listener.pause()
        self.listener.drop()
        try:
            await asyncio.sleep(for_s)
        finally:
            await self.listener.resume()

    async def silence(self, for_s: float) -> None:
        self.is_silent = True
        try:
            await asyncio.sleep(for_s)
        finally:
            self.is_silent = False
            self.listener.drop()  # what was lost on the way cannot be made up for

    async def _serve(self, near: Link) -> None:
        self.dialled += 1
        with suppress(OhmsteadError):
            async with tcp("127.0.0.1", self._port)() as far, TaskScope() as scope:
                scope.start(self._back(far, near))
                while data := await near.receive():
                    self.asked_bytes += len(data)
                    if not self.is_silent:
                        is_change = self._note(data)
                        await far.send(data)
                        if is_change and self.answered is Answered.BY_A_CUT:
                            self.listener.drop()

    def _note(self, data: bytes) -> bool:
        """Whether it may change something."""
        is_change = not only_asks(self.family, data)
        if is_change:
            self.written.append(Written(at_s=asyncio.get_running_loop().time(), data=data))
        return is_change

    async def _back(self, far: Link, near: Link) -> None:
        with suppress(OhmsteadError):
            while data := await far.receive():
                if self._random.random() < self.flips:
                    at, bit = self._random.randrange(len(data)), 1 << self._random.randrange(8)
                    data = data[:at] + bytes([data[at] ^ bit]) + data[at + 1 :]
                is_lost = self.answered is Answered.NEVER and bool(self.written)
                if not self.is_silent and not is_lost:
                    await near.send(data)
        await near.close()


class Bench:
    """A simulated home with a line to each device, and the site file that leads through those lines."""

    def __init__(self, home: Home, directory: Path, clock: Clock, seed: int) -> None:
        self.clock = clock
        self.random = Random(seed)
        self.simulators: dict[str, Simulator] = {}
        self.lines: dict[str, Line] = {}
        self.access_points: dict[str, Line] = {}
        """Of chargers that are told their limits over a network of their own."""
        self.site_file: SiteFile
        self.world = World(
            clock,
            seed=seed,
            place=home.place,
            nominal_voltage_v=home.nominal_voltage_v,
            nominal_frequency_hz=home.nominal_frequency_hz,
        )
        self.world.attach("household", Household(home.place, seed=seed))
        self._home = home
        self._directory = directory

    def open(self, taps: Mapping[str, Tap] | None = None) -> AbstractAsyncContextManager[Gateway]:
        return open_gateway(
            self.site_file,
            directory=self._directory / "data",
            clock=self.clock,
            threads=False,
            taps=taps,
        )

    @asynccontextmanager
    async def running(self, *, control: bool) -> AsyncIterator[Bench]:
        secrets: dict[str, str] = {}
        async with AsyncExitStack() as stack, TaskScope() as scope:
            urls = {
                placed.options.name: await self._add(stack, placed, secrets) for placed in self._home.devices
            }
            scope.start(self.world.run())
            text = site_text(self._home, urls)
            path = self._directory / "site.toml"
            path.write_text(text if control else text.replace("control = true\n", ""))
            keep_secrets(self._directory / "data", secrets)
            self.site_file = read_site_file(path, faces=FACES)
            yield self

    async def _add(self, stack: AsyncExitStack, placed: Placed, secrets: dict[str, str]) -> str:
        card, name = family(placed.family), placed.options.name
        simulator = await stack.enter_async_context(load(card.simulate)(placed.options, self.world))
        self.simulators[name] = simulator
        account, secret = simulator.ready.get("account"), simulator.ready.get("secret")
        if account and secret:
            secrets[f"{card.name}/{account}"] = secret
        port = next(iter(simulator.endpoints.values()))
        said = simulator.ready.get("url") or f"{card.schemes[0]}://127.0.0.1:{port}"
        lines = {port: self.lines}
        if "ap" in simulator.endpoints:
            lines[simulator.endpoints["ap"]] = self.access_points
        for behind, kind in lines.items():
            line = kind[name] = Line(card.name, behind, self.random)
            front = await stack.enter_async_context(line.open())
            said = re.sub(rf":{behind}\b", f":{front}", said, count=1)
        return said


def bench(
    home: Home, directory: Path, clock: Clock, *, seed: int = 1, control: bool = False
) -> AbstractAsyncContextManager[Bench]:
    """`control`: whether the owner lets the gateway write."""
    return Bench(home, directory, clock, seed).running(control=control)


def only(home: Home, *names: str) -> Home:
    """The home with these devices alone; where none of a role's masters is among them, all of them count."""
    masters = {
        role: tuple(name for name in counting if name in names)
        for role, counting in home.masters.items()
        if not counting or set(counting) & set(names)
    }
    devices = tuple(placed for placed in home.devices if placed.options.name in names)
    return msgspec.structs.replace(home, devices=devices, masters=masters)


def alone(home: Home, name: str, **extras: str) -> Home:
    """The home with this device, whose simulator is told so."""
    home = only(home, name)
    (placed,) = home.devices
    options = msgspec.structs.replace(placed.options, extras={**placed.options.extras, **extras})
    return msgspec.structs.replace(home, devices=(msgspec.structs.replace(placed, options=options),))
