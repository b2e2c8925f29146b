"""How old what is known of a plant is. A page that came again as it was is fresh, but it has not changed; a page that
was not believed refreshes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ohmstead.families.givenergy.cache import BlockState, RegisterCache, place_of
from ohmstead.families.givenergy.types import Bank
from ohmstead.model import Clock


class Freshness:
    """Ages in seconds, None for what never came."""

    register_caches: dict[int, RegisterCache]
    _clock: Clock

    def block_age(self, device: int, bank: Bank, base: int, count: int) -> float | None:
        """Since a block was last stored."""
        state = self._block(device, bank, base, count)
        return None if state is None else self._since(state.stored_at)

    def content_unchanged_seconds(self, device: int, bank: Bank, base: int, count: int) -> float | None:
        """Since when a block has been byte for byte the same."""
        state = self._block(device, bank, base, count)
        return None if state is None else self._since(state.changed_at)

    def register_age(self, device: int, register: str) -> float | None:
        """Since the youngest block with a register such as `IR(52)` was stored."""
        bank, address = place_of(register)
        found = [
            state.stored_at
            for (of, base, count), state in self._blocks(device)
            if of == bank and base <= address < base + count and state.stored_at is not None
        ]
        return self._since(max(found, default=None))

    def block_present(self, device: int, bank: Bank, base: int, count: int) -> bool | None:
        """Whether the device has a block; None while that is not known."""
        state = self._block(device, bank, base, count)
        return None if state is None else state.is_present

    def mark_absent(self, device: int, bank: Bank, base: int, count: int) -> None:
        """Note that a device does not have a block."""
        cache = self.register_caches.setdefault(device, RegisterCache())
        cache.mark((bank, base, count), is_present=False)

    def invalidate_presence(self, device: int | None = None) -> None:
        """Forget which blocks are there and which are not: of a device, or of all."""
        for address, cache in self.register_caches.items():
            if device in (None, address):
                for state in cache.blocks.values():
                    state.is_present = None

    @property
    def last_updated_at(self) -> datetime | None:
        """When anything was stored last."""
        stored = (state.stored_at for device in self.register_caches for _, state in self._blocks(device))
        return max((at for at in stored if at is not None), default=None)

    def _block(self, device: int, bank: Bank, base: int, count: int) -> BlockState | None:
        cache = self.register_caches.get(device)
        return None if cache is None else cache.blocks.get((bank, base, count))

    def _blocks(self, device: int) -> Iterator[tuple[tuple[Bank, int, int], BlockState]]:
        cache = self.register_caches.get(device)
        return iter(()) if cache is None else iter(cache.blocks.items())

    def _since(self, at: datetime | None) -> float | None:
        return None if at is None else (self._clock.now() - at).total_seconds()
