"""What stands behind a line, as devices of the house, and what of it is remembered over a restart."""

from __future__ import annotations

import msgspec

from ohmstead.families.franklinwh.discovery import DeviceSnapshot
from ohmstead.model import DeviceId, DeviceInfo

FAMILY = "franklinwh"


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """Enough to read and to name everything; remembered, so that a restart asks for live data first."""

    serial: str
    model: str = "aGate"
    firmware: str = ""
    time_zone: str = ""
    """Empty where it is not known."""
    capacity_wh: float | None = None
    has_generator: bool = False
    generator_serial: str = ""
    has_port: bool = False
    """The hardware has a vehicle port, and the gateway its licence."""
    circuits: tuple[int, ...] = ()
    """Those of the module; the third row of a V1 module is the vehicle port, also where nothing enables it."""
    circuits_serial: str = ""


def parts_of(snapshot: DeviceSnapshot) -> Parts:
    fitted = snapshot.accessories
    circuits = fitted.smart_circuits
    has_port = snapshot.flags.v2l_eligible and snapshot.flags.v2l_enabled
    numbers = range(1, circuits.count + 1) if circuits else ()
    capacity_kwh = snapshot.batteries.total_capacity_kwh
    serials = {item.accessory_type: item.serial for item in fitted.items}
    return Parts(
        serial=snapshot.agate.serial,
        model=snapshot.agate.model_name or "aGate",
        firmware=snapshot.agate.firmware or "",
        time_zone=snapshot.site.timezone or "",
        capacity_wh=None if capacity_kwh is None else capacity_kwh * 1000,
        has_generator=snapshot.flags.generator_detected,
        generator_serial=serials.get(3, ""),
        has_port=has_port,
        circuits=tuple(
            n for n in numbers if not (has_port and n == 3) and not (n == 2 and circuits and circuits.merged)
        ),
        circuits_serial=serials.get(4, ""),
    )


class Ids(msgspec.Struct, frozen=True):
    """The device ids of one gateway and its parts."""

    name: str
    serial: str

    @property
    def gateway(self) -> DeviceId:
        return DeviceId(f"{self.name}/{self.serial}")

    @property
    def generator(self) -> DeviceId:
        return DeviceId(f"{self.gateway}.generator")

    @property
    def port(self) -> DeviceId:
        return DeviceId(f"{self.gateway}.v2l")

    def circuit(self, number: int) -> DeviceId:
        return DeviceId(f"{self.gateway}.circuit-{number}")


def devices(parts: Parts, ids: Ids) -> dict[DeviceId, DeviceInfo]:
    found = [
        DeviceInfo(
            id=ids.gateway, family=FAMILY, model=parts.model, serial=parts.serial, firmware=parts.firmware
        )
    ]
    if parts.has_generator:
        found.append(_info(ids.generator, "Generator Module", parts.generator_serial))
    if parts.has_port:
        found.append(_info(ids.port, "Vehicle port", parts.circuits_serial))
    found += [
        _info(ids.circuit(number), f"Smart circuit {number}", parts.circuits_serial)
        for number in parts.circuits
    ]
    return {info.id: info for info in found}


def _info(device: DeviceId, model: str, serial: str) -> DeviceInfo:
    return DeviceInfo(id=device, family=FAMILY, model=model, serial=serial or device.partition("/")[2])
