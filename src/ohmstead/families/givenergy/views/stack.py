"""High-voltage batteries: a stack is a controller and its modules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache, partial
from string import ascii_uppercase
from typing import Final, Protocol, TypeVar

import msgspec

from ohmstead.families.givenergy.paging import PAGING
from ohmstead.families.givenergy.registers.battery_hv import BcuTable, BmsTable, BmuTable
from ohmstead.families.givenergy.serials import MODULE_LETTERS, MODULE_SERIAL, split_serial, text_of
from ohmstead.families.givenergy.views.derived import Derived, derived, together
from ohmstead.families.givenergy.views.view import NO_TIMES, View
from ohmstead.kit.wire.tables import Pages

CELLS: Final = tuple(f"v_cell_{cell:02}" for cell in range(1, 25))
OWN_TEMPERATURES: Final = tuple(f"t_cell_{sensor:02}" for sensor in range(1, 13))
NEIGHBOURS: Final[Mapping[str, object]] = {f"t_cell_{sensor:02}": None for sensor in range(13, 25)}
"""These registers repeat the sensors of the next module."""
LETTERS: Final = frozenset(ascii_uppercase)


class Bcu(View, BcuTable):
    """The controller of a stack. Its current and power are positive while charging, unlike an inverter's."""


class Bms(View, BmsTable):
    """What the battery management says there is."""


class BatteryModule(View, BmuTable):
    """A module of 24 cells, in a stack or inside an All-in-One."""

    _corrected_by = (*PAGING.windows(*MODULE_LETTERS), *PAGING.windows(*MODULE_SERIAL))

    def __init__(
        self,
        pages: Pages,
        *,
        address: int = 0,
        times: Mapping[str, datetime] = NO_TIMES,
        index: int = 0,
        stack_offset: int | None = None,
    ) -> None:
        """`index`: its number within the stack. `stack_offset`: the stack's; None inside an All-in-One."""
        super().__init__(pages, address=address, times=times)
        self.bmu_index = index
        self.stack_offset = stack_offset

    @property
    def module_address(self) -> int:
        return self.device_address

    def _corrections(self) -> Mapping[str, object]:
        return _with_serial(self._split_serial())

    def _split_serial(self) -> str | None:
        """Some modules keep the two letters of their serial apart from the rest."""
        words = split_serial(partial(PAGING.words, self._pages))
        serial = None if words is None else text_of(words)
        return serial if serial and LETTERS.issuperset(serial[:2]) else None

    cell_voltages: Derived[tuple[float | None, ...]] = derived(together, *CELLS, unit="V")
    cell_temperatures: Derived[tuple[float | None, ...]] = derived(together, *OWN_TEMPERATURES, unit="degC")


@lru_cache(256)
def _with_serial(serial: str | None) -> Mapping[str, object]:
    return NEIGHBOURS if serial is None else {**NEIGHBOURS, "serial_number": serial}


FIRST_CONTROLLER: Final = 0x70
FIRST_MODULE: Final = 0x50

Part = TypeVar("Part", Bcu, BatteryModule)


class Look(Protocol):
    """A view of a device at an address."""

    def __call__(self, kind: type[Part], address: int, **context: int) -> Part: ...


class HvStack(msgspec.Struct, frozen=True):
    """A controller with its modules in their order."""

    device_address: int
    bcu: Bcu
    bmus: tuple[BatteryModule, ...] = ()

    def shown(self, bcu: object, bmus: object) -> dict[str, object]:
        """What it says, from what its parts say."""
        return {"device_address": self.device_address, "bcu": bcu, "bmus": bmus}

    def model_dump(self, *, enum_names: bool = False) -> dict[str, object]:
        modules = [module.model_dump(enum_names=enum_names) for module in self.bmus]
        return self.shown(self.bcu.model_dump(enum_names=enum_names), modules)

    def model_dump_json(self, *, enum_names: bool = False) -> str:
        return msgspec.json.encode(self.model_dump(enum_names=enum_names)).decode()


def stacks_of(stacks: Iterable[tuple[int, int]], modules: Sequence[int], look: Look) -> list[HvStack]:
    """The stacks of a plant from their offsets and numbers of modules. Modules are counted through all stacks."""
    found: list[HvStack] = []
    first = FIRST_MODULE
    for offset, count in sorted(stacks):
        own = [address for address in sorted(modules) if first <= address < first + count]
        bmus = tuple(
            look(BatteryModule, address, index=address - first, stack_offset=offset) for address in own
        )
        address = FIRST_CONTROLLER + offset
        found.append(HvStack(address, look(Bcu, address), bmus))
        first += count
    return found
