"""Three smart circuits: loads behind relays, switched by hand, by schedule, and off grid by a charge threshold."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

COUNT: Final = 3
FOLLOWS_S: Final = 2.0
"""A relay moves so long after its command."""
LOADS_W: Final = (350.0, 600.0, 900.0)
UNSET: Final = ("2000-01-01 00:00", "2000-01-01 23:59")
STAMP: Final = "%Y-%m-%d %H:%M"


class Circuit(msgspec.Struct):
    name: str
    load_w: float
    mode: int = 0
    """What was commanded: 0 off, 1 on."""
    is_on: bool = False
    cuts_off: bool = False
    least_soc_pct: int = 20
    cycle_days: int = 15
    enabled: list[int] = msgspec.field(default_factory=lambda: [0, 0, 0, 0])
    times: list[str] = msgspec.field(default_factory=lambda: [*UNSET, *UNSET])
    set_flags: list[int] = msgspec.field(default_factory=lambda: [0, 0, 0, 0])
    load_limit_a: int = 0
    energy_wh: float = 0.0
    """Over its life."""
    due_s: float = 0.0
    """Until the relay follows its command."""

    def command(self, *, is_on: bool) -> None:
        if bool(self.mode) is not is_on:
            self.mode, self.due_s = int(is_on), FOLLOWS_S

    def follow_schedule(self, local: datetime) -> None:
        """Called once a minute: a window's start switches on, its end off, every `cycle_days` from its date, or once."""
        for number, text in enumerate(self.times):
            stamp = _stamp(text) if self.enabled[number] else None
            if stamp is None or (stamp.hour, stamp.minute) != (local.hour, local.minute):
                continue
            days = (local.date() - stamp.date()).days
            if days == 0 or (self.cycle_days > 0 and days > 0 and days % self.cycle_days == 0):
                self.command(is_on=number % 2 == 0)


def _stamp(text: str) -> datetime | None:
    """A moment in the gateway's own time; None for a mark of an unset one, or no moment at all."""
    if text.startswith(("2000-01-01", "1970-01-01")):
        return None
    try:
        return datetime.strptime(text, STAMP)  # noqa: DTZ007 - wall-clock time of the gateway
    except ValueError:
        return None


class Circuits:
    def __init__(self, *, is_fitted: bool, is_merged: bool, has_vehicle_port: bool) -> None:
        self.is_fitted = is_fitted
        self.is_merged = is_merged
        self.has_vehicle_port = has_vehicle_port
        names = [f"Circuit {n}" if is_fitted else f"Circuits {n}" for n in range(1, COUNT + 1)]
        if has_vehicle_port:
            names[2] = "V2L / Car"
        self.all = tuple(Circuit(name, load_w) for name, load_w in zip(names, LOADS_W, strict=True))
        if is_fitted:
            self.all[0].mode, self.all[0].is_on = 1, True
            self.all[1].mode, self.all[1].is_on = int(is_merged), is_merged
        self.power_w = 0.0

    @property
    def plain(self) -> tuple[Circuit, ...]:
        """Those with a load behind them: the vehicle port is none."""
        return self.all[:2] if self.has_vehicle_port else self.all

    def switch(self, number: int, *, is_on: bool) -> None:
        """A circuit by its number from 1; a merged pair moves together."""
        for one in (1, 2) if self.is_merged and number in (1, 2) else (number,):
            self.all[one - 1].command(is_on=is_on)

    def step(self, dt_s: float, soc_pct: float, *, is_off_grid: bool, is_live: bool) -> float:
        """What they draw, W."""
        self.power_w = 0.0
        if not self.is_fitted:
            return 0.0
        for circuit in self.plain:
            circuit.due_s -= dt_s
            if circuit.due_s <= 0.0:
                circuit.is_on = bool(circuit.mode)
            if is_off_grid and circuit.cuts_off and soc_pct < circuit.least_soc_pct:
                circuit.mode, circuit.is_on = 0, False
            if circuit.is_on and is_live:
                self.power_w += circuit.load_w
                circuit.energy_wh += circuit.load_w * dt_s / 3600.0
        return self.power_w
