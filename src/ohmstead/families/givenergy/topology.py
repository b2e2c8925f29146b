"""A plant as a flat list of devices, each with its parent. There is one root, and it alone may be told anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import msgspec
from msgspec.structs import replace

from ohmstead.families.givenergy.facade import InverterFacade
from ohmstead.families.givenergy.serials import is_valid_serial
from ohmstead.families.givenergy.trust.pages import BATTERIES
from ohmstead.families.givenergy.views import (
    Battery,
    BatteryModule,
    Ems,
    Gateway,
    HvStack,
    Meter,
    SinglePhaseInverter,
    ThreePhaseInverter,
)


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """One row."""

    identity: str
    """Its serial, or else a name made of its place in the plant."""
    device_type: str
    parent: str | None
    device: object
    """The view of it."""
    serial_number: str | None = None
    firmware_version: str | None = None
    is_valid: bool = True
    """Whether it has said who it is."""
    is_control_authority: bool = False
    data_source: str = "direct"


class Described(Protocol):
    """What the list is made from."""

    @property
    def inverter_serial(self) -> str: ...
    @property
    def inverter(self) -> SinglePhaseInverter | ThreePhaseInverter: ...
    @property
    def ems(self) -> Ems | None: ...
    @property
    def gateway(self) -> Gateway | None: ...
    @property
    def inverters(self) -> list[InverterFacade]: ...
    @property
    def batteries(self) -> list[Battery]: ...
    @property
    def hv_stacks(self) -> list[HvStack]: ...
    @property
    def aio_battery_modules(self) -> list[BatteryModule]: ...
    @property
    def meters(self) -> dict[int, Meter]: ...


def devices(plant: Described) -> list[Device]:
    """The root, then its children by kind and identity; the modules of a stack after them."""
    root = _root(plant)
    children = sorted(_children(plant, root), key=lambda row: (row.device_type, row.identity))
    return list(_told_apart([root, *children]))


def _told_apart(rows: Iterable[Device]) -> Iterator[Device]:
    """Redacted plants have devices with the same serial: from the second on they are numbered."""
    seen: dict[str, int] = {}
    for row in rows:
        number = seen[row.identity] = seen.get(row.identity, 0) + 1
        yield row if number == 1 else replace(row, identity=f"{row.identity}#{number}")


def _root(plant: Described) -> Device:
    serial = plant.inverter_serial
    device: object = plant.gateway or plant.ems
    kind = "ems" if plant.gateway is None else "gateway"
    firmware: str | None = None
    if device is None:
        kind, device = "inverter", plant.inverter
        firmware = plant.inverter.firmware_version
    elif plant.gateway is not None:
        firmware = plant.gateway.software_version
    elif plant.ems is not None:
        firmware = plant.ems.firmware_version
    return Device(
        identity=serial or kind,
        device_type=kind,
        parent=None,
        device=device,
        serial_number=serial or None,
        firmware_version=firmware,
        is_valid=is_valid_serial(serial),
        is_control_authority=True,
    )


def _children(plant: Described, root: Device) -> Iterator[Device]:
    if root.device_type == "ems":
        yield from (_managed(inverter, root.identity) for inverter in plant.inverters)
    for battery in plant.batteries:
        number = battery.device_address - BATTERIES.start + 1
        row = _part("battery", battery, root, f"{root.identity}_battery_{number}", battery.serial_number)
        yield replace(row, firmware_version=_text(battery.bms_firmware_version))
    for module in plant.aio_battery_modules:
        fallback = f"{root.identity}_module_0x{module.device_address:02x}"
        yield _part("battery_module", module, root, fallback, module.serial_number)
    for address, meter in plant.meters.items():
        yield replace(_part("meter", meter, root, f"{root.identity}_meter_0x{address:02x}"), is_valid=True)
    for stack in plant.hv_stacks:
        yield from _stack(stack, root)


def _managed(inverter: InverterFacade, parent: str) -> Device:
    serial = inverter.serial_number
    return Device(
        identity=f"{serial}_managed" if inverter.is_blinded else serial,
        device_type="inverter",
        parent=parent,
        device=inverter,
        serial_number=serial,
        is_valid=is_valid_serial(serial),
        data_source=inverter.data_source,
    )


def _stack(stack: HvStack, root: Device) -> Iterator[Device]:
    fallback = f"{root.identity}_hvstack_0x{stack.device_address:02x}"
    row = _part("hv_stack", stack, root, fallback, stack.bcu.serial_number)
    yield replace(row, firmware_version=stack.bcu.pack_software_version)
    for number, module in enumerate(stack.bmus, 1):
        yield _part("battery_module", module, row, f"{row.identity}_bmu_{number}", module.serial_number)


def _part(kind: str, device: object, parent: Device, fallback: str, serial: str | None = None) -> Device:
    named = is_valid_serial(serial)
    return Device(
        identity=serial if serial is not None and named else fallback,
        device_type=kind,
        parent=parent.identity,
        device=device,
        serial_number=serial if named else None,
        is_valid=named,
    )


def _text(value: float | None) -> str | None:
    return None if value is None else str(value)


def by_serial(inverters: Sequence[InverterFacade]) -> dict[str, InverterFacade]:
    return {inverter.serial_number: inverter for inverter in inverters if inverter.serial_number}
