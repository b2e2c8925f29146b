"""Which addresses a remembered plant speaks of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ohmstead.families.givenergy import presence
from ohmstead.families.givenergy.capabilities import PlantCapabilities

SWEPT: Final = (
    (presence.METERS, ("meter_addresses",)),
    (presence.PACKS, ("lv_battery_addresses",)),
    (range(presence.LV_BCU, presence.LV_BCU + 1), ("lv_bcu_address",)),
    (presence.MODULES, ("aio_battery_module_addresses", "hv_bmu_addresses")),
    (presence.CONTROLLERS, ("bcu_stacks",)),
)
"""Where devices of a kind may be, and the keys of the stored form that list them."""


def listed(prior: PlantCapabilities, addresses: Iterable[int]) -> frozenset[int]:
    """The addresses that a stored form lists, and all of a kind that it does not mention."""
    return frozenset(address for address in addresses if _counts(prior, address))


def _counts(prior: PlantCapabilities, address: int) -> bool:
    keys = next((keys for places, keys in SWEPT if address in places), ())
    return not keys or not prior.absent.isdisjoint(keys) or address in prior.addresses
