"""What a client knows of the charge point: what was announced and what was read, each in its place in time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from ohmstead.families.everest.schema.extensions import (
    APIGetSnapshotResObj,
    ConnectorStatusObj,
    DetailedErrorsChangedObj,
    DetailedErrorsResObj,
    EVSEConnectorStatusChangedObj,
    EVSEGetConnectorStatusResObj,
    SnapshotEvseObj,
)
from ohmstead.families.everest.schema.members import Object
from ohmstead.families.everest.schema.objects import (
    ErrorObj,
    EVSEInfoObj,
    EVSEStatusObj,
    HardwareCapabilitiesObj,
    MeterDataObj,
)
from ohmstead.families.everest.schema.results import (
    ChargePointActiveErrorsChangedObj,
    ChargePointGetActiveErrorsResObj,
    ChargePointGetEVSEInfosResObj,
    EVSEGetHardwareCapabilitiesResObj,
    EVSEGetInfoResObj,
    EVSEGetMeterDataResObj,
    EVSEGetStatusResObj,
    EVSEHardwareCapabilitiesChangedObj,
    EVSEMeterDataChangedObj,
    EVSEStatusChangedObj,
)

CHARGER: Final = 0
"""The index under which the charger itself stands."""

MOST_PLACES: Final = 256
"""EVSEs, and connectors of one: more than any charge point has. A server that makes up ever new ones is not stored."""

PARTS: Final[Mapping[type[Object], str]] = {
    EVSEGetStatusResObj: "status",
    EVSEGetMeterDataResObj: "meter_data",
    EVSEGetHardwareCapabilitiesResObj: "hardware_capabilities",
}
"""The member of a result that is one part of what is known of an EVSE, under its name."""


class EvseView(msgspec.Struct, frozen=True):
    """What is known of one EVSE; None where nothing has been reported."""

    info: EVSEInfoObj | None = None
    status: EVSEStatusObj | None = None
    hardware_capabilities: HardwareCapabilitiesObj | None = None
    meter_data: MeterDataObj | None = None
    connectors: Mapping[int, ConnectorStatusObj] = {}
    """Of servers that granted `connectors`."""


class Mirror:
    """Announcements count by arrival. A reading does not replace what was announced after it was asked for: the
    server may have answered before it announced, and whatever changed in between is announced again.
    """

    def __init__(self) -> None:
        self.evses: dict[int, EvseView] = {}
        self.active_errors: tuple[ErrorObj, ...] = ()
        self._moment = 0
        self._announced_at: dict[tuple[int, str], int] = {}

    def now(self) -> int:
        """A stamp for a question that is about to be asked."""
        return self._moment

    def forget_stamps(self) -> None:
        """A new connection: what an old one announced is older than whatever is read now."""
        self._announced_at.clear()

    def announced(self, params: Object) -> None:
        self._moment += 1
        match params:
            case EVSEStatusChangedObj(evse_index=index, evse_status=status):
                self._announce(index, "status", status)
            case EVSEMeterDataChangedObj(evse_index=index, meter_data=meter):
                self._announce(index, "meter_data", meter)
            case EVSEHardwareCapabilitiesChangedObj(evse_index=index, hardware_capabilities=hardware):
                self._announce(index, "hardware_capabilities", hardware)
            case EVSEConnectorStatusChangedObj(evse_index=index, connector_status=connector):
                self._put_connector(index, connector)
            case ChargePointActiveErrorsChangedObj() | DetailedErrorsChangedObj():
                errors = params.active_errors
                self._announced_at[CHARGER, "active_errors"] = self._moment
                self.active_errors = errors

    def read(self, evse_index: int, result: Object, asked_at: int) -> None:
        """A successful result of a method that reads."""
        if (part := PARTS.get(type(result))) is not None:
            self._read(evse_index, part, getattr(result, part), asked_at)
            return
        match result:
            case EVSEGetInfoResObj(info=info):
                self._put(info.index, "info", info)
            case ChargePointGetEVSEInfosResObj(infos=infos):
                for info in infos:
                    self._put(info.index, "info", info)
            case EVSEGetConnectorStatusResObj(connector_status=connector):
                self._put_connector(evse_index, connector)
            case ChargePointGetActiveErrorsResObj() | DetailedErrorsResObj():
                self._read_errors(result.active_errors, asked_at)
            case APIGetSnapshotResObj(evses=evses, active_errors=errors):
                for evse in evses:
                    self._read_snapshot(evse, asked_at)
                self._read_errors(errors, asked_at)

    def _read_snapshot(self, evse: SnapshotEvseObj, asked_at: int) -> None:
        for part in ("info", "status", "hardware_capabilities", "meter_data"):
            if (value := getattr(evse, part)) is not None:
                self._read(evse.evse_index, part, value, asked_at)
        for connector in evse.connectors or ():
            self._put_connector(evse.evse_index, connector)

    def _read_errors(self, errors: tuple[ErrorObj, ...], asked_at: int) -> None:
        if self._announced_at.get((CHARGER, "active_errors"), 0) <= asked_at:
            self.active_errors = errors

    def _put_connector(self, index: int, connector: ConnectorStatusObj) -> None:
        known = self.evses.get(index, EvseView()).connectors
        if connector.index in known or len(known) < MOST_PLACES:
            self._put(index, "connectors", {**known, connector.index: connector})

    def _announce(self, index: int, part: str, value: Object) -> None:
        self._put(index, part, value)
        if index in self.evses:
            self._announced_at[index, part] = self._moment

    def _read(self, index: int, part: str, value: Object, asked_at: int) -> None:
        if self._announced_at.get((index, part), 0) <= asked_at:
            self._put(index, part, value)

    def _put(self, index: int, part: str, value: object) -> None:
        view = self.evses.get(index, EvseView())
        if index in self.evses or len(self.evses) < MOST_PLACES:
            self.evses[index] = msgspec.structs.replace(view, **{part: value})
