"""A charge point as the server shows it: its EVSEs, its errors, and whom to tell of changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec

from ohmstead.families.everest.schema.extensions import DetailedErrorObj
from ohmstead.families.everest.schema.members import Object
from ohmstead.families.everest.schema.objects import ChargerInfoObj, ErrorObj
from ohmstead.families.everest.schema.results import ChargePointActiveErrorsChangedObj
from ohmstead.families.everest.server.backend import Control, EnergySink, EvseManager, Limit
from ohmstead.families.everest.server.evse import Announce, Evse
from ohmstead.families.everest.wire import Mode

UNKNOWN_CHARGER: Final = ChargerInfoObj(
    vendor="unknown", model="unknown", serial="unknown", firmware_version="unknown"
)


class ChargePoint:
    """`configured` is the limit that was last asked for in `reference` mode: as there, one for all EVSEs."""

    def __init__(
        self,
        charger_info: ChargerInfoObj = UNKNOWN_CHARGER,
        everest_version: str = "",
        mode: Mode = Mode.IMPROVED,
    ) -> None:
        self.charger_info = charger_info
        self.everest_version = everest_version
        self.mode = mode
        self.evses: dict[int, Evse] = {}
        self.configured: Limit | None = None
        self._errors: dict[str, DetailedErrorObj] = {}
        self._listeners: set[Announce] = set()

    @property
    def active_errors(self) -> tuple[ErrorObj, ...]:
        return tuple(_plain(error) for error in self._errors.values())

    @property
    def detailed_errors(self) -> tuple[DetailedErrorObj, ...]:
        """With the vendor's own numbers."""
        return tuple(self._errors.values())

    def add(self, index: int, manager: EvseManager, sink: EnergySink | None = None) -> Evse:
        """An EVSE of which nothing is known yet. Indexes are 1 or more, and need not be contiguous."""
        return self._added(Evse(index, self._announce, self.mode, manager=manager, sink=sink))

    def add_controlled(self, index: int, control: Control) -> Evse:
        """An EVSE behind which stands something that decides for itself. Not in `reference` mode."""
        if self.mode is Mode.REFERENCE:
            raise ValueError("the reference knows managers and sinks only")
        return self._added(Evse(index, self._announce, self.mode, control=control))

    def _added(self, evse: Evse) -> Evse:
        if evse.index < 1 or evse.index in self.evses:
            raise ValueError(f"an EVSE has an index of its own above 0, not {evse.index}")
        self.evses[evse.index] = evse
        return evse

    def raise_error(self, error: ErrorObj, vendor_id: str | None = None) -> None:
        """Errors of EVSE 0 are the charger's own. One that is known by its `uuid` is not raised again."""
        if error.uuid in self._errors:
            return
        if self.mode is Mode.REFERENCE:
            error, vendor_id = msgspec.structs.replace(error, sub_type=None), None
        self._errors[error.uuid] = DetailedErrorObj(**msgspec.structs.asdict(error), vendor_id=vendor_id)
        self._errors_changed(error)

    def clear_error(self, uuid: str) -> None:
        if (error := self._errors.pop(uuid, None)) is not None:
            self._errors_changed(error)

    def listen(self, listener: Announce) -> Callable[[], None]:
        """Be told of every notification; call what comes back to be told no more."""
        self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    def _errors_changed(self, error: ErrorObj) -> None:
        self._announce(
            "ChargePoint.ActiveErrorsChanged",
            ChargePointActiveErrorsChangedObj(active_errors=self.active_errors),
        )
        index = error.origin.evse_index
        if index and index in self.evses:
            self.evses[index].change(
                error_present=any(other.origin.evse_index == index for other in self.active_errors)
            )

    def _announce(self, name: str, params: Object) -> None:
        for listener in tuple(self._listeners):
            listener(name, params)


def _plain(error: DetailedErrorObj) -> ErrorObj:
    members = msgspec.structs.asdict(error)
    del members["vendor_id"]
    return ErrorObj(**members)
