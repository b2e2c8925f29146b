"""The cloud side of a simulated DTU: what it uploads and when, what stands in the way, and what it does when told.

An upload of data is skipped while a local client is connected or has just read, as owners saw on real units; what was
skipped is delivered later, as history. Heartbeats always go out.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from typing import Final

import msgspec

from ohmstead.families.hoymiles.dtu_side import CloudSession, CloudState
from ohmstead.families.hoymiles.messages.cloud import (
    CLOUD_ALARMS,
    CLOUD_COMMAND_STATUS,
    CLOUD_DEV_CONFIG_REPORT,
    CLOUD_DEV_INFO,
    CLOUD_HISTORY_DATA_NEW,
    CLOUD_WAVE,
)
from ohmstead.families.hoymiles.protos.alarms_pb2 import AlarmsFromDtu
from ohmstead.families.hoymiles.protos.cloud_inventory_pb2 import CloudDevInfoFromDtu
from ohmstead.families.hoymiles.protos.command_pb2 import CommandFromDtu, CommandToDtu
from ohmstead.families.hoymiles.protos.device_config_pb2 import (
    DevConfigFetchFromDtu,
    DevConfigFetchToDtu,
    DevConfigPutFromDtu,
    DevConfigPutToDtu,
)
from ohmstead.families.hoymiles.protos.heartbeat_pb2 import HeartbeatFromDtu, HeartbeatToDtu
from ohmstead.families.hoymiles.simulator import answers, cloud_messages, records
from ohmstead.families.hoymiles.simulator.datasets import DataSet
from ohmstead.families.hoymiles.simulator.dtu import Dtu
from ohmstead.families.hoymiles.simulator.orders import EFFECTS, Asked, command
from ohmstead.families.hoymiles.simulator.service import RESTARTING, Service
from ohmstead.kit.link import Dial, Link, TaskScope
from ohmstead.model import DeviceError, Unreachable

ATTEMPT_S: Final = 10.0
"""Civil seconds an attempt to reach an absent server takes; local clients are refused meanwhile. Source: owners' reports."""
UPLOAD_SECOND_S: Final = 2
"""Of its minute. Source: a published gateway."""
LOOK_S: Final = 10.0
"""How often it looks what there is to tell, in civil seconds; divides a minute."""
STATUS_S: Final = 1.0
ALARMS_PER_PACKET: Final = records.ALARMS_PER_PACKET


class Taken(msgspec.Struct, frozen=True):
    """A data set whose minute has come."""

    at: datetime
    data: DataSet


class Reporting:
    """Whoever starts it gives it a scope; `pause` and `resume` are the DTU's power."""

    def __init__(
        self,
        dtu: Dtu,
        service: Service,
        dial: Dial,
        *,
        changed: Callable[[], Awaitable[None]],
        look_s: float = LOOK_S,
    ) -> None:
        """`changed` is awaited when local clients shall be refused, and when no longer."""
        self.dtu = dtu
        self.is_searching = False
        """For a server that is not there."""
        self.taken = 0
        self.blocked = 0
        """Uploads that a local client stood in the way of."""
        self.session = CloudSession(
            self._patient(dial),
            self,
            clock=dtu.world.clock,
            random=dtu.world.random(f"{dtu.name}/cloud"),
        )
        self._service = service
        self._changed = changed
        self._look_s = look_s
        self._held: list[Taken] = []
        self._is_on = False
        self._told: dict[tuple[int, int], int] = {}
        self._last_time: datetime | None = None
        self._scope: TaskScope | None = None
        self._stop: Callable[[], object] = lambda: None

    def begin(self, scope: TaskScope) -> None:
        self._scope = scope
        scope.start(self._look())
        self.resume()

    def pause(self) -> None:
        """Its power is gone: the link with it. What waits stays."""
        self._stop()
        self._is_on = self.is_searching = False

    def resume(self) -> None:
        if self._is_on or self._scope is None:
            return
        self._is_on = True
        self._stop = self._scope.start(self.session.run()).cancel

    def _patient(self, dial: Dial) -> Dial:
        @asynccontextmanager
        async def dialled() -> AsyncIterator[Link]:
            clock = self.dtu.world.clock
            until = clock.now() + timedelta(seconds=ATTEMPT_S)
            async with AsyncExitStack() as stack:
                try:
                    link = await stack.enter_async_context(dial())
                except DeviceError:
                    self.is_searching = True
                    await self._changed()
                    try:
                        await clock.sleep_until(until)
                    finally:
                        self.is_searching = False
                    await self._changed()
                    raise
                yield link

        return dialled

    # --- uploads ---

    async def _look(self) -> None:
        """Every few seconds, from second 2 of the minute."""
        clock = self.dtu.world.clock
        while True:
            await clock.sleep_until(_next_look(clock.now(), self._look_s))
            self.dtu.world.catch_up()
            if self._is_on:
                self.look(self.dtu.world.at)

    def look(self, at: datetime) -> None:
        """Take the data set when its minute has come, and hand over what nothing stands in the way of."""
        if at.second < UPLOAD_SECOND_S + self._look_s and at.minute % self.dtu.profile.upload_min == 0:
            self._take(at)
        self._tell(at)
        if self._has_time and self._held and not self.is_blocked(at):
            self._deliver()

    @property
    def _has_time(self) -> bool:
        """Whether stamps mean something, or never will: a minimal server acknowledges without setting the clock."""
        return self.dtu.clock.is_set or self.session.state is CloudState.CONNECTED

    def is_blocked(self, at: datetime) -> bool:
        last_read = self.dtu.datasets.last_read
        quiet = timedelta(seconds=self.dtu.profile.quiet_s)
        return self._service.is_connected or (last_read is not None and at - last_read < quiet)

    def _take(self, at: datetime) -> None:
        minute = at.replace(second=0, microsecond=0)
        if minute == self._last_time:
            return
        self._last_time = minute
        self.taken += 1
        if self.is_blocked(at):
            self.blocked += 1
        elif self._has_time:
            self._deliver()
            self.session.upload(self._packets(Taken(at, self.dtu.datasets.current)))
            return
        self._held.append(Taken(at, self.dtu.datasets.current))

    def _deliver(self) -> None:
        held, self._held = self._held, []
        for taken in held:
            for packet in self._packets(taken):
                self.session.report(CLOUD_HISTORY_DATA_NEW, packet)

    def _packets(self, taken: Taken) -> list[cloud_messages.Packet]:
        """Stamped with when it was taken: a data set from before the clock was set has no time of its own."""
        data = msgspec.structs.replace(taken.data, time_s=self.dtu.clock.time_s(taken.at))
        return [data.packet(index, self.dtu.serial) for index in range(data.packets())]

    def _tell(self, at: datetime) -> None:
        dtu = self.dtu
        if dtu.news.is_inventory_due:
            dtu.news.is_inventory_due = False
            for packet in self.cloud_inventory():
                self.session.report(CLOUD_DEV_INFO, packet)
        while dtu.news.reports:
            self.session.report(CLOUD_DEV_CONFIG_REPORT, dtu.news.reports.popleft())
        while dtu.news.waves:
            for wave in cloud_messages.waves(dtu, dtu.news.waves.popleft(), at):
                self.session.report(CLOUD_WAVE, wave)
        if self._has_time:
            self._tell_alarms(at)

    def _tell_alarms(self, at: datetime) -> None:
        news = []
        for inverter in self.dtu.inverters:
            for entry in inverter.alarms.shown(self.dtu.clock.alarm_time_s):
                key = (entry.inverter_serial, entry.sequence)
                if self._told.get(key) != entry.code:
                    self._told[key] = entry.code
                    news.append(entry)
        count = -(-len(news) // ALARMS_PER_PACKET)
        for index in range(count):
            shown, _ = records.page(news, index, ALARMS_PER_PACKET)
            self.session.report(
                CLOUD_ALARMS,
                AlarmsFromDtu(
                    dtu_serial=self.dtu.serial,
                    time=self.dtu.clock.time_s(at),
                    packet_count=count,
                    packet_index=index,
                    warn_device=records.WARN_DEVICE_INVERTER,
                    alarms=shown,
                ),
            )

    # --- what the session asks ---

    def cloud_heartbeat(self) -> HeartbeatFromDtu:
        return answers.heartbeat(self.dtu, HeartbeatToDtu(), Asked())

    def cloud_inventory(self) -> Sequence[CloudDevInfoFromDtu]:
        return cloud_messages.inventory(self.dtu)

    def set_clock(self, time_s: int, utc_offset_s: int | None) -> None:
        self.dtu.world.catch_up()
        self.dtu.set_clock(time_s, utc_offset_s)
        self.dtu.last_cloud_at = self.dtu.world.at

    def cloud_command(self, request: CommandToDtu) -> CommandFromDtu:
        self.dtu.world.catch_up()
        answer = command(self.dtu, request, Asked())
        if not answer.error_code and request.action in RESTARTING:
            self._service.reboot_asked.set()
        elif not answer.error_code and request.action in EFFECTS and self._scope is not None:
            self._scope.start(self._follow(request))
        return answer

    def cloud_fetch(self, request: DevConfigFetchToDtu) -> DevConfigFetchFromDtu:
        return records.dev_config_fetch(self.dtu, request, Asked())

    def cloud_put(self, request: DevConfigPutToDtu) -> DevConfigPutFromDtu:
        return records.dev_config_put(self.dtu, request, Asked())

    async def _follow(self, request: CommandToDtu) -> None:
        """Report how a command stands until it is done."""
        world = self.dtu.world
        while True:
            await world.clock.sleep_until(world.clock.now() + timedelta(seconds=STATUS_S))
            world.catch_up()
            running = self.dtu.commanding.reported
            if running is None:
                return
            if running.command.transaction_id != request.transaction_id:
                continue
            status = self.dtu.commanding.status(
                self.dtu.serial, self.dtu.clock.time_s(world.at), request.action
            )
            self.session.report(CLOUD_COMMAND_STATUS, status)
            if not status.inverter_progress:
                self._tell(world.at)
                return


def _next_look(now: datetime, look_s: float) -> datetime:
    """The next of the looks that start at second 2 of each minute."""
    start = now.replace(second=0, microsecond=0) + timedelta(seconds=UPLOAD_SECOND_S - 60)
    looks = int((now - start).total_seconds() // look_s) + 1
    return start + timedelta(seconds=looks * look_s)


@asynccontextmanager
async def nobody() -> AsyncIterator[Link]:
    """A dial for a DTU without any cloud."""
    raise Unreachable("this DTU has no cloud")
    yield  # a dial yields; this one never gets here
