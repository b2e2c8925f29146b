"""One device's registers, read and written through the lines of its tables."""

from __future__ import annotations

from typing import TypeVar

from ohmstead.families.givenergy.simulator.store import Store
from ohmstead.families.givenergy.types import Bank
from ohmstead.kit.wire.tables import Field

T = TypeVar("T")


class Sheet:
    def __init__(self, store: Store, device: int) -> None:
        self.store = store
        self.device = device

    def get(self, field: Field[T]) -> T | None:
        """None where the registers do not exist or make no sense."""
        words = self.store.words(self.device, Bank(field.bank), field.address, field.count)
        return None if words is None else field.decode(words)

    def is_on(self, field: Field[bool]) -> bool:
        """A switch that does not exist is off."""
        return self.get(field) is True

    def number(self, field: Field[float] | Field[int]) -> float:
        """The same, 0 where there is none."""
        words = self.store.words(self.device, Bank(field.bank), field.address, field.count)
        return 0.0 if words is None else field.decode(words) or 0.0

    def set(self, field: Field[T], value: T) -> None:
        """Write where the registers exist."""
        bank = Bank(field.bank)
        before = self.store.words(self.device, bank, field.address, field.count)
        if before is not None:
            self.store.put(self.device, bank, field.address, field.encode(value, before))

    def count(self, field: Field[float], value: float) -> None:
        """Write a counter, which never shows more than it has and starts again when it is full."""
        per = field.facts.per
        raw = int(value * per + 1e-6) % (field.codec.high + 1)
        self.set(field, raw / per)
