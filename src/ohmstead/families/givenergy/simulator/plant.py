"""What stands on the bus of a simulated plant, and who is who: registers, mirrors, serials, what may be written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from ohmstead.families.givenergy.models import Model, resolve
from ohmstead.families.givenergy.registers.availability import availability
from ohmstead.families.givenergy.registers.ems import EmsTable
from ohmstead.families.givenergy.registers.gateway import GatewayTable
from ohmstead.families.givenergy.registers.kinds import text
from ohmstead.families.givenergy.registers.single_phase import SinglePhaseTable
from ohmstead.families.givenergy.registers.three_phase import ThreePhaseTable
from ohmstead.families.givenergy.serials import (
    INVERTER_SERIAL,
    MODULE_SERIAL,
    PACK_SERIAL,
    STACK_SERIAL,
    Run,
    is_valid_serial,
    words_of,
)
from ohmstead.families.givenergy.simulator.profiles import (
    HV_MANAGEMENT,
    INVERTER,
    MODULES,
    STACKS,
    Absence,
    Kind,
    Profile,
)
from ohmstead.families.givenergy.simulator.store import Store
from ohmstead.families.givenergy.types import Bank
from ohmstead.kit.wire.tables import Block, Write

_TABLES: Final[Mapping[Kind, tuple[type[Block], ...]]] = {
    Kind.SINGLE_PHASE: (SinglePhaseTable,),
    Kind.THREE_PHASE: (ThreePhaseTable,),
    Kind.EMS: (EmsTable,),
    Kind.GATEWAY: (SinglePhaseTable, GatewayTable),
}

SLOT_END: Final = 2359
CLOCK_BASE: Final = SinglePhaseTable.system_time.address
CLOCK_LIMITS: Final = ((0, 99), (1, 12), (1, 31), (0, 23), (0, 59), (0, 59))


class Writable(msgspec.Struct, frozen=True):
    """A register that takes writes."""

    write: Write
    is_time: bool = False
    """The start or end of a slot."""


class Plant:
    def __init__(
        self,
        profile: Profile,
        store: Store,
        *,
        adapter_serial: str = "",
        envelopes: Mapping[int, str] | None = None,
    ) -> None:
        """`envelopes`: serials that stood in replies of a capture, by device."""
        self.profile = profile
        self.store = store
        self.adapter_serial = adapter_serial or profile.adapter_serial
        self._envelopes = dict(envelopes or {})
        self._removed: dict[int, Store] = {}
        code = store.get(INVERTER, Bank.HR, 0) or 0
        self.firmware = store.get(INVERTER, Bank.HR, 21) or 0
        self.model: Model | None = resolve(f"{code:04x}", self.firmware)
        self.writable = _writable(profile.kind, self.model, self.firmware)

    def words(self, device: int, bank: Bank, base: int, count: int) -> tuple[int, ...] | None:
        """None where not all of them exist. A mirror shows the inverter's where it has none of its own."""
        found = self.store.words(device, bank, base, count)
        if found is None and device in self.profile.mirrors:
            return self.store.words(INVERTER, bank, base, count)
        return found

    def has(self, device: int) -> bool:
        return self.store.has(device) or device in self.profile.mirrors

    def absence(self, device: int) -> Absence:
        return self.profile.absent.get(device, Absence.SILENCE)

    def put(self, register: int, value: int) -> None:
        """Write a holding register of the inverter, and every copy of it."""
        for device in (INVERTER, *self.profile.mirrors):
            self.store.put(device, Bank.HR, register, (value,))

    def envelope(self, device: int) -> str:
        """The serial a reply of that device carries."""
        if device in self._envelopes:
            return self._envelopes[device]
        own = self._own_serial(device) if self.profile.own_envelopes else ""
        return own or self.serial

    @property
    def serial(self) -> str:
        """Of the inverter, EMS or gateway."""
        found = self._serial_at(INVERTER, INVERTER_SERIAL)
        return found or self._envelopes.get(INVERTER, "AA0000A000")

    def is_pack(self, device: int) -> bool:
        return bool(self._serial_at(device, PACK_SERIAL))

    def _own_serial(self, device: int) -> str:
        if device in MODULES:
            return self._serial_at(device, MODULE_SERIAL)
        if device in STACKS or device == HV_MANAGEMENT:
            return self._serial_at(STACKS[0], STACK_SERIAL)
        return ""

    def _serial_at(self, device: int, place: Run) -> str:
        found = text(self.store.words(device, *place) or ())
        return found if is_valid_serial(found) else ""

    def identify(self, serial: str) -> None:
        """Rename the inverter, in its registers and in every envelope."""
        _, base, _ = INVERTER_SERIAL
        for offset, word in enumerate(words_of(serial)):
            self.put(base + offset, word)
        self._envelopes = {
            device: serial if known == self._envelopes.get(INVERTER) else known
            for device, known in self._envelopes.items()
        }

    def remove(self, device: int) -> bool:
        """Take a device off the bus, until `restore`. False when it is not there."""
        if not self.store.has(device):
            return False
        self._removed[device] = self.store.remove(device)
        return True

    def restore(self, device: int) -> bool:
        removed = self._removed.pop(device, None)
        if removed is not None:
            self.store.add(removed)
        return removed is not None


def _writable(kind: Kind, model: Model | None, firmware: int) -> dict[int, Writable]:
    found: dict[int, Writable] = {}
    for table in _TABLES[kind]:
        for field in table.lines.values():
            write = field.write
            if write is None or field.bank != Bank.HR:
                continue
            if model is not None and availability(field.facts.models).entry(model, firmware) is None:
                continue
            for register in field.registers:
                found[register] = Writable(write, is_time=field.count == 2 and write.high == SLOT_END)
    if CLOCK_BASE in found:
        tier = found[CLOCK_BASE].write.tier
        for offset, (low, high) in enumerate(CLOCK_LIMITS):
            found[CLOCK_BASE + offset] = Writable(Write(tier, low, high))
    return found
