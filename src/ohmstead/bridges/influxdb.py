"""Readings to InfluxDB, in batches. What cannot be sent now waits, up to a bound; then the oldest is given up."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Final, NoReturn
from urllib.parse import urlencode

from ohmstead.bridges.settings import InfluxSettings
from ohmstead.bridges.telling import Recalled, Value, told
from ohmstead.gateway import DeviceStatus, Gateway
from ohmstead.kit.link import Backoff
from ohmstead.kit.link.http import HttpAnswer, HttpSession, http
from ohmstead.model import OhmsteadError, Quality, Reading, Refused

MOST_LINES: Final = 100_000
"""Waiting: about two days of a home with a dozen devices at their natural pace, in some 15 MB."""
BATCH: Final = 5_000
LONGEST_PAUSE_S: Final = 300.0
ENDING_S: Final = 2.0
TEXT: Final = str.maketrans({",": r"\,", "=": r"\=", " ": r"\ ", "\n": r"\ ", "\\": "/"})
MENDABLE: Final = frozenset({401, 403, 404, 408, 429})
"""Statuses behind which somebody can do something, besides all from 500 on: the batch waits."""

log = logging.getLogger(__name__)


class InfluxPush:
    """Watches the site and pushes what it says."""

    def __init__(self, gateway: Gateway, settings: InfluxSettings, token: str = "") -> None:
        self.waiting: deque[str] = deque(maxlen=MOST_LINES)
        self.given_up = 0
        """Lines that no database has, because it was away for too long or would not take them."""
        self._gateway = gateway
        self._settings = settings
        self._headers = {"Content-Type": "text/plain; charset=utf-8"}
        if token:
            self._headers["Authorization"] = f"Token {token}"
        self._path = "/api/v2/write?" + urlencode(
            {"org": settings.org, "bucket": settings.bucket, "precision": "ms"}
        )
        self._recalled = Recalled(gateway.devices())
        self._seen: dict[tuple[str, type[Reading]], datetime] = {}

    async def collect(self) -> None:
        """Until the gateway ends."""
        watch = self._gateway.watch()
        self._take(self._gateway.devices())
        async for change in watch:
            self._take(change.devices)

    async def push(self) -> NoReturn:
        backoff = Backoff(self._settings.interval_s, max(LONGEST_PAUSE_S, self._settings.interval_s))
        unreached, name = self._gateway.unreached, f"InfluxDB at {self._settings.url}"
        wait_s = self._settings.interval_s
        async with http(self._settings.url) as session:
            while True:
                await asyncio.sleep(wait_s)
                try:
                    await self._send_all(session)
                except OhmsteadError as error:
                    unreached.lost(name, str(error))
                    wait_s = backoff.next_s()
                else:
                    unreached.reached(name)
                    backoff.reset()
                    wait_s = self._settings.interval_s

    async def finish(self) -> None:
        """What waits when the site ends, as far as it can be sent in a moment."""
        try:
            async with asyncio.timeout(ENDING_S), http(self._settings.url) as session:
                await self._send_all(session)
        except (OhmsteadError, TimeoutError) as error:
            if self.waiting:
                why = str(error) or f"no answer within the {ENDING_S:g} s that an ending has"
                log.warning("%d readings did not reach InfluxDB: %s", len(self.waiting), why)

    def _take(self, devices: tuple[DeviceStatus, ...]) -> None:
        for status in devices:
            for line in self._new_lines(status):
                self.given_up += len(self.waiting) == MOST_LINES
                self.waiting.append(line)

    def _new_lines(self, status: DeviceStatus) -> Iterator[str]:
        """Each reading once."""
        for reading, fields in told(status, self._recalled):
            key = (status.id, type(reading))
            if reading.quality is Quality.STALE or self._seen.get(key) == reading.at:
                continue
            self._seen[key] = reading.at
            tag = str(type(reading).__struct_config__.tag)
            values = {one.field.name: one.value for one in fields}
            if text := line(tag, {"device": status.id, "family": status.family}, values, reading.at):
                yield text

    async def _send_all(self, session: HttpSession) -> None:
        """Raises `OhmsteadError`; what was not taken still waits."""
        while self.waiting:
            batch = tuple(islice(self.waiting, BATCH))
            given_up_before = self.given_up
            answer = await session.post(self._path, "\n".join(batch).encode(), headers=self._headers)
            left = len(batch) - (self.given_up - given_up_before)  # the oldest may have made room meanwhile
            refused = answer.status >= 300
            if refused and (answer.status in MENDABLE or answer.status >= 500):
                raise Refused(_said(answer), code=answer.status)
            for _ in range(max(left, 0)):
                self.waiting.popleft()
            if refused:
                self.given_up += max(left, 0)
                log.error("InfluxDB refuses %d readings: %s", left, _said(answer))


def line(measurement: str, tags: dict[str, str], values: dict[str, Value], at: datetime) -> str:
    """One line of the line protocol, stamped in milliseconds; empty if no value is known."""
    fields = ",".join(f"{name}={_literal(value)}" for name, value in values.items() if value is not None)
    told_tags = "".join(f",{name}={value.translate(TEXT)}" for name, value in tags.items() if value)
    return f"{measurement}{told_tags} {fields} {round(at.timestamp() * 1000)}" if fields else ""


def _literal(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return repr(float(value or 0))  # one type for a field for ever, whichever family tells it


def _said(answer: HttpAnswer) -> str:
    words = answer.body[:200].decode("utf-8", "replace").strip()
    return f"it answered {answer.status}: {words}" if words else f"it answered {answer.status}"
