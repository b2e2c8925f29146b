"""What stood behind the recorded server: a manager that obeys, and a sink that enforces 0.3 s later."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import msgspec

from ohmstead.families.everest.schema.extensions import LimitedByEnum
from ohmstead.families.everest.schema.objects import ChargerInfoObj, EVSEInfoObj, HardwareCapabilitiesObj
from ohmstead.families.everest.server import (
    Ceiling,
    ChargePoint,
    Evse,
    EvseEvent,
    Limit,
    RpcServer,
    RpcSettings,
    rpc_server,
)
from ohmstead.families.everest.wire import Mode
from ohmstead.kit.link import TaskScope
from ohmstead.kit.link.messages import Message, MessageLink
from ohmstead.kit.tokens import Gate
from ohmstead.model import ConnectionLost, ScaledClock, Tap
from ohmstead.testing import MessageNetwork, elapse

AT = datetime(2025, 6, 10, 9, 51, 56, tzinfo=UTC)
MAINS_V = 230.0


class Manager:
    """`refuses` makes it say no."""

    def __init__(self) -> None:
        self.evse: Evse
        self.refuses = False

    async def pause(self) -> bool:
        if not self.refuses:
            self.evse.happened(EvseEvent.CHARGING_PAUSED_EVSE, AT)
        return not self.refuses

    async def resume(self) -> bool:
        if not self.refuses:
            self.evse.happened(EvseEvent.CHARGING_STARTED, AT)
        return not self.refuses

    async def enable(self, connector_index: int, enable: bool, priority: int) -> bool:
        if not self.refuses:
            self.evse.happened(EvseEvent.ENABLED if enable else EvseEvent.DISABLED, AT)
        return not self.refuses


class Sink:
    def __init__(self, scope: TaskScope, installation_a: float) -> None:
        self.evse: Evse
        self.limits: list[Limit] = []
        self._scope = scope
        self._installation_a = installation_a

    async def limit(self, limit: Limit) -> None:
        self.limits.append(limit)
        self._scope.start(self._enforce(limit))

    def ceilings(self) -> Sequence[Ceiling]:
        return (
            Ceiling(source=LimitedByEnum.FUSE, value=self._installation_a),
            Ceiling(source=LimitedByEnum.HARDWARE, value=40.0),
        )

    async def _enforce(self, limit: Limit) -> None:
        await elapse(0.3)
        asked_a = limit.import_a
        if asked_a is None:
            asked_a = (limit.total_power_w or 0.0) / MAINS_V / (limit.phase_count or 3)
        self.evse.limits_enforced(min(asked_a, self._installation_a), limit.phase_count)


def charge_point(
    fixture: Mapping[str, Any], scope: TaskScope, *, is_loaded: bool = True, mode: Mode = Mode.REFERENCE
) -> ChargePoint:
    """The recorded charge point, before anything was reported or after."""
    point = ChargePoint(mode=mode)
    for one in fixture["evses"]:
        sink = Sink(scope, one.get("installation_limit_A", 0.0)) if one["energy_sink"] else None
        manager = Manager()
        manager.evse = evse = point.add(one["index"], manager, sink)
        if sink is not None:
            sink.evse = evse
        if is_loaded:
            load(evse, one)
    if is_loaded:
        point.charger_info = msgspec.convert(fixture["charger_info"], ChargerInfoObj)
        point.everest_version = fixture["everest_version"]
    return point


def load(evse: Evse, one: Mapping[str, Any]) -> None:
    evse.info = msgspec.convert(
        {
            "index": one["index"],
            "id": one["id"],
            "available_connectors": [{"index": index, "type": kind} for index, kind in one["connectors"]],
            "supported_energy_transfer_modes": one["modes"],
        },
        EVSEInfoObj,
    )
    evse.hardware_reported(
        HardwareCapabilitiesObj(
            max_current_A_export=0.0,
            max_current_A_import=32.0,
            max_phase_count_export=3,
            max_phase_count_import=3,
            min_current_A_export=0.0,
            min_current_A_import=6.0,
            min_phase_count_export=1,
            min_phase_count_import=1,
            phase_switch_during_charging=one["phase_switch"],
        )
    )
    evse.change(charge_protocol=one["protocol"])
    evse.happened(EvseEvent.ENABLED, AT)
    if one["energy_sink"]:
        evse.limits_enforced(one["installation_limit_A"])


HELLO = '{"id":0,"jsonrpc":"2.0","method":"API.Hello"}'


class RawClient:
    """Sends frames as they are and collects what comes, with the loop's time."""

    def __init__(self, link: MessageLink, saw: Tap | None = None) -> None:
        self.link = link
        self._saw = saw
        self.frames: list[tuple[float, str]] = []
        self.kinds: list[bool] = []
        """Of each frame that came: whether it was text."""
        self.is_cut_off = False

    async def listen(self) -> None:
        try:
            while True:
                message = await self.link.receive()
                if self._saw is not None:
                    self._saw("<", message.data)
                self.kinds.append(message.is_text)
                self.frames.append((asyncio.get_running_loop().time(), message.data.decode()))
        except ConnectionLost:
            self.is_cut_off = True

    async def send(self, text: str) -> None:
        if self._saw is not None:
            self._saw(">", text.encode())
        await self.link.send(Message(text.encode()))

    async def heard(self, within_s: float = 1.0) -> list[str]:
        """What has come and comes within some time."""
        await elapse(within_s)
        frames, self.frames = self.frames, []
        return [frame for _, frame in frames]

    async def asked(self, text: str, within_s: float = 1.0) -> list[str]:
        await self.send(text)
        return await self.heard(within_s)


@asynccontextmanager
async def raw_client(network: MessageNetwork, *, greets: bool = True) -> AsyncIterator[RawClient]:
    async with network.dial() as link, TaskScope() as scope:
        client = RawClient(link)
        scope.start(client.listen())
        if greets:
            await client.asked(HELLO)
        yield client


@asynccontextmanager
async def served(
    fixture: Mapping[str, Any], *, is_loaded: bool = True, decimal_places: int = 2
) -> AsyncIterator[tuple[ChargePoint, MessageNetwork]]:
    network = MessageNetwork()
    async with TaskScope() as scope:
        point = charge_point(fixture, scope, is_loaded=is_loaded)
        async with network.serve(RpcServer(point, settings=RpcSettings(decimal_places=decimal_places)).serve):
            yield point, network


@asynccontextmanager
async def improved(
    fixture: Mapping[str, Any], *, settings: RpcSettings | None = None, gate: Gate | None = None
) -> AsyncIterator[tuple[ChargePoint, MessageNetwork]]:
    """The recorded charge point behind our own mode."""
    network = MessageNetwork()
    async with TaskScope() as scope:
        point = charge_point(fixture, scope, mode=Mode.IMPROVED)
        clock = ScaledClock(AT)
        async with (
            rpc_server(point, settings=settings or RpcSettings(), gate=gate, clock=clock) as server,
            network.serve(server.serve),
        ):
            yield point, network


EVERYTHING = ["connectors", "details", "combined", "limits", "subscribe", "snapshot"]


class Caller:
    """A client that calls methods and keeps what it was told meanwhile."""

    def __init__(self, raw: RawClient) -> None:
        self.raw = raw
        self.news: list[dict[str, Any]] = []
        self._id = 0

    async def call(
        self, method: str, *params: object, within_s: float = 6.0, **named: object
    ) -> dict[str, Any]:
        """The whole answer to a call by position, or by name."""
        self._id += 1
        request: dict[str, Any] = {"jsonrpc": "2.0", "id": self._id, "method": method}
        if params or named:
            request["params"] = list(params) or named
        answers = []
        for frame in await self.raw.asked(json.dumps(request), within_s):
            document = json.loads(frame)
            (answers if document.get("id") == self._id else self.news).append(document)
        (answer,) = answers
        return answer

    async def result(self, method: str, *params: object, **named: object) -> dict[str, Any]:
        return (await self.call(method, *params, **named))["result"]

    async def told(self, within_s: float = 0.1) -> list[str]:
        """The names of the news that have come and come within some time; they are forgotten."""
        self.news += [json.loads(frame) for frame in await self.raw.heard(within_s)]
        news, self.news = self.news, []
        return [one["method"] for one in news]


@asynccontextmanager
async def calling(
    network: MessageNetwork,
    *extensions: str,
    token: str | None = None,
    address: str = "127.0.0.1",
    headers: Mapping[str, str] | None = None,
    saw: Tap | None = None,
) -> AsyncIterator[Caller]:
    """A client that greets plainly, or opts in when it names extensions or a token. `saw` is shown every frame."""
    async with network.dialling(address, headers or {})() as link, TaskScope() as scope:
        caller = Caller(RawClient(link, saw))
        scope.start(caller.raw.listen())
        named: dict[str, object] = {"extensions": list(extensions)} if extensions else {}
        await caller.call("API.Hello", within_s=0.1, **named, **({"token": token} if token else {}))
        yield caller
