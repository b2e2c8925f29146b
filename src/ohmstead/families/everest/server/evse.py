"""What the server knows of one EVSE, and what it announces when that changes: each member for itself, as the
reference does.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from datetime import datetime
from typing import Final

import msgspec

from ohmstead.families.everest.schema.enums import ChargeProtocolEnum, EVSEStateEnum
from ohmstead.families.everest.schema.members import Object
from ohmstead.families.everest.schema.modes import is_dc
from ohmstead.families.everest.schema.objects import (
    ACChargeParametersObj,
    ACChargeStatusObj,
    EVSEInfoObj,
    EVSEStatusObj,
    HardwareCapabilitiesObj,
    MeterDataObj,
)
from ohmstead.families.everest.schema.results import (
    EVSEHardwareCapabilitiesChangedObj,
    EVSEMeterDataChangedObj,
    EVSEStatusChangedObj,
)
from ohmstead.families.everest.server.backend import EnergySink, EvseManager
from ohmstead.families.everest.server.events import AVAILABLE, COUNTING, STATES, EvseEvent

Announce = Callable[[str, Object], None]

ENFORCED_TOLERANCE: Final = 1.2e-5
"""Relative: the reference's limits are 32-bit floats."""
ASSUMED_PHASES: Final = 3
"""Of a limit that does not say."""
NO_PARAMETERS: Final = ACChargeParametersObj(
    evse_max_current=0.0,
    evse_max_phase_count=0,
    evse_maximum_charge_power=0.0,
    evse_minimum_charge_power=0.0,
    evse_nominal_frequency=0.0,
)
FIRST_STATUS: Final = EVSEStatusObj(
    charged_energy_wh=0.0,
    discharged_energy_wh=0.0,
    charging_duration_s=0,
    charging_allowed=True,
    available=True,
    active_connector_index=1,
    error_present=False,
    charge_protocol=ChargeProtocolEnum.UNKNOWN,
    ac_charge_param=NO_PARAMETERS,
    state=EVSEStateEnum.UNKNOWN,
)


class _Transaction(msgspec.Struct, frozen=True):
    began_at: datetime
    imported_wh: float
    exported_wh: float


class Evse:
    """`info` is None until the identifier is known, `hardware` and `meter` until the first report."""

    def __init__(self, index: int, manager: EvseManager, sink: EnergySink | None, announce: Announce) -> None:
        self.index = index
        self.manager = manager
        self.sink = sink
        self.info: EVSEInfoObj | None = None
        self.hardware: HardwareCapabilitiesObj | None = None
        self.meter: MeterDataObj | None = None
        self._announce = announce
        self._status = FIRST_STATUS
        self._unreported = {"state", "charge_protocol"}
        self._enforced_a: float | None = None
        self._wanted: dict[asyncio.Future[None], float] = {}
        self._transaction: _Transaction | None = None

    @property
    def status(self) -> EVSEStatusObj | None:
        """None until both state and protocol have been reported."""
        return None if self._unreported else self._status

    @property
    def active_phase_count(self) -> int:
        status = self._status.ac_charge_status
        return status.evse_active_phase_count if status is not None else ASSUMED_PHASES

    def change(self, **members: object) -> None:
        """Set members of the status; each that differs is announced, once the status is complete."""
        for name, value in members.items():
            self._unreported.discard(name)
            if getattr(self._status, name) != value:
                self._status = msgspec.structs.replace(self._status, **{name: value})
                if not self._unreported:
                    self._announce(
                        "EVSE.StatusChanged",
                        EVSEStatusChangedObj(evse_index=self.index, evse_status=self._status),
                    )

    def happened(self, event: EvseEvent, at: datetime) -> None:
        """An event of the EVSE. Whenever charging starts, by whatever means, it is allowed."""
        if event is EvseEvent.TRANSACTION_STARTED:
            self._transaction = _Transaction(at, *_totals(self.meter))
            self.change(charged_energy_wh=0.0, discharged_energy_wh=0.0, charging_duration_s=0)
        self.change(state=STATES.get(event, EVSEStateEnum.UNKNOWN))
        if event in AVAILABLE:
            self.change(available=AVAILABLE[event])
        if event is EvseEvent.CHARGING_STARTED:
            self.change(charging_allowed=True)
        if event in (EvseEvent.TRANSACTION_FINISHED, EvseEvent.TRANSACTION_STOPPED_LOCALLY):
            self._transaction = None

    def hardware_reported(self, hardware: HardwareCapabilitiesObj) -> None:
        if hardware == self.hardware:
            return
        self.hardware = hardware
        self._announce(
            "EVSE.HardwareCapabilitiesChanged",
            EVSEHardwareCapabilitiesChangedObj(evse_index=self.index, hardware_capabilities=hardware),
        )
        self._change_parameters(evse_max_phase_count=hardware.max_phase_count_import)

    def meter_reported(self, reading: MeterDataObj, at: datetime) -> None:
        """What the reading lacks keeps its old value, the currents excepted."""
        old = {} if self.meter is None else msgspec.structs.asdict(self.meter) | {"current_A": None}
        new = {name: value for name, value in msgspec.structs.asdict(reading).items() if value is not None}
        merged = MeterDataObj(**(old | new))
        if merged == self.meter:
            return
        self.meter = merged
        self._announce(
            "EVSE.MeterDataChanged", EVSEMeterDataChangedObj(evse_index=self.index, meter_data=merged)
        )
        self._count(at)

    def _count(self, at: datetime) -> None:
        begun = self._transaction
        if begun is None or self._status.state not in COUNTING:
            return
        imported_wh, exported_wh = _totals(self.meter)
        self.change(
            charging_duration_s=int((at - begun.began_at).total_seconds()),
            charged_energy_wh=imported_wh - begun.imported_wh,
            discharged_energy_wh=exported_wh - begun.exported_wh,
        )

    def limits_enforced(self, import_a: float, phase_count: int | None = None) -> None:
        """What is in force now. Who waits for just that is told, and the announcement is left to the next time."""
        self._enforced_a = import_a = float(import_a)  # sent as a float, whatever reports it
        answered = [
            future
            for future, wanted_a in self._wanted.items()
            if self.is_enforced(wanted_a) and not future.done()
        ]
        for future in answered:
            future.set_result(None)
        if self.info is not None and is_dc(self.info.supported_energy_transfer_modes):
            self.change(ac_charge_param=None)
            return
        if import_a > 0 and not answered:
            self._change_parameters(evse_max_current=import_a)
        self.change(ac_charge_status=ACChargeStatusObj(evse_active_phase_count=phase_count or ASSUMED_PHASES))

    def is_enforced(self, wanted_a: float) -> bool:
        return self._enforced_a is not None and math.isclose(
            wanted_a, self._enforced_a, rel_tol=ENFORCED_TOLERANCE
        )

    async def enforcing(self, wanted_a: float, within_s: float) -> bool:
        """Wait until a limit is in force; false when that takes too long."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._wanted[future] = wanted_a
        try:
            async with asyncio.timeout(within_s):
                await future
        except TimeoutError:
            return False
        finally:
            del self._wanted[future]
        return True

    def _change_parameters(self, **members: object) -> None:
        if self._status.ac_charge_param is not None:
            self.change(ac_charge_param=msgspec.structs.replace(self._status.ac_charge_param, **members))


def _totals(meter: MeterDataObj | None) -> tuple[float, float]:
    """Imported and exported, cut to whole watt-hours."""
    if meter is None:
        return 0.0, 0.0
    exported = meter.energy_Wh_export.total if meter.energy_Wh_export is not None else 0.0
    return float(int(meter.energy_Wh_import.total)), float(int(exported))
