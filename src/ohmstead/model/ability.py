"""What can be asked of a device: one protocol with one verb per ability, and the token that finds it."""

from __future__ import annotations

from typing import Any, Final, Generic, Protocol, TypeVar

from ohmstead.model.envelope import Envelope, Receipt


class LimitsCurrent(Protocol):
    """Can be told how much a car may draw."""

    @property
    def envelope(self) -> Envelope: ...
    async def limit_current(self, limit_a: float) -> Receipt: ...


class LimitsChargerPower(Protocol):
    """Can be told how much power a car may draw."""

    @property
    def envelope(self) -> Envelope: ...
    async def limit_charger_power(self, power_w: float) -> Receipt: ...


class AllowsCharging(Protocol):
    """Can be told whether a car may charge (1) or not (0)."""

    @property
    def envelope(self) -> Envelope: ...
    async def allow_charging(self, value: float) -> Receipt: ...


class SelectsPhases(Protocol):
    """Can be told on how many phases a car charges."""

    @property
    def envelope(self) -> Envelope: ...
    async def select_phases(self, value: float) -> Receipt: ...


class SetsBatteryPower(Protocol):
    """Can be told to charge (-) or discharge (+)."""

    @property
    def envelope(self) -> Envelope: ...
    async def set_battery_power(self, power_w: float) -> Receipt: ...


class LimitsSolar(Protocol):
    """Can be told to hold back production, in percent of its rating."""

    @property
    def envelope(self) -> Envelope: ...
    async def limit_solar(self, limit_pct: float) -> Receipt: ...


class LimitsCharge(Protocol):
    """Can be told how fast its battery may charge at most, in percent of its capacity an hour."""

    @property
    def envelope(self) -> Envelope: ...
    async def limit_charge(self, limit_pct: float) -> Receipt: ...


class LimitsDischarge(Protocol):
    """Can be told how fast its battery may discharge at most, in percent of its capacity an hour."""

    @property
    def envelope(self) -> Envelope: ...
    async def limit_discharge(self, limit_pct: float) -> Receipt: ...


class SetsReserve(Protocol):
    """Can be told what its battery keeps for itself."""

    @property
    def envelope(self) -> Envelope: ...
    async def set_reserve(self, soc_pct: float) -> Receipt: ...


class SetsChargeTarget(Protocol):
    """Can be told up to where it charges its battery from the grid."""

    @property
    def envelope(self) -> Envelope: ...
    async def set_charge_target(self, soc_pct: float) -> Receipt: ...


class PausesCharge(Protocol):
    """Can be told not to charge its battery (1), and that it may again (0)."""

    @property
    def envelope(self) -> Envelope: ...
    async def pause_charge(self, value: float) -> Receipt: ...


class PausesDischarge(Protocol):
    """Can be told not to discharge its battery (1), and that it may again (0)."""

    @property
    def envelope(self) -> Envelope: ...
    async def pause_discharge(self, value: float) -> Receipt: ...


class TimesCharge(Protocol):
    """Can be told whether its own charging times hold (1) or not (0)."""

    @property
    def envelope(self) -> Envelope: ...
    async def time_charge(self, value: float) -> Receipt: ...


class TimesDischarge(Protocol):
    """Can be told whether its own discharging times hold (1) or not (0)."""

    @property
    def envelope(self) -> Envelope: ...
    async def time_discharge(self, value: float) -> Receipt: ...


class Calibrates(Protocol):
    """Can be told to find out anew how full its battery is (1), and to leave it (0)."""

    @property
    def envelope(self) -> Envelope: ...
    async def calibrate(self, value: float) -> Receipt: ...


class SetsClock(Protocol):
    """Can be told what time it is (1: now)."""

    @property
    def envelope(self) -> Envelope: ...
    async def set_clock(self, value: float) -> Receipt: ...


class Restarts(Protocol):
    """Can be told to start again (1: now); it is away for a while."""

    @property
    def envelope(self) -> Envelope: ...
    async def restart(self, value: float) -> Receipt: ...


class Switches(Protocol):
    """Can be told to work (1) or to rest (0)."""

    @property
    def envelope(self) -> Envelope: ...
    async def switch(self, value: float) -> Receipt: ...


class SelectsMode(Protocol):
    """Can be told how it runs its battery: by the tariff's times (1), for self-consumption (2), or full for an outage (3)."""

    @property
    def envelope(self) -> Envelope: ...
    async def select_mode(self, value: float) -> Receipt: ...


class RunsAutomatically(Protocol):
    """Can be told to start by itself when it is needed (1), or only when somebody starts it (0)."""

    @property
    def envelope(self) -> Envelope: ...
    async def run_automatically(self, value: float) -> Receipt: ...


class LeavesGrid(Protocol):
    """Can be told to take the home off the grid (1), and back to it (0)."""

    @property
    def envelope(self) -> Envelope: ...
    async def leave_grid(self, value: float) -> Receipt: ...


A = TypeVar("A")


class Ability(Generic[A]):
    """A token for one protocol: type-safe look-up, and the name that API, MQTT and audit use.

    `verb` is the protocol's one method; whoever holds only a name and a value calls it through the token.
    """

    def __init__(self, name: str, protocol: type[Any], verb: str) -> None:  # a Protocol class is no type[A]
        self.name: Final = name
        self.protocol: Final = protocol
        self.verb: Final = verb

    def __repr__(self) -> str:
        return f"Ability({self.name})"


LIMITS_CURRENT: Final[Ability[LimitsCurrent]] = Ability("limits_current", LimitsCurrent, "limit_current")
LIMITS_CHARGER_POWER: Final[Ability[LimitsChargerPower]] = Ability(
    "limits_charger_power", LimitsChargerPower, "limit_charger_power"
)
ALLOWS_CHARGING: Final[Ability[AllowsCharging]] = Ability("allows_charging", AllowsCharging, "allow_charging")
SELECTS_PHASES: Final[Ability[SelectsPhases]] = Ability("selects_phases", SelectsPhases, "select_phases")
SETS_BATTERY_POWER: Final[Ability[SetsBatteryPower]] = Ability(
    "sets_battery_power", SetsBatteryPower, "set_battery_power"
)
LIMITS_SOLAR: Final[Ability[LimitsSolar]] = Ability("limits_solar", LimitsSolar, "limit_solar")
LIMITS_CHARGE: Final[Ability[LimitsCharge]] = Ability("limits_charge", LimitsCharge, "limit_charge")
LIMITS_DISCHARGE: Final[Ability[LimitsDischarge]] = Ability(
    "limits_discharge", LimitsDischarge, "limit_discharge"
)
SETS_RESERVE: Final[Ability[SetsReserve]] = Ability("sets_reserve", SetsReserve, "set_reserve")
SETS_CHARGE_TARGET: Final[Ability[SetsChargeTarget]] = Ability(
    "sets_charge_target", SetsChargeTarget, "set_charge_target"
)
PAUSES_CHARGE: Final[Ability[PausesCharge]] = Ability("pauses_charge", PausesCharge, "pause_charge")
PAUSES_DISCHARGE: Final[Ability[PausesDischarge]] = Ability(
    "pauses_discharge", PausesDischarge, "pause_discharge"
)
TIMES_CHARGE: Final[Ability[TimesCharge]] = Ability("times_charge", TimesCharge, "time_charge")
TIMES_DISCHARGE: Final[Ability[TimesDischarge]] = Ability("times_discharge", TimesDischarge, "time_discharge")
CALIBRATES: Final[Ability[Calibrates]] = Ability("calibrates", Calibrates, "calibrate")
SETS_CLOCK: Final[Ability[SetsClock]] = Ability("sets_clock", SetsClock, "set_clock")
RESTARTS: Final[Ability[Restarts]] = Ability("restarts", Restarts, "restart")
SWITCHES: Final[Ability[Switches]] = Ability("switches", Switches, "switch")
SELECTS_MODE: Final[Ability[SelectsMode]] = Ability("selects_mode", SelectsMode, "select_mode")
RUNS_AUTOMATICALLY: Final[Ability[RunsAutomatically]] = Ability(
    "runs_automatically", RunsAutomatically, "run_automatically"
)
LEAVES_GRID: Final[Ability[LeavesGrid]] = Ability("leaves_grid", LeavesGrid, "leave_grid")

ABILITIES: Final[dict[str, Ability[Any]]] = {  # tokens of different protocols in one table
    token.name: token
    for token in (
        LIMITS_CURRENT,
        LIMITS_CHARGER_POWER,
        ALLOWS_CHARGING,
        SELECTS_PHASES,
        SETS_BATTERY_POWER,
        LIMITS_SOLAR,
        LIMITS_CHARGE,
        LIMITS_DISCHARGE,
        SETS_RESERVE,
        SETS_CHARGE_TARGET,
        PAUSES_CHARGE,
        PAUSES_DISCHARGE,
        TIMES_CHARGE,
        TIMES_DISCHARGE,
        CALIBRATES,
        SETS_CLOCK,
        RESTARTS,
        SWITCHES,
        SELECTS_MODE,
        RUNS_AUTOMATICALLY,
        LEAVES_GRID,
    )
}
