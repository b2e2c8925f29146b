"""Our end of the meter port: a meter whose figures make the unit take the current that is wanted. Experimental.

Nobody documents this; two published programs do it. It wears no memory, needs no access window, and can stop a car.
"""

from __future__ import annotations

import asyncio
from typing import Final

from ohmstead.families.tesla_wall_connector.meter_port.frames import Request, encode_reply, requests
from ohmstead.families.tesla_wall_connector.meter_port.law import LEAST_A, ramped_a, shown_a
from ohmstead.families.tesla_wall_connector.meter_port.registers import CURRENTS, Figures, answer, registers
from ohmstead.kit.link import Link
from ohmstead.kit.wire import Frame
from ohmstead.model import TimedOut

STALE_S: Final = 15.0
"""An own current that is older says nothing: what is shown then stops the car."""
SILENT_S: Final = 8.0
"""A unit asks about once a second; one that does not for so long has gone."""
GRACE_S: Final = 60.0
"""It takes its time after power-up."""
LEAST_LED_A: Final = 6.5
"""What the car takes is known a second late, and so wrong by some tenths: led to just 6 A, it would stop again and again."""
JUMP_A: Final = 2.0
"""More than a second's step: the car has done something of its own."""
TAKES_ALL_A: Final = 1.0
"""A car so close below what it may take, takes it."""
MOST_A: Final = 100.0
"""No unit draws more; a figure above it, or none at all, is an error of the unit."""
NOMINAL_V: Final = 230.0


class Meter:
    """Serves one unit. `limit_a` is the conductor limit that was set at commissioning: the law needs it exactly."""

    def __init__(self, limit_a: float) -> None:
        self.limit_a = limit_a
        self.wanted_a = 0.0
        """Below 6 A the car stops."""
        self.answered = 0
        self._asked_at_s = float("-inf")
        self._own_a = 0.0
        self._own_at_s = float("-inf")
        self._takes_all = False
        self._led_a = 0.0
        self._led_at_s = float("-inf")

    @property
    def is_asked(self) -> bool:
        """The unit takes this for its meter."""
        return self._now_s() - self._asked_at_s <= SILENT_S

    @property
    def is_told(self) -> bool:
        """What the unit draws is known well enough to lead it."""
        return self._now_s() - self._own_at_s <= STALE_S

    def see(self, own_a: float) -> None:
        """What the unit itself measures, from its REST interface. Best once a second. What cannot be is passed over: it
        would stay in the figures that follow, and from 10^39 on no register holds it.
        """
        if not abs(own_a) <= MOST_A:
            return
        gap_a = own_a - self._own_a
        # It is a second old, in which the unit has moved on: taken at its word, both would swing about each other.
        self._own_a += gap_a if abs(gap_a) > JUMP_A else gap_a / 3
        self._takes_all = own_a >= self._led_a - TAKES_ALL_A
        self._own_at_s = self._now_s()

    def figures(self) -> Figures:
        current_a = self._shown_a()
        return Figures(
            current_a=(current_a, current_a, current_a, 0.0),
            power_w=(current_a * NOMINAL_V,) * 3 + (0.0,),
            voltage_v=NOMINAL_V,
        )

    async def serve(self, link: Link) -> None:
        """Answer until the unit has gone. Raises `TimedOut` then, or `ConnectionLost`."""
        framing = requests()
        patience_s = GRACE_S
        while True:
            try:
                async with asyncio.timeout(patience_s):
                    data = await link.receive()
            except TimeoutError:
                raise TimedOut(f"{link.peer} asked its meter nothing for {patience_s:g} s.") from None
            for item in framing.feed(data):
                if isinstance(item, Frame):
                    patience_s = SILENT_S
                    await link.send(self._reply(item.value))

    def _reply(self, request: Request) -> bytes:
        self.answered += 1
        self._asked_at_s = self._now_s()
        reply = encode_reply(answer(request, registers(self.figures())))
        if request.register == CURRENTS.register and self._led_a >= LEAST_A:
            # What the car takes next. The unit adds what is shown to what it takes, each second: a figure that stood
            # still while the car moves would move it on and on.
            self._own_a = self._led_a if self._takes_all else min(self._own_a, self._led_a)
        return reply

    def _shown_a(self) -> float:
        now_s = self._now_s()
        if not self.is_told:
            self._led_a = 0.0
            return self.limit_a + LEAST_A
        elapsed_s = min(now_s - self._led_at_s, STALE_S)
        # Down from what the car takes: a lead that was never used up is no jump for it.
        wanted_a = max(self.wanted_a, LEAST_LED_A) if self.wanted_a >= LEAST_A else self.wanted_a
        before_a = min(self._led_a, max(self._own_a, wanted_a))
        self._led_a, self._led_at_s = ramped_a(before_a, wanted_a, elapsed_s), now_s
        if self._led_a < LEAST_A:
            return self.limit_a + self._own_a
        return shown_a(self.limit_a, self._led_a, self._own_a)

    @staticmethod
    def _now_s() -> float:
        return asyncio.get_running_loop().time()
