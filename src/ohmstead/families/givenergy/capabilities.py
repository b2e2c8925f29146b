"""What a plant is made of, as it is remembered between runs.

The stored form has a version. Older forms and older names are read as well; what a form does not mention at all is
remembered as absent, so that a detection looks for it instead of believing that there is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any, Final, Self

import msgspec

from ohmstead.families.givenergy.models import Model

SCHEMA_VERSION: Final = 1
INVERTER: Final = 0x11
MIRROR: Final = 0x31
"""Answers as the inverter does, on AC-coupled units and the first generation."""
MIRRORED: Final = frozenset({"AC", "HYBRID_GEN1", "HYBRID"})

FIRST_CONTROLLER: Final = 0x70
"""Of the controllers of high-voltage stacks."""

OLD_NAMES: Final = {
    "inverter_slave": "inverter_address",
    "meter_slaves": "meter_addresses",
    "lv_battery_slaves": "lv_battery_addresses",
    "bcu_slaves": "bcu_stacks",
}
ADDRESS_LISTS: Final = (
    "meter_addresses",
    "lv_battery_addresses",
    "aio_battery_module_addresses",
    "hv_bmu_addresses",
)

HIGH_VOLTAGE: Final = frozenset({"HYBRID_3PH", "AC_3PH", "ALL_IN_ONE", "HYBRID_HV_GEN3", "ALL_IN_ONE_HYBRID"})
THREE_PHASE: Final = frozenset({"HYBRID_3PH", "AC_3PH", "AIO_COMMERCIAL", "ALL_IN_ONE_HYBRID"})
AC_COUPLED: Final = frozenset({"AC", "AC_3PH"})
AC_CONFIG: Final = frozenset({"AC", "AC_3PH", "ALL_IN_ONE"})
EXTENDED_SLOTS: Final = frozenset({"HYBRID_GEN4", "ALL_IN_ONE", "ALL_IN_ONE_HYBRID", "HYBRID_HV_GEN3"})
EXTENDED_FROM_FIRMWARE: Final = 303
"""HYBRID_GEN3 has the extended slots from this ARM firmware on."""
MODULES_OF_AN_AIO: Final = 4


class PlantCapabilities(msgspec.Struct, frozen=True, kw_only=True):
    """What is there, and at which address."""

    device_type: Model
    inverter_address: int = INVERTER
    meter_addresses: tuple[int, ...] = ()
    lv_battery_addresses: tuple[int, ...] = ()
    bcu_stacks: tuple[tuple[int, int], ...] = ()
    """Offset from 0x70 and number of modules of each high-voltage stack."""
    aio_battery_module_addresses: tuple[int, ...] = ()
    hv_bmu_addresses: tuple[int, ...] = ()
    lv_bcu_address: int | None = None
    arm_firmware_version: int | None = None
    absent: frozenset[str] = frozenset()
    """Keys that the stored form did not have."""

    # What follows from the model.
    @property
    def is_hv(self) -> bool:
        return self.device_type.name in HIGH_VOLTAGE

    @property
    def is_three_phase(self) -> bool:
        """Whether the registers from 1000 on are its own."""
        return self.device_type.name in THREE_PHASE

    @property
    def is_ac_coupled(self) -> bool:
        return self.device_type.name in AC_COUPLED

    @property
    def has_ac_config_block(self) -> bool:
        return self.device_type.name in AC_CONFIG

    @property
    def has_extended_slots(self) -> bool:
        return has_extended_slots(self.device_type, self.arm_firmware_version)

    @property
    def has_optional_slot_block(self) -> bool:
        """Whether the block of the extended slots may be tried."""
        return self.is_three_phase and not self.has_extended_slots

    @property
    def is_ems(self) -> bool:
        return self.device_type.name in {"EMS", "EMS_COMMERCIAL"}

    @property
    def is_gateway(self) -> bool:
        return self.device_type is Model.GATEWAY

    @property
    def addresses(self) -> frozenset[int]:
        """Of everything that is there."""
        lists = (getattr(self, key) for key in ADDRESS_LISTS)
        stacks = (FIRST_CONTROLLER + offset for offset, _ in self.bcu_stacks)
        bcu = () if self.lv_bcu_address is None else (self.lv_bcu_address,)
        return frozenset((self.inverter_address, *chain.from_iterable(lists), *stacks, *bcu))

    # No unit has been seen with these; a client can still be told to read them.
    has_smart_load_block = False
    has_hv_cabinet_block = False
    has_peak_shaving_block = False

    # Keeping.
    def to_dict(self) -> dict[str, object]:
        """Plain values, ready for JSON."""
        lists = {key: [_hex(address) for address in getattr(self, key)] for key in ADDRESS_LISTS}
        return {
            "schema_version": SCHEMA_VERSION,
            "device_type": self.device_type.name,
            "inverter_address": _hex(self.inverter_address),
            **lists,
            "bcu_stacks": [list(stack) for stack in self.bcu_stacks],
            "lv_bcu_address": None if self.lv_bcu_address is None else _hex(self.lv_bcu_address),
            "arm_firmware_version": self.arm_firmware_version,
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:  # Any: what a file holds
        """Raises `ValueError` for a form that is newer than this, or makes no sense."""
        version = stored.get("schema_version", SCHEMA_VERSION)
        if version != SCHEMA_VERSION or isinstance(version, bool):
            raise ValueError(f"unsupported schema_version {version!r}; this reads {SCHEMA_VERSION}")
        form = {OLD_NAMES.get(key, key): value for key, value in stored.items()}
        if "device_type" not in form:
            raise ValueError("the stored form names no device_type")
        return cls(
            device_type=Model.parse(form["device_type"]),
            inverter_address=_address(form.get("inverter_address"), INVERTER),
            **{key: _addresses(key, form.get(key)) for key in ADDRESS_LISTS},
            bcu_stacks=_stacks(form.get("bcu_stacks")),
            lv_bcu_address=_address(form.get("lv_bcu_address"), None),
            arm_firmware_version=_number(form.get("arm_firmware_version")),
            absent=frozenset(set(KEYS) - set(form)),
        )

    def differences(self, actual: PlantCapabilities) -> tuple[str, ...]:
        """The keys in which what was remembered is not what was found."""
        return tuple(key for key in KEYS if key not in self.absent and not self._agrees(key, actual))

    def _agrees(self, key: str, actual: PlantCapabilities) -> bool:
        if key == "device_type":
            return same_model(self.device_type, actual.device_type)
        if key == "inverter_address":
            return self._normal_address() == actual.inverter_address
        if key == "arm_firmware_version":
            return True
        mine, theirs = getattr(self, key), getattr(actual, key)
        if isinstance(mine, tuple):
            return sorted(mine) == sorted(theirs)
        return bool(mine == theirs)

    def _normal_address(self) -> int:
        mirrored = self.inverter_address == MIRROR and self.device_type.name in MIRRORED
        return INVERTER if mirrored else self.inverter_address


KEYS: Final = (
    "device_type",
    "inverter_address",
    *ADDRESS_LISTS,
    "bcu_stacks",
    "lv_bcu_address",
    "arm_firmware_version",
)


def has_extended_slots(model: Model, arm_firmware: int | None) -> bool:
    """Whether the block of slots 3 to 10 is there for certain."""
    if model.name == "HYBRID_GEN3":
        return (arm_firmware or 0) >= EXTENDED_FROM_FIRMWARE
    return model.name in EXTENDED_SLOTS


def same_model(stored: Model, found: Model) -> bool:
    """A stored family is any model of it; a stored model is itself."""
    if stored is stored.family:
        return stored.same_family(found)
    return stored.name == found.name


def _hex(address: int) -> str:
    return f"0x{address:02x}"


def _address(stored: object, absent: Any) -> Any:  # Any: an address, or whatever stands for none
    if stored is None:
        return absent
    try:
        address = int(stored, 0) if isinstance(stored, str) else stored
    except ValueError:
        address = None
    if type(address) is not int or not 0 <= address <= 0xFF:
        raise ValueError(f"{stored!r} is no device address; write 0x00 to 0xff")
    return address


def _addresses(key: str, stored: object) -> tuple[int, ...]:
    if stored is None:
        return ()
    if not isinstance(stored, list | tuple):
        raise ValueError(f"{key} is a list of addresses, not {stored!r}")  # noqa: TRY004 - bad content of a file
    return tuple(_address(entry, None) for entry in stored)


def _stacks(stored: object) -> tuple[tuple[int, int], ...]:
    if stored is None:
        return ()
    if not isinstance(stored, list | tuple):
        raise ValueError(f"bcu_stacks is a list, not {stored!r}")  # noqa: TRY004 - bad content of a file
    return tuple(_stack(entry) for entry in stored)


def _stack(stored: object) -> tuple[int, int]:
    if isinstance(stored, list | tuple) and len(stored) == 2:
        offset, modules = _number(stored[0]), _number(stored[1])
        if offset is not None and modules is not None:
            return offset, modules
    raise ValueError(f"{stored!r} is no stack; write [offset, modules]")


def _number(stored: object) -> int | None:
    if stored is None:
        return None
    if type(stored) is not int or stored < 0:
        raise ValueError(f"{stored!r} is no whole number")
    return stored
