"""Answers about the present: state, devices, signals, health, ledger. And the one that changes something."""

from __future__ import annotations

from collections import Counter
from http import HTTPStatus

from ohmstead import __version__
from ohmstead.api.asks import CommandAsk, DeviceAsk, LedgerAsk
from ohmstead.api.callers import CALLER
from ohmstead.api.contract import Nothing
from ohmstead.api.problems import Declined, require_done
from ohmstead.api.views import (
    DeviceView,
    HealthView,
    SignalView,
    StateView,
    device_view,
    signal_view,
    state_view,
)
from ohmstead.gateway import Entry, Gateway, Order
from ohmstead.model import DeviceId, Outcome, Receipt
from ohmstead.polling import HealthState

WELL = (HealthState.GOOD, HealthState.ASLEEP)


async def state(gateway: Gateway, _: Nothing) -> StateView:
    return state_view(gateway)


async def devices(gateway: Gateway, _: Nothing) -> tuple[DeviceView, ...]:
    return tuple(map(device_view, gateway.devices()))


async def device(gateway: Gateway, ask: DeviceAsk) -> DeviceView:
    if (status := gateway.device(ask.device)) is None:
        raise Declined(HTTPStatus.NOT_FOUND, f"There is no device {ask.id!r}; /api/v1/devices lists them.")
    return device_view(status)


async def signals(gateway: Gateway, _: Nothing) -> tuple[SignalView, ...]:
    return tuple(map(signal_view, await gateway.history.signals()))


async def health(gateway: Gateway, _: Nothing) -> HealthView:
    states = Counter(status.health for status in gateway.devices())
    history_error = gateway.history.stats().last_error
    return HealthView(
        at=gateway.clock.now(),
        version=__version__,
        is_good=not history_error and not gateway.config_problem and all(s in WELL for s in states),
        devices={state.value: count for state, count in states.items()},
        history_error=history_error,
        config_problem=gateway.config_problem,
        findings=gateway.findings(),
    )


async def ledger(gateway: Gateway, ask: LedgerAsk) -> tuple[Entry, ...]:
    return await gateway.commands.ledger(ask.limit)


async def command(gateway: Gateway, ask: CommandAsk) -> Receipt:
    order = Order(
        device=DeviceId(ask.device),
        ability=ask.ability,
        value=ask.value,
        origin=f"api: {CALLER.get().name}",
        reason=ask.reason,
    )
    return require_done(await gateway.commands.execute(order))


def command_status(receipt: Receipt) -> HTTPStatus:
    is_open = receipt.outcome in (Outcome.SENT, Outcome.UNKNOWN)
    return HTTPStatus.ACCEPTED if is_open else HTTPStatus.OK
