"""A Blueprint inverter on a real socket: the same tables turned round, over the panels of a simulated home."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

import msgspec

from ohmstead.families._blueprint.inverter import Inverter
from ohmstead.families._blueprint.messages import Fault, LimitSet, Message, ReadInfo, ReadLive, SetLimit
from ohmstead.families._blueprint.wire import Conversation, Tagged
from ohmstead.kit.link import Link, Listener, listen
from ohmstead.kit.wire import Damage
from ohmstead.kit.world import Panel, World
from ohmstead.model import Action, ConfigError, ConnectionLost, SimulatorOptions

PANELS: Final = {"one-panel": 1, "two-panels": 2}

ACTIONS: Final = {
    "silence": Action(help="Stop answering, or answer again.", parameters={"on": "true or false"}),
    "limit": Action(help="Set the power limit as if at the device.", parameters={"limit_pct": "0 to 100"}),
}


@asynccontextmanager
async def simulate(options: SimulatorOptions, world: World) -> AsyncIterator[BlueprintSimulator]:
    name = options.name or "blueprint"
    model = options.model or "one-panel"
    if model not in PANELS:
        raise ConfigError(f"no blueprint model is called {model!r}; there are {', '.join(PANELS)}.")
    panels = tuple(Panel(420.0) for _ in range(PANELS[model]))
    inverter = Inverter(world, panels, f"BP{options.seed % 1_000_000:06d}")
    world.attach(name, inverter)
    try:
        simulator = BlueprintSimulator(inverter)
        for fault in options.faults:
            await simulator.act(fault.name, **{"on": "true", **fault.parameters})
        async with listen(simulator.serve, options.host, options.port) as listener:
            simulator.listener = listener
            yield simulator
    finally:
        world.detach(name)


class BlueprintSimulator:
    listener: Listener
    actions: Mapping[str, Action] = ACTIONS
    ready: Mapping[str, str | None] = {}

    def __init__(self, inverter: Inverter) -> None:
        self.inverter = inverter
        self._is_silent = False

    @property
    def endpoints(self) -> Mapping[str, int]:
        return {"blueprint": self.listener.port}

    def state(self) -> Mapping[str, Any]:  # Any: JSON
        return {
            "info": msgspec.to_builtins(self.inverter.info),
            "live": msgspec.to_builtins(self.inverter.live()),
            "silent": self._is_silent,
        }

    async def act(self, action: str, **parameters: Any) -> Mapping[str, Any]:  # Any: JSON both ways
        match action:
            case "silence":
                self._is_silent = str(parameters.get("on", True)).lower() == "true"
            case "limit":
                self.inverter.limit_pct = min(max(float(parameters["limit_pct"]), 0.0), 100.0)
            case _:
                raise ConfigError(f"no action is called {action!r}; there are {', '.join(ACTIONS)}.")
        return self.state()

    async def serve(self, link: Link) -> None:
        """One connection, until the other end hangs up."""
        conversation = Conversation()
        try:
            while True:
                for found in conversation.receive(await link.receive()):
                    if not isinstance(found, Damage) and not self._is_silent:
                        answer = Tagged(found.tag, self.answer(found.message))
                        await link.send(conversation.send(answer))
        except ConnectionLost:
            return

    def answer(self, question: Message) -> Message:
        reply = ANSWERS.get(type(question))
        return reply(self.inverter, question) if reply else Fault(reason=1)


def _set_limit(inverter: Inverter, question: Message) -> Message:
    limit = question.limit if isinstance(question, SetLimit) else None
    if limit is None or limit > 100:
        return Fault(reason=2)
    inverter.limit_pct = limit
    return LimitSet(limit=limit)


ANSWERS: Final[Mapping[type[Message], Callable[[Inverter, Message], Message]]] = {
    ReadInfo: lambda inverter, _question: inverter.info,
    ReadLive: lambda inverter, _question: inverter.live(),
    SetLimit: _set_limit,
}
