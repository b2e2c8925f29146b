"""Everything that is known of a plant: the registers of its devices, and views of them that are made when asked for.

A plant does no I/O. A client fills it; one can as well be built from registers that somebody saved (`from_caches`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Final, Self, TypeVar

import msgspec

from ohmstead.families.givenergy import presence, topology
from ohmstead.families.givenergy.cache import RegisterCache
from ohmstead.families.givenergy.capabilities import INVERTER, MIRROR, PlantCapabilities
from ohmstead.families.givenergy.dumping import Part, Show, device_shower, frozen, shower
from ohmstead.families.givenergy.facade import InverterFacade, facades
from ohmstead.families.givenergy.freshness import Freshness
from ohmstead.families.givenergy.listing import listed
from ohmstead.families.givenergy.redaction import redact_serial
from ohmstead.families.givenergy.registers.single_phase import SinglePhaseTable
from ohmstead.families.givenergy.serials import is_valid_serial
from ohmstead.families.givenergy.trust import Counters, Trust
from ohmstead.families.givenergy.types import MeterType
from ohmstead.families.givenergy.views import (
    Battery,
    BatteryModule,
    Ems,
    EmsMeter,
    Gateway,
    HvStack,
    LvBcu,
    Meter,
    SinglePhaseInverter,
    ThreePhaseInverter,
    ThreePhaseMeter,
    View,
)
from ohmstead.families.givenergy.views.stack import stacks_of
from ohmstead.model import Clock, RealClock

V = TypeVar("V", bound=View)

_EMPTY: Final = RegisterCache()


class _Kept(msgspec.Struct):
    """A view, and of which state of which cache."""

    view: View
    cache: RegisterCache
    stores: int


class Plant(Freshness):
    """See the module. `clock` tells ages; without one it is this machine's."""

    def __init__(self, *, clock: Clock | None = None, trust: Trust | None = None) -> None:
        self._clock = clock or RealClock()
        self.trust: Trust = trust or Trust()
        self.register_caches: dict[int, RegisterCache] = {}
        self.inverter_serial_number = ""
        """As the replies of the inverter name it: known first."""
        self.data_adapter_serial_number = ""
        self._capabilities: PlantCapabilities | None = None
        self._shows: Mapping[str, Show] = {}
        self._made_of: tuple[object, ...] = ()
        """What these follow from; the caches by identity, for two may be equal."""
        self._snapshot: Mapping[str, object] | None = None
        self._snapshot_of: tuple[object, ...] = ()
        self._views: dict[tuple[type[View], int], _Kept] = {}
        self.direct_sources: list[Plant] = []
        """Plants of inverters that an EMS manages and that can be reached themselves as well."""

    @classmethod
    def from_caches(
        cls,
        caches: Mapping[int, RegisterCache],
        prior: PlantCapabilities | None = None,
        *,
        clock: Clock | None = None,
    ) -> Self:
        """A plant from saved registers. With `prior`, only what it lists is looked at, as a detection does."""
        plant = cls(clock=clock)
        plant.register_caches.update(caches)
        plant.capabilities = (
            presence.derive(caches, None if prior is None else listed(prior, caches)) or prior
        )
        return plant

    @property
    def capabilities(self) -> PlantCapabilities | None:
        """What it is made of; None before it was detected."""
        return self._capabilities

    @capabilities.setter
    def capabilities(self, found: PlantCapabilities | None) -> None:
        self._capabilities = found
        self._views.clear()
        self._made_of, self._snapshot = (), None

    # Filling.
    def cache(self, device: int) -> RegisterCache:
        """The registers of a device, an empty store where there were none."""
        found = self.register_caches.get(device)
        if found is None:
            found = self.register_caches[device] = RegisterCache()
        return found

    def note_serials(self, device: int, envelope_serial: str, adapter_serial: str) -> None:
        """Who sent a frame. Only the inverter's own replies name the inverter."""
        self.data_adapter_serial_number = adapter_serial
        is_news = envelope_serial != self.inverter_serial_number
        if is_news and device in (INVERTER, MIRROR) and is_valid_serial(envelope_serial):
            self.inverter_serial_number = envelope_serial

    # Devices.
    @property
    def _address(self) -> int:
        return INVERTER if self._capabilities is None else self._capabilities.inverter_address

    @property
    def inverter_serial(self) -> str:
        """The best that is known: from its registers, or else from its replies."""
        serial = SinglePhaseTable.serial_number.read(self._pages(self._address))
        return serial if serial is not None and is_valid_serial(serial) else self.inverter_serial_number

    @property
    def inverter(self) -> SinglePhaseInverter | ThreePhaseInverter:
        """The inverter, or what is known of whatever answers in its place."""
        found = self._capabilities
        modules = None if found is None else sum(count for _, count in found.bcu_stacks) or None
        if found is not None and found.is_three_phase:
            return self._view(ThreePhaseInverter, self._address, modules=modules)
        return self._view(SinglePhaseInverter, self._address, modules=modules)

    @property
    def batteries(self) -> list[Battery]:
        """Low-voltage packs by address; one that has not been read yet is there with nothing in it."""
        found = self._capabilities
        if found is None:
            return []
        look = partial(
            self._view, Battery, inverter=found.device_type, inverter_firmware=found.arm_firmware_version
        )
        return [look(address) for address in sorted(found.lv_battery_addresses)]

    @property
    def number_batteries(self) -> int:
        return 0 if self._capabilities is None else len(self._capabilities.lv_battery_addresses)

    @property
    def lv_bcu(self) -> LvBcu | None:
        found = self._capabilities
        return (
            None if found is None or found.lv_bcu_address is None else self._view(LvBcu, found.lv_bcu_address)
        )

    @property
    def hv_stacks(self) -> list[HvStack]:
        found = self._capabilities
        return [] if found is None else stacks_of(found.bcu_stacks, found.hv_bmu_addresses, self._view)

    @property
    def aio_battery_modules(self) -> list[BatteryModule]:
        found = self._capabilities
        addresses = () if found is None else found.aio_battery_module_addresses
        return [
            self._view(BatteryModule, address, index=index) for index, address in enumerate(sorted(addresses))
        ]

    @property
    def meters(self) -> dict[int, Meter]:
        found = self._capabilities
        if found is None or not found.meter_addresses:
            return {}
        kind = self._meter_kind(found)
        return {address: self._view(kind, address) for address in sorted(found.meter_addresses)}

    @property
    def ems(self) -> Ems | None:
        found = self._capabilities
        return self._view(Ems, self._address) if found is not None and found.is_ems else None

    @property
    def gateway(self) -> Gateway | None:
        found = self._capabilities
        return self._view(Gateway, self._address) if found is not None and found.is_gateway else None

    # Inverters, and the whole.
    @property
    def inverters(self) -> list[InverterFacade]:
        """One per inverter: itself, or those that an EMS manages."""
        own = [] if self.ems is not None else [self]
        return facades(self.ems, [*own, *self.direct_sources])

    @property
    def serial_index(self) -> dict[str, InverterFacade]:
        """The inverters by serial."""
        return topology.by_serial(self.inverters)

    @property
    def devices(self) -> list[topology.Device]:
        """A flat list of everything, root first."""
        return topology.devices(self)

    @property
    def remaining_battery_energy_wh(self) -> float | None:
        """In all low-voltage packs that have said who they are; None when none has."""
        packs = [pack.remaining_energy_nominal_wh for pack in self.batteries if pack.is_valid]
        known = [energy_wh for energy_wh in packs if energy_wh is not None]
        return sum(known) if known else None

    def add_direct_source(self, caches: Mapping[int, RegisterCache]) -> None:
        """Registers of an inverter that an EMS manages and that can be reached itself as well."""
        self.direct_sources.append(type(self).from_caches(caches, clock=self._clock))

    def counters(self, device: int) -> Counters:
        """What happened to the pages of a device."""
        return self.trust.counters(device)

    def model_dump(self, *, enum_names: bool = False) -> dict[str, object]:
        """All views as plain values."""
        return {name: show(enum_names) for name, show in self._showers().items()}

    @property
    def snapshot(self) -> Mapping[str, object]:
        """As `model_dump`, but not to be changed, and the same object until something changes: for who looks often."""
        caches = self.register_caches.values()
        state = (sum([cache.changes for cache in caches]), *caches)
        if self._snapshot is None or self._snapshot_of != state:
            found = {name: frozen(part) for name, part in self.model_dump().items()}
            self._snapshot, self._snapshot_of = MappingProxyType(found), state
        return self._snapshot

    def _showers(self) -> Mapping[str, Show]:
        """How to show each part: as the last time, while the plant is made of the same."""
        found = self._capabilities
        meters = self._meter_kind(found) if found is not None and found.meter_addresses else None
        made_of = (meters, *map(id, self.register_caches.values()))
        if self._made_of != made_of:
            of = partial(device_shower, self.register_caches)
            self._shows = {name: shower(part, of) for name, part in self._look_at_all().items()}
            self._made_of = made_of
        return self._shows

    def _look_at_all(self) -> Mapping[str, Part]:
        return {
            "inverter": self.inverter,
            "batteries": self.batteries,
            "lv_bcu": self.lv_bcu,
            "hv_stacks": self.hv_stacks,
            "aio_battery_modules": self.aio_battery_modules,
            "meters": self.meters,
            "ems": self.ems,
            "gateway": self.gateway,
        }

    def model_dump_json(self, *, enum_names: bool = False) -> str:
        return msgspec.json.encode(self.model_dump(enum_names=enum_names)).decode()

    def redact(self) -> Self:
        """A copy that may be shown to anybody: no serial in it says which unit it was."""
        safe = type(self)(clock=self._clock)
        safe.register_caches.update(
            (at, cache.redact_serials()) for at, cache in self.register_caches.items()
        )
        safe.inverter_serial_number = redact_serial(self.inverter_serial_number) or ""
        safe.data_adapter_serial_number = redact_serial(self.data_adapter_serial_number) or ""
        safe.capabilities = self._capabilities
        safe.direct_sources = [source.redact() for source in self.direct_sources]
        return safe

    def _meter_kind(self, found: PlantCapabilities) -> type[Meter]:
        if found.is_ems:
            return EmsMeter
        fitted = SinglePhaseTable.meter_type.read(self._pages(self._address))
        has_three = found.is_three_phase if fitted is None else fitted is MeterType.CT_OR_EM418
        return ThreePhaseMeter if has_three and not found.is_gateway else Meter

    def _pages(self, address: int) -> Mapping[str, Any]:  # Any: pages
        cache = self.register_caches.get(address)
        return {} if cache is None else cache.pages()

    def _view(self, kind: type[V], address: int, **context: Any) -> V:  # Any: what the kind wants to know
        cache = self.register_caches.get(address, _EMPTY)
        kept = self._views.get((kind, address))
        if kept is not None and kept.cache is cache:
            # The key says which kind it is, which no checker can follow.
            view: V = kept.view  # type: ignore[assignment]
            if kept.stores != cache.stores:
                kept.view = view = view.later(cache.pages(), cache.page_times())
                kept.stores = cache.stores
            return view
        view = kind(cache.pages(), address=address, times=cache.page_times(), **context)
        self._views[kind, address] = _Kept(view, cache, cache.stores)
        return view
