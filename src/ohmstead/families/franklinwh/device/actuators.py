"""What can be asked of a gateway and its parts, with a receipt of what it shows afterwards."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

import msgspec

from ohmstead.families.franklinwh.circuits import control as circuits
from ohmstead.families.franklinwh.client import modes, off_grid
from ohmstead.families.franklinwh.client.line import Line
from ohmstead.families.franklinwh.client.results import WriteResult
from ohmstead.families.franklinwh.facts.codes import GeneratorMode, WorkMode
from ohmstead.families.franklinwh.generator.control import set_generator_mode
from ohmstead.families.franklinwh.v2l.control import set_v2l_mode
from ohmstead.model import (
    LEAVES_GRID,
    RUNS_AUTOMATICALLY,
    SELECTS_MODE,
    SETS_RESERVE,
    SWITCHES,
    Ability,
    DeviceId,
    Envelope,
    Interval,
    Outcome,
    OutcomeUnknown,
    Receipt,
    Refused,
    Unsupported,
    WriteClass,
)

LOWEST_RESERVE_PCT: Final = 5.0
SWITCH: Final = (Interval(0.0, 0.0), Interval(1.0, 1.0))


def envelope(unit: str, *allowed: Interval, settle_s: float) -> Envelope:
    """Each command is a call to the cloud, and takes the gateway seconds."""
    return Envelope(
        unit=unit, allowed=allowed, latency_s=5.0, settle_s=settle_s, write_class=WriteClass.CLOUD
    )


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """One ability: what it takes, and the write it becomes."""

    ability: Ability[Any]  # Any: tokens of different protocols
    envelope: Envelope
    write: Callable[[Line, float], Awaitable[WriteResult]]


async def _set_reserve(line: Line, soc_pct: float) -> WriteResult:
    """Of the mode that is active."""
    mode = await modes.get_mode(line, fresh=True)
    return await modes.update_soc(line, int(soc_pct), mode.work_mode)


async def _run_automatically(line: Line, value: float) -> WriteResult:
    return await set_generator_mode(line, GeneratorMode.AUTO if value else GeneratorMode.MANUAL)


GATEWAY: Final = (
    Setting(
        ability=SETS_RESERVE,
        envelope=envelope("%", Interval(LOWEST_RESERVE_PCT, 100.0), settle_s=10.0),
        write=_set_reserve,
    ),
    Setting(
        ability=SELECTS_MODE,
        envelope=envelope("mode", *(Interval(float(mode), float(mode)) for mode in WorkMode), settle_s=10.0),
        write=lambda line, value: modes.set_mode(line, int(value)),
    ),
    Setting(
        ability=LEAVES_GRID,
        envelope=envelope("off grid", *SWITCH, settle_s=300.0),
        write=lambda line, value: off_grid.set_grid_status(line, int(value)),
    ),
)
"""Solar produces again five minutes after the home has left the grid."""
GENERATOR: Final = (
    Setting(
        ability=RUNS_AUTOMATICALLY,
        envelope=envelope("automatic", *SWITCH, settle_s=10.0),
        write=_run_automatically,
    ),
)
PORT: Final = (
    Setting(
        ability=SWITCHES,
        envelope=envelope("on", *SWITCH, settle_s=10.0),
        write=lambda line, value: set_v2l_mode(line, enable=bool(value)),
    ),
)


def circuit(number: int) -> tuple[Setting, ...]:
    return (
        Setting(
            ability=SWITCHES,
            envelope=envelope("on", *SWITCH, settle_s=5.0),
            write=lambda line, value: circuits.set_smart_circuit_state(line, number, on=bool(value)),
        ),
    )


class Actuator:
    """One setting of one device. It answers to the verb of its ability."""

    def __init__(self, device: DeviceId, setting: Setting, line: Line) -> None:
        self.envelope = setting.envelope
        self._device = device
        self._setting = setting
        self._line = line

    async def _command(self, value: float) -> Receipt:
        """Raises `Unsafe` for what is outside the envelope, and the errors of the cloud but its refusals."""
        asked = self.envelope.check(value)
        try:
            result = await self._setting.write(self._line, asked)
        except (Refused, Unsupported, ValueError) as error:
            return self._receipt(asked, Outcome.REFUSED, None, str(error))
        except OutcomeUnknown as error:
            return self._receipt(asked, Outcome.UNKNOWN, None, str(error))
        shown = asked if result.confirmed else None
        return self._receipt(asked, outcome(result), shown, reason(result))

    def _receipt(self, asked: float, became: Outcome, shown: float | None, why: str) -> Receipt:
        return Receipt(
            device=self._device,
            ability=self._setting.ability.name,
            at=self._line.clock.now(),
            outcome=became,
            asked=asked,
            read_back=shown,
            reason=why,
        )

    async def set_reserve(self, soc_pct: float) -> Receipt:
        return await self._command(soc_pct)

    async def select_mode(self, value: float) -> Receipt:
        return await self._command(value)

    async def leave_grid(self, value: float) -> Receipt:
        return await self._command(value)

    async def run_automatically(self, value: float) -> Receipt:
        return await self._command(value)

    async def switch(self, value: float) -> Receipt:
        return await self._command(value)


def outcome(result: WriteResult) -> Outcome:
    if not result.accepted:
        return Outcome.REFUSED
    if result.queued:
        return Outcome.SENT
    if result.confirmed is None:
        return Outcome.ACKNOWLEDGED
    return Outcome.CONFIRMED if result.confirmed else Outcome.DIFFERENT


def reason(result: WriteResult) -> str:
    if result.queued:
        return "the gateway is offline; the cloud keeps the command for it"
    if result.mismatched:
        return result.note or f"still not as asked: {', '.join(result.mismatched)}"
    return result.note
