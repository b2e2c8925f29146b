"""Who the devices of a plant are, and what is remembered of them: a restart knows them before it has asked anybody."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from ohmstead.families.givenergy.capabilities import PlantCapabilities
from ohmstead.families.givenergy.facade import InverterFacade
from ohmstead.families.givenergy.plant import Plant
from ohmstead.families.givenergy.topology import Device
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.views import HvStack, View
from ohmstead.model import DeviceId, DeviceInfo

IDENTITY_WORDS: Final = 60
ROOTS: Final = frozenset({"inverter", "ems", "gateway"})


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One device behind the adapter."""

    kind: str
    place: str
    """Its address; for an inverter behind a controller, its serial."""
    info: DeviceInfo


class Memory(msgspec.Struct, frozen=True, kw_only=True):
    """What a restart starts from. It is checked against the plant as soon as somebody has seen a reading."""

    capabilities: dict[str, Any]  # Any: its stored form, which it reads itself
    identity: tuple[int, ...]
    """HR(0) to HR(59) of the inverter: what it is, and how its registers are to be read."""
    parts: tuple[Part, ...]
    """The root first."""

    def encode(self) -> str:
        return msgspec.json.encode(self).decode()

    @classmethod
    def decode(cls, text: str | None) -> tuple[Memory, PlantCapabilities] | None:
        """None for nothing, and for a form that this version does not read: then everything is looked for again."""
        try:
            memory = msgspec.json.decode(text or "null", type=Memory | None)
            return None if memory is None else (memory, PlantCapabilities.from_dict(memory.capabilities))
        except (msgspec.DecodeError, ValueError):
            return None


def remembered(plant: Plant, parts: tuple[Part, ...]) -> Memory | None:
    found = plant.capabilities
    address = plant.inverter.device_address
    words = plant.cache(address).words(Bank.HR, 0, IDENTITY_WORDS)
    if found is None or words is None or not parts:
        return None
    return Memory(capabilities=found.to_dict(), identity=words, parts=parts)


def restore(plant: Plant, memory: Memory, capabilities: PlantCapabilities) -> None:
    """Take it for granted until it is checked. What is restored has no time: nothing of it was received."""
    plant.capabilities = capabilities
    plant.cache(capabilities.inverter_address).store(Bank.HR, 0, memory.identity)


def parts_of(plant: Plant, name: str) -> tuple[Part, ...]:
    """All devices of a plant that was detected, the root first, named after their source."""
    model = "" if plant.capabilities is None else plant.capabilities.device_type.name
    return tuple(
        Part(
            kind=row.device_type,
            place=_place(row.device),
            info=DeviceInfo(
                id=DeviceId(f"{name}/{row.identity}"),
                family="givenergy",
                model=model if row.parent is None else row.device_type,
                serial=row.serial_number or row.identity,
                firmware=row.firmware_version or "",
                name=_title(row, name),
            ),
        )
        for row in plant.devices
    )


def views_of(plant: Plant, part: Part) -> tuple[View, ...]:
    """The views that show a part; none for one that only its controller speaks of."""
    if part.kind == "gateway" and plant.gateway is not None:
        return (plant.gateway, plant.inverter)
    if part.kind == "ems" and plant.ems is not None:
        return (plant.ems,)
    if part.kind == "inverter":
        return (plant.inverter,) if plant.ems is None else ()
    places = {_place(view): view for view in _views(plant)}
    view = places.get(part.place)
    return () if view is None else (view,)


def _views(plant: Plant) -> list[View]:
    modules = [module for stack in plant.hv_stacks for module in stack.bmus]
    stacks = [stack.bcu for stack in plant.hv_stacks]
    return [*plant.batteries, *plant.aio_battery_modules, *plant.meters.values(), *stacks, *modules]


def _place(device: object) -> str:
    if isinstance(device, InverterFacade):
        return device.serial_number
    if isinstance(device, View | HvStack):
        return f"0x{device.device_address:02x}"
    return ""


def _title(row: Device, name: str) -> str:
    if row.parent is None:
        return name
    place = _place(row.device).removeprefix("0x")
    return f"{name} {row.device_type.replace('_', ' ')} {place}".rstrip()
