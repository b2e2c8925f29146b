"""What the server knows of one EVSE, and what it announces when that changes: each member for itself, as the
reference does.

In `reference` mode it leaves out what the reference leaves out. Display parameters are for showing only: they are put
into the status and taken out again, and nothing here or elsewhere reads them.
"""

from __future__ import annotations

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
    DCChargeParametersObj,
    DisplayParametersObj,
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
from ohmstead.families.everest.server import figures
from ohmstead.families.everest.server.backend import Control, EnergySink, EvseManager
from ohmstead.families.everest.server.connectors import Connectors
from ohmstead.families.everest.server.enforcement import Enforcement
from ohmstead.families.everest.server.events import AVAILABLE, COUNTING, STATES, EvseEvent
from ohmstead.families.everest.server.figures import Mains
from ohmstead.families.everest.wire import Mode

Announce = Callable[[str, Object], None]

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

OVER: Final = {"display_parameters": None, "dc_charge_param": None, "dc_charge_status": None}
"""What goes with the car."""


class _Transaction(msgspec.Struct, frozen=True):
    began_at: datetime
    imported_wh: float
    exported_wh: float


class Evse:
    """`info` is None until the identifier is known, `hardware` and `meter` until the first report.

    Behind it stand either a manager, with or without a sink, or a control.
    """

    def __init__(
        self,
        index: int,
        announce: Announce,
        mode: Mode,
        *,
        manager: EvseManager | None = None,
        sink: EnergySink | None = None,
        control: Control | None = None,
    ) -> None:
        self.index = index
        self.manager = manager
        self.sink = sink
        self.control = control
        self.hardware: HardwareCapabilitiesObj | None = None
        self.meter: MeterDataObj | None = None
        self.mains = Mains()
        self.enforcement = Enforcement()
        self.connectors = Connectors(index, announce)
        self._info: EVSEInfoObj | None = None
        self._announce = announce
        self._mode = mode
        self._status = FIRST_STATUS
        self._unreported = {"state", "charge_protocol"}
        self._shown_a = 0.0
        self._is_bidirectional = False
        self._start_soc_pct: int | None = None
        self._transaction: _Transaction | None = None

    @property
    def info(self) -> EVSEInfoObj | None:
        return self._info

    @info.setter
    def info(self, info: EVSEInfoObj | None) -> None:
        """Nothing is announced of it; but a DC EVSE of ours never speaks of AC."""
        self._info = info
        if self._mode is Mode.IMPROVED and self.is_dc:
            self.change(ac_charge_param=None, ac_charge_status=None)

    @property
    def is_dc(self) -> bool:
        return self._info is not None and is_dc(self._info.supported_energy_transfer_modes)

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
            is_over = name == "state" and self._is_end(value)
            self._unreported.discard(name)
            self._put(msgspec.structs.replace(self._status, **{name: value}, **(OVER if is_over else {})))
            if is_over:
                self._start_soc_pct = None
                self.session_reported(is_bidirectional=False)
        if self._mode is Mode.IMPROVED and not self._unreported:
            self.connectors.follow(self._status, self._info)

    def _is_end(self, state: object) -> bool:
        """Whether the car goes with this state. The reference keeps what it showed."""
        is_gone = state is EVSEStateEnum.UNPLUGGED and self._status.state is not EVSEStateEnum.UNPLUGGED
        return is_gone and self._mode is Mode.IMPROVED

    def _put(self, status: EVSEStatusObj) -> None:
        if status == self._status:
            return
        self._status = status
        if not self._unreported:
            self._announce(
                "EVSE.StatusChanged", EVSEStatusChangedObj(evse_index=self.index, evse_status=status)
            )

    def happened(self, event: EvseEvent, at: datetime) -> None:
        """An event of the EVSE. Whenever charging starts, by whatever means, it is allowed."""
        if event is EvseEvent.TRANSACTION_STARTED:
            self._transaction = _Transaction(at, *_totals(self.meter))
            self.change(charged_energy_wh=0.0, discharged_energy_wh=0.0, charging_duration_s=0)
        # The reference falls back to Unknown for a moment; we stay where we are.
        otherwise = EVSEStateEnum.UNKNOWN if self._mode is Mode.REFERENCE else self._status.state
        self.change(state=STATES.get(event, otherwise))
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
        self._parameters_changed()

    def mains_reported(self, *, voltage_v: float | None = None, frequency_hz: float | None = None) -> None:
        """Of an AC EVSE, phase to neutral."""
        self.mains = Mains(voltage_v=voltage_v, frequency_hz=frequency_hz)
        self._parameters_changed()

    def used(self, connector_index: int) -> None:
        """Which connector a car is at, or was last. The reference knows of one."""
        if self._mode is Mode.IMPROVED:
            self.change(active_connector_index=connector_index)

    def session_reported(self, *, is_bidirectional: bool) -> None:
        """Which way the running session lets energy flow; over when the car is unplugged."""
        self._is_bidirectional = is_bidirectional
        self._parameters_changed()

    def dc_reported(self, parameters: DCChargeParametersObj, *, current_a: float, voltage_v: float) -> None:
        """Of a running DC session."""
        if self._mode is Mode.REFERENCE:
            return
        self.change(
            dc_charge_param=figures.dc_parameters(parameters, is_bidirectional=self._is_bidirectional),
            dc_charge_status=figures.dc_status(parameters, current_a, voltage_v),
        )

    def dc_ended(self) -> None:
        self.change(dc_charge_param=None, dc_charge_status=None)

    def display_reported(self, shown: DisplayParametersObj | None) -> None:
        """What the car says of itself, whatever that is."""
        if shown is not None and self._mode is Mode.REFERENCE:
            shown = figures.reference_display(shown)
        elif shown is not None:
            if self._start_soc_pct is None:
                self._start_soc_pct = shown.present_soc if shown.start_soc is None else shown.start_soc
            shown = msgspec.structs.replace(shown, start_soc=self._start_soc_pct)
        self.change(display_parameters=shown)

    def meter_reported(self, reading: MeterDataObj, at: datetime) -> None:
        """What the reading lacks keeps its old value, the currents excepted."""
        if self._mode is Mode.REFERENCE:
            reading = _as_the_reference_fills_it(reading)
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
        import_a = float(import_a)  # sent as a float, whatever reports it
        is_answered = self.enforcement.reported(import_a)
        if self.is_dc:
            self.change(ac_charge_param=None)
            return
        phases = phase_count or ASSUMED_PHASES
        if import_a > 0 and not is_answered:
            self._shown_a = import_a
            self._parameters_changed(phases)
        self.change(ac_charge_status=ACChargeStatusObj(evse_active_phase_count=phases))

    def _parameters_changed(self, phases: int | None = None) -> None:
        shown = self._status.ac_charge_param
        if shown is None:
            return
        if self._mode is Mode.IMPROVED:
            self.change(
                ac_charge_param=figures.ac_parameters(
                    self._shown_a,
                    phases or self.active_phase_count,
                    self.hardware,
                    self.mains,
                    is_bidirectional=self._is_bidirectional,
                )
            )
            return
        most = self.hardware.max_phase_count_import if self.hardware is not None else 0
        self.change(
            ac_charge_param=msgspec.structs.replace(
                shown, evse_max_current=self._shown_a, evse_max_phase_count=most
            )
        )


def _as_the_reference_fills_it(reading: MeterDataObj) -> MeterDataObj:
    """It has no neutral current and no serial number."""
    currents = reading.current_A
    if currents is not None:
        currents = msgspec.structs.replace(currents, N=None)
    return msgspec.structs.replace(reading, current_A=currents, serial_number=None)


def _totals(meter: MeterDataObj | None) -> tuple[float, float]:
    """Imported and exported, cut to whole watt-hours."""
    if meter is None:
        return 0.0, 0.0
    exported = meter.energy_Wh_export.total if meter.energy_Wh_export is not None else 0.0
    return float(int(meter.energy_Wh_import.total)), float(int(exported))
