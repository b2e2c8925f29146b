"""A storage gateway and the hybrid inverters behind it. Energies in kWh, as they come.

The signs of the battery's power and current were never verified: positive is taken for charging. Some fields have other
names elsewhere, which values of a recorded system showed to be wrong.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import msgspec

from ohmstead.families.hoymiles import protos
from ohmstead.families.hoymiles.decoders import decoder


class GatewayUnit(msgspec.Struct, frozen=True):
    model: int
    software_version: int
    hardware_version: int
    communication_mode: int
    rule_id: int
    signal: int
    feature_flags: int


class Gateway(msgspec.Struct, frozen=True, kw_only=True):
    serial: int
    """Decimal, unlike those of micro-inverters; every further request names it."""
    received_at: datetime
    time_unix_s: int
    units: tuple[GatewayUnit, ...]
    device_serials: tuple[int, ...]


class StorageUnit(msgspec.Struct, frozen=True):
    """A hybrid inverter with its battery."""

    serial: int
    type: int
    hardware_version: str
    software_version_main: str
    software_version_slave: str
    software_version_system: str
    bms_hardware_version: str
    bms_software_version: str
    bms_capacity: int
    pv_count: int
    address: int
    model_name: str

    @property
    def text(self) -> str:
        """The serial as it is printed."""
        return str(self.serial)


class PvString(msgspec.Struct, frozen=True):
    index: int
    voltage_v: float
    current_a: float
    power_w: int
    energy_kwh: float


class Battery(msgspec.Struct, frozen=True):
    type: int
    status: int
    fault: int
    soc_pct: int
    soh_pct: int
    voltage_v: float
    current_a: float
    power_w: int
    charge_current_limit_a: float
    discharge_current_limit_a: float
    charge_voltage_limit_v: float
    discharge_voltage_limit_v: float
    temperature_max_1_c: float
    temperature_min_1_c: float
    energy_charged_kwh: float
    energy_discharged_kwh: float
    cell_voltage_max_v: float
    cell_voltage_min_v: float


class Flow(msgspec.Struct, frozen=True):
    pv_to_load_w: int
    pv_to_battery_w: int
    pv_to_grid_w: int
    battery_to_load_w: int
    grid_to_load_w: int
    battery_to_grid_w: int
    soc_pct: int


class GridPhase(msgspec.Struct, frozen=True):
    phase: int
    voltage_v: float
    current_a: float
    active_power_w: int
    reactive_power_var: int
    power_factor_pct: int
    energy_export_kwh: float
    energy_import_kwh: float


class LoadPhase(msgspec.Struct, frozen=True):
    phase: int
    voltage_v: float
    active_power_w: int
    energy_kwh: float


class InverterPhase(msgspec.Struct, frozen=True):
    phase: int
    voltage_v: float
    current_a: float
    active_power_w: int
    reactive_power_var: int
    eps_voltage_v: float
    eps_current_a: float
    eps_power_w: int


class GeneratorPhase(msgspec.Struct, frozen=True):
    phase: int
    voltage_v: float
    current_a: float
    active_power_w: int
    reactive_power_var: int
    energy_kwh: float


class Storage(msgspec.Struct, frozen=True, kw_only=True):
    """One hybrid inverter's present. What the system does not have is empty or `None`."""

    serial: int
    received_at: datetime
    time_unix_s: int
    pv: tuple[PvString, ...] = ()
    battery: Battery | None = None
    flow: Flow | None = None
    grid: tuple[GridPhase, ...] = ()
    load: tuple[LoadPhase, ...] = ()
    inverter: tuple[InverterPhase, ...] = ()
    generator: tuple[GeneratorPhase, ...] = ()
    pv_inverter: tuple[GeneratorPhase, ...] = ()


_decode_gateway_unit: Final = decoder(lambda: protos.gateway.GatewayDetails, GatewayUnit)
_decode_unit: Final = decoder(lambda: protos.storage_registry.StorageInverter, StorageUnit)
_decode_pv: Final = decoder(lambda: protos.storage_data.StoragePv, PvString)
_decode_battery: Final = decoder(lambda: protos.storage_data.StorageBattery, Battery)
_decode_flow: Final = decoder(lambda: protos.storage_data.StorageFlow, Flow)
_decode_grid: Final = decoder(lambda: protos.storage_data.StorageGridPhase, GridPhase)
_decode_load: Final = decoder(lambda: protos.storage_data.StorageLoadPhase, LoadPhase)
_decode_inverter: Final = decoder(lambda: protos.storage_data.StorageInverterPhase, InverterPhase)
_decode_generator: Final = decoder(lambda: protos.storage_data.StorageGeneratorPhase, GeneratorPhase)


def gateway(packets: tuple[protos.gateway.GatewayInfoFromDtu, ...], received_at: datetime) -> Gateway:
    first = packets[0]
    return Gateway(
        serial=first.serial,
        received_at=received_at,
        time_unix_s=first.time,
        units=tuple(_decode_gateway_unit(unit) for packet in packets for unit in packet.gateways),
        device_serials=tuple(device.serial for packet in packets for device in packet.devices),
    )


def storage_units(message: protos.storage_registry.StorageRegistryFromDtu) -> tuple[StorageUnit, ...]:
    return tuple(_decode_unit(unit) for unit in message.inverters)


def storage(packets: tuple[protos.storage_data.StorageDataFromDtu, ...], received_at: datetime) -> Storage:
    """The packets of one read, at least one: each part from the packet that has it."""

    def every(part: str, lists: str, decode: Any) -> tuple[Any, ...]:  # Any: whichever part it is
        return tuple(decode(m) for packet in packets for m in getattr(getattr(packet, part), lists))

    batteries = [_decode_battery(p.battery) for p in packets if p.HasField("battery")]
    flows = [_decode_flow(p.flow) for p in packets if p.HasField("flow")]
    return Storage(
        serial=packets[0].serial,
        received_at=received_at,
        time_unix_s=packets[0].time,
        pv=tuple(_decode_pv(m) for packet in packets for m in packet.pv),
        battery=batteries[0] if batteries else None,
        flow=flows[0] if flows else None,
        grid=every("grid", "phases", _decode_grid),
        load=every("load", "phases", _decode_load),
        inverter=every("inverter", "phases", _decode_inverter),
        generator=every("generator", "phases", _decode_generator),
        pv_inverter=every("pv_inverter", "phases", _decode_generator),
    )
