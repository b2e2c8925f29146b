"""A charge point as the server shows it: its EVSEs, its errors, and whom to tell of changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ohmstead.families.everest.schema.members import Object
from ohmstead.families.everest.schema.objects import ChargerInfoObj, ErrorObj
from ohmstead.families.everest.schema.results import ChargePointActiveErrorsChangedObj
from ohmstead.families.everest.server.backend import EnergySink, EvseManager, Limit
from ohmstead.families.everest.server.evse import Announce, Evse

UNKNOWN_CHARGER: Final = ChargerInfoObj(
    vendor="unknown", model="unknown", serial="unknown", firmware_version="unknown"
)


class ChargePoint:
    """`configured` is the limit that was last asked for: as in the reference, one for all EVSEs."""

    def __init__(self, charger_info: ChargerInfoObj = UNKNOWN_CHARGER, everest_version: str = "") -> None:
        self.charger_info = charger_info
        self.everest_version = everest_version
        self.evses: dict[int, Evse] = {}
        self.configured: Limit | None = None
        self._errors: dict[str, ErrorObj] = {}
        self._listeners: set[Announce] = set()

    @property
    def active_errors(self) -> tuple[ErrorObj, ...]:
        return tuple(self._errors.values())

    def add(self, index: int, manager: EvseManager, sink: EnergySink | None = None) -> Evse:
        """An EVSE of which nothing is known yet. Indexes are 1 or more, and need not be contiguous."""
        if index < 1 or index in self.evses:
            raise ValueError(f"an EVSE has an index of its own above 0, not {index}")
        evse = self.evses[index] = Evse(index, manager, sink, self._announce)
        return evse

    def raise_error(self, error: ErrorObj) -> None:
        """Errors of EVSE 0 are the charger's own. One that is known by its `uuid` is not raised again."""
        if error.uuid not in self._errors:
            self._errors[error.uuid] = error
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
