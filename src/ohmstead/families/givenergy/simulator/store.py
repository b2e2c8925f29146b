"""What stands in the registers of every device on the bus. A register that was never declared does not exist there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ohmstead.families.givenergy.types import Bank

_ORDER: Final = {Bank.HR: 0, Bank.IR: 1, Bank.MR: 2}


class Store:
    def __init__(self) -> None:
        self._banks: dict[tuple[int, Bank], dict[int, int]] = {}

    def declare(self, device: int, bank: Bank, base: int, words: Sequence[int]) -> None:
        """Make registers exist, and say what stands in them."""
        self._banks.setdefault((device, bank), {}).update(enumerate(words, base))

    def words(self, device: int, bank: Bank, base: int, count: int) -> tuple[int, ...] | None:
        """None when one of them does not exist."""
        registers = self._banks.get((device, bank))
        if registers is None:
            return None
        try:
            return tuple([registers[address] for address in range(base, base + count)])
        except KeyError:
            return None

    def get(self, device: int, bank: Bank, address: int) -> int | None:
        return self._banks.get((device, bank), {}).get(address)

    def put(self, device: int, bank: Bank, base: int, words: Sequence[int]) -> None:
        """Write what exists; the rest of `words` is lost."""
        registers = self._banks.get((device, bank), {})
        for address, word in enumerate(words, base):
            if address in registers:
                registers[address] = word

    def has(self, device: int) -> bool:
        return any(address == device for address, _ in self._banks)

    def remove(self, device: int) -> Store:
        """Take a device off the bus; what it held, to put it back with `add`."""
        removed = Store()
        for key in [key for key in self._banks if key[0] == device]:
            removed._banks[key] = self._banks.pop(key)
        return removed

    def add(self, other: Store) -> None:
        for (device, bank), registers in other._banks.items():
            self._banks.setdefault((device, bank), {}).update(registers)

    @property
    def devices(self) -> tuple[int, ...]:
        return tuple(sorted({device for device, _ in self._banks}))

    def blocks(self, device: int) -> Iterator[tuple[Bank, int, tuple[int, ...]]]:
        """A device's runs of registers: bank, base and words."""
        banks = sorted((b for d, b in self._banks if d == device), key=lambda bank: _ORDER[bank])
        for bank in banks:
            for base, words in _runs(self._banks[device, bank]):
                yield bank, base, words


def _runs(registers: Mapping[int, int]) -> Iterator[tuple[int, tuple[int, ...]]]:
    run: list[int] = []
    for address in sorted(registers):
        if run and address != run[-1] + 1:
            yield run[0], tuple(registers[a] for a in run)
            run = []
        run.append(address)
    if run:
        yield run[0], tuple(registers[a] for a in run)
