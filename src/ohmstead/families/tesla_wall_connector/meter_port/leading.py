"""A meter on its line for as long as we control the unit, and whether the unit listens to it. Experimental, opt-in."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import Final

from ohmstead.families.tesla_wall_connector.client.rest import Client
from ohmstead.families.tesla_wall_connector.config import address
from ohmstead.families.tesla_wall_connector.meter_port.meter import Meter
from ohmstead.kit.link import Dial, TaskScope, tcp
from ohmstead.model import DeviceError

log = logging.getLogger(__name__)

RECOVERY_S: Final = 30.0
"""After a fault of the line, before it is opened again."""
SEEN_EVERY_S: Final = 1.0
BAUD: Final = 115_200


class Leading:
    """Leads one unit by the figures of its meter. Until something is wanted, these leave it all that it may have."""

    def __init__(self, conductor_a: float, dial: Dial, client: Client) -> None:
        self._meter = Meter(conductor_a)
        self._meter.wanted_a = conductor_a
        self._dial = dial
        self._client = client
        self.trouble = ""
        """Why it leads nobody; empty while it has not failed."""

    @property
    def answered(self) -> int:
        """Questions of the unit."""
        return self._meter.answered

    @property
    def is_followed(self) -> bool:
        """The unit asks, and is told of its own current: both lately, or it does not count as led."""
        return self._meter.is_asked and self._meter.is_told

    def want(self, limit_a: float) -> None:
        """Below 6 A the car stops."""
        self._meter.wanted_a = limit_a

    async def run(self) -> None:
        """Until cancelled. A line that breaks, or a unit that asks nothing any more, is tried again."""
        async with TaskScope() as scope:
            scope.start(self._see())
            while True:
                try:
                    async with self._dial() as link:
                        await self._meter.serve(link)
                except DeviceError as error:
                    if str(error) != self.trouble:  # once of the same, however long it lasts
                        log.warning("the meter leads nobody: %s", error)
                    self.trouble = str(error)
                await asyncio.sleep(RECOVERY_S)

    async def _see(self) -> None:
        """Once a second, as often as the unit looks at its meter; without it the car is stopped."""
        while True:
            with contextlib.suppress(DeviceError):
                own_a = (await self._client.vitals()).vehicle_current_a
                if own_a is not None:
                    self._meter.see(own_a)
            await asyncio.sleep(SEEN_EVERY_S)


def line(where: str) -> Dial:
    """`/dev/ttyUSB0`, or HOST:PORT of an adapter that passes the line's bytes over TCP. Raises `ConfigError`."""
    if "/" not in where:
        return tcp(*address(where))
    from ohmstead.kit.link.serial import serial  # noqa: PLC0415 - not every system has one

    return serial(where, baud=BAUD)
