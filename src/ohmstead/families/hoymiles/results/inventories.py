"""What hangs on a DTU."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from ohmstead.families.hoymiles import protos
from ohmstead.families.hoymiles.crypto import ENCRYPTION_FLAG
from ohmstead.families.hoymiles.decoders import decoder
from ohmstead.families.hoymiles.results.instants import instant


class Dtu(msgspec.Struct, frozen=True):
    device_kind: int
    software_version: int
    hardware_version: int
    step_time_min: int
    rf_hardware_version: int
    rf_software_version: int
    access_mode: int
    communication_time_unix_s: int
    signal_strength_pct: int
    mobile_version: str
    wifi_version: str
    rule_id: int
    error_code: int
    rs485_mode: int
    rs485_address: int
    sub1g_band: int
    feature_flags: int
    dtu_type: int

    @property
    def wants_encryption(self) -> bool:
        return bool(self.feature_flags & ENCRYPTION_FLAG)


class Inverter(msgspec.Struct, frozen=True):
    device_kind: int
    serial: str
    software_version: int
    hardware_part_number: int
    hardware_version: int
    grid_profile_version: int
    grid_profile_standard: int
    rf_hardware_version: int
    rf_software_version: int
    rule_id: int


class Meter(msgspec.Struct, frozen=True):
    device_kind: int
    serial: str
    model: int
    ct_ratio: int
    com_way: int
    access_mode: int
    software_version: int
    value: str


class Repeater(msgspec.Struct, frozen=True):
    device_kind: int
    serial: str
    software_version: int
    hardware_version: int
    rule_id: int


class AppFeature(msgspec.Struct, frozen=True):
    key: int
    value: str


class Inventory(msgspec.Struct, frozen=True, kw_only=True):
    dtu_serial: str
    received_at: datetime
    clock: datetime | None
    """The DTU's; `None` while it is not set."""
    dtu: Dtu
    inverters: tuple[Inverter, ...]
    meters: tuple[Meter, ...] = ()
    repeaters: tuple[Repeater, ...] = ()
    features: tuple[AppFeature, ...] = ()
    device_count: int = 0
    pv_port_count: int = 0

    @property
    def is_partial(self) -> bool:
        return len(self.inverters) < self.device_count


_decode_dtu: Final = decoder(lambda: protos.inventory.AppDtuInfo, Dtu)
_decode_inverter: Final = decoder(lambda: protos.inventory.InverterInfo, Inverter)
_decode_meter_info: Final = decoder(lambda: protos.inventory.AppMeterInfo, Meter)
_decode_repeater_info: Final = decoder(lambda: protos.inventory.RepeaterInfo, Repeater)
_decode_feature: Final = decoder(lambda: protos.inventory.Feature, AppFeature)


class _InventoryTotals(msgspec.Struct, frozen=True):
    dtu_serial: str
    time_unix_s: int
    device_count: int
    pv_port_count: int


_decode_inventory_totals: Final = decoder(lambda: protos.inventory.AppDevInfoFromDtu, _InventoryTotals)


def inventory(packets: tuple[protos.inventory.AppDevInfoFromDtu, ...], received_at: datetime) -> Inventory:
    """The packets of one read, at least one, as one list."""
    first = packets[0]
    totals = _decode_inventory_totals(first)
    return Inventory(
        dtu_serial=totals.dtu_serial,
        received_at=received_at,
        clock=instant(totals.time_unix_s),
        dtu=_decode_dtu(first.dtu),
        inverters=tuple([_decode_inverter(m) for p in packets for m in p.inverters]),
        meters=tuple([_decode_meter_info(m) for p in packets for m in p.meters]),
        repeaters=tuple([_decode_repeater_info(m) for p in packets for m in p.repeaters]),
        features=tuple([_decode_feature(m) for p in packets for m in p.features]),
        device_count=totals.device_count,
        pv_port_count=totals.pv_port_count,
    )
