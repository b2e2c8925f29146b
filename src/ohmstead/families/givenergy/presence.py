"""Who is there. A reply proves nothing: adapters answer for empty addresses, with zeros or with what was left over.

Sources: captures of eight plants; HV plants answer for meters they do not have, LV plants for packs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from ohmstead.families.givenergy.capabilities import INVERTER, MODULES_OF_AN_AIO, PlantCapabilities
from ohmstead.families.givenergy.models import Model, resolve
from ohmstead.families.givenergy.serials import (
    MODULE_SERIAL,
    PACK_SERIAL,
    is_valid_serial,
    split_serial,
    text_of,
)
from ohmstead.families.givenergy.types import Bank
from ohmstead.kit.wire.tables import Words

METERS: Final = range(0x01, 0x09)
PACKS: Final = range(0x32, 0x38)
LV_BCU: Final = 0x31
MODULES: Final = range(0x50, 0x70)
CONTROLLERS: Final = range(0x70, 0x90)
HV_BMS: Final = 0xA0
PAGE: Final = 60

TYPE_CODE: Final = 0
ARM_FIRMWARE: Final = 21
STACK_VERSION_WORDS: Final = 4
STACKS: Final = 61
MODULES_OF_A_STACK: Final = 64


def identify(cache: Words) -> tuple[str, Model | None, int | None] | None:
    """Type code, model and ARM firmware of what stands at the inverter's address; None while that is not known."""
    code = cache.words(Bank.HR, TYPE_CODE, 1)
    if code is None:
        return None
    firmware = cache.words(Bank.HR, ARM_FIRMWARE, 1)
    number = firmware[0] if firmware else 0
    text = f"{code[0]:04x}"
    return text, resolve(text, number), number or None


def is_meter(cache: Words) -> bool:
    return bool(_sum(cache, PAGE, 1))


def is_pack(cache: Words) -> bool:
    serial = cache.words(*PACK_SERIAL)
    return serial is not None and is_valid_serial(text_of(serial).rstrip("\0 "))


def is_lv_bcu(cache: Words) -> bool:
    return bool(_sum(cache, PAGE, 4))


def is_controller(cache: Words) -> bool:
    return bool(_sum(cache, PAGE, STACK_VERSION_WORDS))


def is_module(cache: Words) -> bool:
    serial = cache.words(*MODULE_SERIAL)
    if serial is not None and serial[0] == 0:
        serial = split_serial(cache.words)
    return serial is not None and bool(text_of(serial).strip("\0 "))


def stack_count(management: Words) -> int:
    """How many stacks the configuration at 0xA0 speaks of."""
    return min(_sum(management, STACKS, 1), len(CONTROLLERS))


def module_count(controller: Words) -> int:
    return min(_sum(controller, MODULES_OF_A_STACK, 1), len(MODULES))


def derive(caches: Mapping[int, Words], addresses: Iterable[int] | None = None) -> PlantCapabilities | None:
    """What a plant is made of, from what its devices said. None when the inverter said nothing, or of no model we know.

    `addresses`: those that count; without it all do.
    """
    known = {address: caches[address] for address in sorted(addresses or caches) if address in caches}
    found = identify(known[INVERTER]) if INVERTER in known else None
    _, model, firmware = found or ("", None, None)
    if model is None:
        return None
    bare = PlantCapabilities(device_type=model, arm_firmware_version=firmware)
    has_packs = not bare.is_hv and not bare.is_ems
    stacks = _stacks(known) if bare.is_hv else ()
    modules = _modules(known, stacks)
    is_aio = model is Model.ALL_IN_ONE
    return PlantCapabilities(
        device_type=model,
        arm_firmware_version=firmware,
        meter_addresses=tuple(a for a in known if a in METERS and is_meter(known[a])),
        lv_battery_addresses=tuple(a for a in known if has_packs and a in PACKS and is_pack(known[a])),
        lv_bcu_address=LV_BCU if has_packs and LV_BCU in known and is_lv_bcu(known[LV_BCU]) else None,
        bcu_stacks=stacks,
        aio_battery_module_addresses=modules[:MODULES_OF_AN_AIO] if is_aio else (),
        hv_bmu_addresses=() if is_aio else modules,
    )


def _stacks(known: Mapping[int, Words]) -> tuple[tuple[int, int], ...]:
    present = (a for a in known if a in CONTROLLERS and is_controller(known[a]))
    return tuple((address - CONTROLLERS.start, module_count(known[address])) for address in present)


def _modules(known: Mapping[int, Words], stacks: tuple[tuple[int, int], ...]) -> tuple[int, ...]:
    places = MODULES[: sum(modules for _, modules in stacks)]
    return tuple(a for a in known if a in places and is_module(known[a]))


def _sum(cache: Words, address: int, count: int) -> int:
    words = cache.words(Bank.IR, address, count)
    return sum(words) if words else 0
