"""Answers of the generic console: the families' raw calls. What reads needs `read`, what changes something `admin`."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from ohmstead.api.asks import DeviceText
from ohmstead.api.callers import CALLER, require
from ohmstead.api.contract import Ask, Nothing
from ohmstead.api.problems import Declined, require_done
from ohmstead.gateway import Gateway, consoles
from ohmstead.gateway.consoles import DeviceConsole, MethodInfo
from ohmstead.kit.tokens import Scope
from ohmstead.model import ConsoleMethod, DeviceId, Outcome, Receipt

Json = dict[str, Any]  # Any: JSON


class CallAsk(Ask, frozen=True, kw_only=True, forbid_unknown_fields=True):
    device: DeviceText
    method: Annotated[str, Meta(min_length=1, max_length=100, description="As the console lists it.")]
    params: Json = msgspec.field(default_factory=dict)
    """As the method's `schema` says."""


class MethodView(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    title: str
    schema: Json
    """JSON Schema of `params`, complete in itself."""
    template: Json
    """Parameters to begin with."""
    scope: Scope


class ConsoleView(msgspec.Struct, frozen=True, kw_only=True):
    device: DeviceId
    """The first of its source: a call reaches whatever the source reaches."""
    source: str
    family: str
    methods: tuple[MethodView, ...]


class CallView(msgspec.Struct, frozen=True, kw_only=True):
    result: Any
    """JSON as the family shapes it, secrets blanked."""
    receipt: Receipt


async def console(gateway: Gateway, _: Nothing) -> tuple[ConsoleView, ...]:
    return tuple(map(_view, consoles.consoles(gateway.devices())))


async def call(gateway: Gateway, ask: CallAsk) -> CallView:
    """Raises `Declined`."""
    method = _method(gateway, ask)
    caller = CALLER.get()
    require(caller, _scope(writes=method.writes))
    receipt, result = await consoles.call(
        gateway.commands,
        DeviceId(ask.device),
        ask.method,
        method,
        _params(ask, method),
        origin=f"api: {caller.name}",
    )
    if require_done(receipt).outcome is Outcome.UNKNOWN:
        raise Declined(HTTPStatus.GATEWAY_TIMEOUT, receipt.reason)
    return CallView(result=result, receipt=receipt)


def _method(gateway: Gateway, ask: CallAsk) -> ConsoleMethod:
    if (status := gateway.device(ask.device)) is None:
        raise Declined(
            HTTPStatus.NOT_FOUND, f"There is no device {ask.device!r}; /api/v1/devices lists them."
        )
    if (method := consoles.calls(status.family).get(ask.method)) is None:
        raise Declined(
            HTTPStatus.NOT_FOUND, f"{ask.device} has no call {ask.method!r}; /api/v1/console lists them."
        )
    return method


def _params(ask: CallAsk, method: ConsoleMethod) -> msgspec.Struct:
    try:
        return msgspec.convert(ask.params, method.ask)
    except msgspec.ValidationError as error:
        raise Declined(HTTPStatus.BAD_REQUEST, f"params: {error}.") from error


def _view(found: DeviceConsole) -> ConsoleView:
    return ConsoleView(
        device=found.device,
        source=found.source,
        family=found.family,
        methods=tuple(map(_method_view, found.methods)),
    )


def _method_view(info: MethodInfo) -> MethodView:
    return MethodView(
        name=info.name,
        title=info.title,
        schema=info.schema,
        template=info.template,
        scope=_scope(writes=info.writes),
    )


def _scope(*, writes: bool) -> Scope:
    return Scope.ADMIN if writes else Scope.READ
