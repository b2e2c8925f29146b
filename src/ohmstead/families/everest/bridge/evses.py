"""Keeps the EVSEs of one charge point in step with the chargers of the house."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from ohmstead.families.everest.bridge import words
from ohmstead.families.everest.bridge.control import ChargerControl
from ohmstead.families.everest.bridge.endings import Endings
from ohmstead.families.everest.bridge.indexes import Indexes
from ohmstead.families.everest.bridge.levers import Levers
from ohmstead.families.everest.schema.enums import EVSEStateEnum, Severity
from ohmstead.families.everest.schema.objects import DisplayParametersObj, ErrorObj, ImplementationIdentifier
from ohmstead.families.everest.schema.stamps import stamp
from ohmstead.families.everest.server import ChargePoint, Evse
from ohmstead.model import Charger, ChargerBoard, ChargerState, DeviceId

FAULT: Final = "generic/VendorError"
"""Of a charger that says that something is wrong, and not what."""
WARNING: Final = "generic/VendorWarning"


class Evses:
    def __init__(self, point: ChargePoint, board: ChargerBoard, indexes: Indexes, endings: Endings) -> None:
        self._point = point
        self._board = board
        self._indexes = indexes
        self._endings = endings
        self._shown: dict[DeviceId, Shown] = {}

    def see(self, chargers: Sequence[Charger]) -> None:
        for charger in chargers:
            if charger.id not in self._shown:
                index = self._indexes.of(charger.id)
                control = ChargerControl(Levers(self._board, charger), self._endings)
                control.evse = self._point.add_controlled(index, control)
                self._shown[charger.id] = Shown(self._point, control)
            self._shown[charger.id].see(charger)


class Shown:
    """One charger as an EVSE."""

    def __init__(self, point: ChargePoint, control: ChargerControl) -> None:
        self._point = point
        self._control = control
        self._charged_since: datetime | None = None
        self._errors: dict[str, str] = {}
        """By what the charger calls it: our uuid."""

    @property
    def evse(self) -> Evse:
        return self._control.evse

    def see(self, charger: Charger) -> None:
        self._control.see(charger)
        evse, facts, reading = self.evse, charger.facts, charger.reading
        evse.info = words.info(charger, evse.index)
        evse.hardware_reported(words.hardware(facts))
        evse.mains_reported(voltage_v=words.nominal_v(facts), frequency_hz=words.nominal_hz(facts))
        if (enforced_a := self._control.levers.enforced_a) is not None:
            evse.limits_enforced(enforced_a, reading.phases or facts.phases)
        self._show_errors(charger)
        soc_pct = reading.vehicle_soc_pct
        evse.display_reported(None if soc_pct is None else DisplayParametersObj(present_soc=round(soc_pct)))
        evse.change(charge_protocol=words.PROTOCOLS[facts.protocol])
        evse.change(charging_allowed=self._control.is_allowed, available=self._control.levers.is_available)
        self._show_session(charger)
        evse.change(state=words.STATES[reading.state] if charger.is_reachable else EVSEStateEnum.UNKNOWN)
        if (meter := words.meter(charger)) is not None:
            evse.meter_reported(meter, reading.at)

    def _show_session(self, charger: Charger) -> None:
        """Our own clock: from the first charge to the unplug, pauses included. The figures stay until the next session."""
        reading = charger.reading
        if reading.state is ChargerState.EMPTY:
            self._charged_since = None
            return
        if reading.state is ChargerState.CHARGING and self._charged_since is None:
            self._charged_since = reading.at
            self.evse.change(charging_duration_s=0)
        if self._charged_since is not None:
            self.evse.change(charging_duration_s=int((reading.at - self._charged_since).total_seconds()))
        if reading.session_energy_wh is not None:
            self.evse.change(charged_energy_wh=reading.session_energy_wh)

    def _show_errors(self, charger: Charger) -> None:
        is_fault = charger.reading.state is ChargerState.FAULTED
        alerts = charger.facts.alerts or (("",) if is_fault else ())
        for alert in set(self._errors) - set(alerts):
            self._point.clear_error(self._errors.pop(alert))
        for alert in alerts:
            if alert not in self._errors:
                error = self._error(charger, alert, Severity.HIGH if is_fault else Severity.LOW)
                self._errors[alert] = error.uuid
                self._point.raise_error(error)

    def _error(self, charger: Charger, alert: str, severity: Severity) -> ErrorObj:
        """An alert that is a name of the interface's own list keeps it."""
        at = stamp(charger.reading.at)
        is_of_the_list = "/" in alert
        return ErrorObj(
            type=alert if is_of_the_list else WARNING if alert else FAULT,
            sub_type=None if is_of_the_list or not alert else alert,
            description=f"told by {charger.name or charger.id}",
            message=f"alert {alert}" if alert else "the charger says that something is wrong",
            severity=severity,
            origin=ImplementationIdentifier(
                module_id=f"charger_{self.evse.index}",
                implementation_id="main",
                evse_index=self.evse.index,
                connector_index=words.CONNECTOR,
            ),
            timestamp=at,
            uuid=str(uuid5(NAMESPACE_URL, f"{charger.id}/{alert}/{at}")),
        )
