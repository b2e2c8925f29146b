"""What is read when: the settings once in a while, the measurements every time, in an order that brings the most telling
page first. The windows are those of the vendor's app, on a grid of 60 registers.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Final

import msgspec

from ohmstead.families.givenergy.capabilities import PlantCapabilities
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.wire import ReadRequest

HV_BMS: Final = 0xA0
FIRST_CONTROLLER: Final = 0x70
FIRST_MODULE: Final = 0x50
FIRST_PACK: Final = 0x32
PACKS: Final = range(FIRST_PACK, 0x38)
METERS: Final = range(0x01, 0x09)
LV_BCU: Final = 0x31


class ExtraBlock(StrEnum):
    """Blocks that no unit has been seen to answer; read only when asked for."""

    SMART_LOAD = "smart_load"
    HV_CABINET = "hv_cabinet"
    PEAK_SHAVING = "peak_shaving"


EXTRA: Final = {
    ExtraBlock.SMART_LOAD: (540, 60),
    ExtraBlock.HV_CABINET: (499, 12),
    ExtraBlock.PEAK_SHAVING: (20000, 52),
}


class BankRead(msgspec.Struct, frozen=True):
    request: ReadRequest
    is_optional: bool = False
    """Tried once after each detection; whether it is there is only known then."""


def settings(plant: PlantCapabilities, extra: frozenset[ExtraBlock] = frozenset()) -> tuple[BankRead, ...]:
    """What `load_config` reads."""
    return tuple(_settings(plant, extra))


def measurements(plant: PlantCapabilities) -> tuple[BankRead, ...]:
    """What `refresh` reads."""
    return tuple(BankRead(request) for request in _measurements(plant))


def identity(address: int) -> ReadRequest:
    return ReadRequest(address, Bank.HR, 0, 60)


def page(address: int) -> ReadRequest:
    """Of a pack, a module or a controller."""
    return ReadRequest(address, Bank.IR, 60, 60)


def meter(address: int) -> ReadRequest:
    return ReadRequest(address, Bank.IR, 60, 30)


def short_page(address: int) -> ReadRequest:
    """Enough to know whether a controller is there; all that the HV configuration has."""
    return ReadRequest(address, Bank.IR, 60, 5)


def controller_serial(address: int) -> ReadRequest:
    return ReadRequest(address, Bank.IR, 120, 23)


def ems_summary(address: int) -> ReadRequest:
    return ReadRequest(address, Bank.IR, 2040, 55)


def _settings(plant: PlantCapabilities, extra: frozenset[ExtraBlock]) -> Iterator[BankRead]:
    at = plant.inverter_address
    yield BankRead(identity(at))
    if plant.is_ems:
        yield BankRead(ReadRequest(at, Bank.HR, 2040, 36))
        return
    for bank, base, count in ((Bank.HR, 60, 60), (Bank.HR, 120, 60), (Bank.IR, 120, 60)):
        yield BankRead(ReadRequest(at, bank, base, count))
    if plant.is_three_phase:
        for base, count in ((1000, 60), (1060, 60), (1120, 5)):
            yield BankRead(ReadRequest(at, Bank.HR, base, count))
    if plant.has_extended_slots or plant.has_optional_slot_block:
        yield BankRead(ReadRequest(at, Bank.HR, 240, 60), is_optional=not plant.has_extended_slots)
    for block in ExtraBlock:
        if block in extra:
            base, count = EXTRA[block]
            yield BankRead(ReadRequest(at, Bank.HR, base, count))
    if plant.has_ac_config_block:
        yield BankRead(ReadRequest(at, Bank.HR, 300, 60))


def _measurements(plant: PlantCapabilities) -> Iterator[ReadRequest]:
    at = plant.inverter_address
    if plant.is_ems:
        yield ems_summary(at)
    else:
        yield ReadRequest(at, Bank.IR, 0, 60)
        yield ReadRequest(at, Bank.IR, 180, 60)
    if plant.is_three_phase:
        for base in range(1000, 1360, 60):
            yield ReadRequest(at, Bank.IR, base, 60)
        yield ReadRequest(at, Bank.IR, 1360, 54)
    if plant.is_gateway:
        for base in range(1600, 1840, 60):
            yield ReadRequest(at, Bank.IR, base, 60)
        yield ReadRequest(at, Bank.IR, 1840, 20)
    yield from map(page, plant.lv_battery_addresses)
    if plant.lv_bcu_address is not None:
        yield page(plant.lv_bcu_address)
    yield from map(meter, plant.meter_addresses)
    for offset, _ in plant.bcu_stacks:
        yield page(FIRST_CONTROLLER + offset)
    yield from map(page, plant.aio_battery_module_addresses)
    yield from map(page, plant.hv_bmu_addresses)
