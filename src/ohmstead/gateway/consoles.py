"""The families' raw calls, for a page that knows no family: listed with their JSON Schema, made in the source's turn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

import msgspec

from ohmstead.gateway.commands import Commands
from ohmstead.gateway.orders import Order
from ohmstead.gateway.status import DeviceStatus
from ohmstead.gateway.whereabouts import Recognised
from ohmstead.kit.registry import families, load
from ohmstead.model import ConsoleMethod, DeviceId, Receipt, Source

PREFIX: Final = "console: "
"""Before a call's name in the ledger."""
REFERENCE: Final = "#/{name}"

Document = dict[str, Any]  # Any: JSON


class MethodInfo(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    title: str
    schema: Document
    """JSON Schema of its parameters, an object complete in itself."""
    template: Document
    """Parameters to begin with."""
    writes: bool


class DeviceConsole(msgspec.Struct, frozen=True, kw_only=True):
    device: DeviceId
    """The first of its source: a call reaches whatever the source reaches."""
    source: str
    family: str
    methods: tuple[MethodInfo, ...]


def consoles(devices: Iterable[DeviceStatus]) -> tuple[DeviceConsole, ...]:
    """One for each source whose family has raw calls."""
    first: dict[str, DeviceStatus] = {}
    for status in devices:
        first.setdefault(status.source, status)
    return tuple(
        DeviceConsole(
            device=status.id, source=status.source, family=status.family, methods=_infos(status.family)
        )
        for status in first.values()
        if calls(status.family)
    )


@cache
def calls(family: str) -> Mapping[str, ConsoleMethod]:
    """By name; none for a family that has none."""
    card = families().get(family)
    found: Mapping[str, ConsoleMethod] = load(card.console)() if card is not None and card.console else {}
    return found


async def call(
    commands: Commands,
    device: DeviceId,
    name: str,
    method: ConsoleMethod,
    ask: msgspec.Struct,
    *,
    origin: str,
) -> tuple[Receipt, object]:
    """What became of it, and what it brought. `ask` is of the method's own type."""

    async def made(source: Source) -> object:
        return await method.call(source.source if isinstance(source, Recognised) else source, ask)

    params = msgspec.json.encode(ask).decode()
    order = Order(device=device, ability=f"{PREFIX}{name}", value=params, origin=origin)
    return await commands.call(order, made, writes=method.writes)


@cache
def _infos(family: str) -> tuple[MethodInfo, ...]:
    return tuple(
        MethodInfo(
            name=name,
            title=method.title,
            schema=schema(method.ask),
            template=dict(method.template),
            writes=method.writes,
        )
        for name, method in calls(family).items()
    )


def schema(ask: type[msgspec.Struct]) -> Document:
    """Without references, so that a page needs no resolver."""
    (found,), components = msgspec.json.schema_components([ask], ref_template=REFERENCE)

    def whole(node: Any) -> Any:  # Any: JSON
        if isinstance(node, dict):
            if "$ref" in node:
                return whole(components[node["$ref"].removeprefix("#/")])
            return {key: whole(value) for key, value in node.items()}
        return [whole(item) for item in node] if isinstance(node, list) else node

    complete: Document = whole(found)
    return complete
