"""Gives the units of a plant numbers again. Recordings were blanked, so all that were made in one week share a serial."""

from __future__ import annotations

from functools import partial
from typing import Final
from zlib import crc32

from ohmstead.families.givenergy.redaction import GROUPS, ZEROS, redact_serial
from ohmstead.families.givenergy.registers.kinds import text
from ohmstead.families.givenergy.serials import MODULE_SERIAL, split_serial, words_of
from ohmstead.families.givenergy.simulator.store import Store
from ohmstead.families.givenergy.types import Bank

FIRST_PACK: Final = 0x32
FIRST_PACK_SERIAL: Final = (Bank.HR, 8)
"""The inverter repeats the serial of its first pack."""


def number_units(store: Store, seed: int) -> None:
    """Every serial in the registers that names no unit gets one: by device, so that packs can be told apart."""
    for device in store.devices:
        for bank, base, count in GROUPS:
            words = store.words(device, bank, base, count)
            of = FIRST_PACK if (bank, base) == FIRST_PACK_SERIAL else device
            if words is not None and redact_serial(text(words)) == text(words):
                _put(store, device, bank, base, numbered(text(words), seed, of))
        _number_split(store, device, seed)


def _number_split(store: Store, device: int, seed: int) -> None:
    words = split_serial(partial(store.words, device))
    serial = "" if words is None else text(words)
    if redact_serial(serial) == serial:
        bank, base, _ = MODULE_SERIAL
        _put(store, device, bank, base + 1, numbered(serial, seed, device)[2:])


def numbered(serial: str, seed: int, device: int = 0) -> str:
    """The serial with a unit number, the same for the same seed; one that has a number keeps it."""
    if not serial.endswith(ZEROS):
        return serial
    number = 1 + crc32(f"{serial}/{device}/{seed}".encode()) % 999
    return f"{serial[:-3]}{number:03}"


def _put(store: Store, device: int, bank: Bank, base: int, serial: str) -> None:
    store.put(device, bank, base, words_of(serial))
