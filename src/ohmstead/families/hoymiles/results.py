"""What a client hands out: values with their unit in the name, serials as texts, aware times.

The numbers are decoded by functions that `facts.decoder` makes from the `.proto` files, so no scale stands here. Zero
values do not travel; a device that is not linked sends only who it is, and its measurements are `None` here, not 0.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import msgspec

from ohmstead.families.hoymiles.facts import decoder, facts
from ohmstead.families.hoymiles.protos.config_pb2 import ConfigGetFromDtu
from ohmstead.families.hoymiles.protos.facts_pb2 import Secrecy
from ohmstead.families.hoymiles.protos.heartbeat_pb2 import HeartbeatFromDtu
from ohmstead.families.hoymiles.protos.inventory_pb2 import (
    AppDevInfoFromDtu,
    AppDtuInfo,
    AppMeterInfo,
    Feature,
    InverterInfo,
    RepeaterInfo,
)
from ohmstead.families.hoymiles.protos.live_pb2 import (
    MeterData,
    PortData,
    RapidShutdownData,
    RealDataNewFromDtu,
    RepeaterData,
    SinglePhaseData,
    ThreePhaseData,
)

ENCRYPTION_FLAG: Final = 1 << 25
EARLIEST_SET_CLOCK_S: Final = 1_000_000_000
"""A DTU that was never told the time counts seconds since it started; no such count gets near the year 2001."""


def instant(time_s: int) -> datetime | None:
    """A time on the wire; `None` while the device's clock is not set."""
    return datetime.fromtimestamp(time_s, UTC) if time_s >= EARLIEST_SET_CLOCK_S else None


# --- inventory ------------------------------------------------------------------------------------------------------


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


_decode_dtu: Final = decoder(AppDtuInfo, Dtu)
_decode_inverter: Final = decoder(InverterInfo, Inverter)
_decode_meter_info: Final = decoder(AppMeterInfo, Meter)
_decode_repeater_info: Final = decoder(RepeaterInfo, Repeater)
_decode_feature: Final = decoder(Feature, AppFeature)


class _InventoryTotals(msgspec.Struct, frozen=True):
    dtu_serial: str
    time_unix_s: int
    device_count: int
    pv_port_count: int


_decode_inventory_totals: Final = decoder(AppDevInfoFromDtu, _InventoryTotals)


def inventory(packets: tuple[AppDevInfoFromDtu, ...], received_at: datetime) -> Inventory:
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


# --- heartbeat --------------------------------------------------------------------------------------------------------


class _Heartbeat(msgspec.Struct, frozen=True):
    utc_offset_s: int
    time_unix_s: int
    signal_dbm: int
    dtu_serial: str


class Heartbeat(msgspec.Struct, frozen=True, kw_only=True):
    dtu_serial: str
    received_at: datetime
    clock: datetime | None
    utc_offset_s: int
    """99999 from a DTU that has none."""
    signal_dbm: int


_decode_heartbeat: Final = decoder(HeartbeatFromDtu, _Heartbeat)


def heartbeat(message: HeartbeatFromDtu, received_at: datetime) -> Heartbeat:
    found = _decode_heartbeat(message)
    return Heartbeat(
        dtu_serial=found.dtu_serial,
        received_at=received_at,
        clock=instant(found.time_unix_s),
        utc_offset_s=found.utc_offset_s,
        signal_dbm=found.signal_dbm,
    )


# --- live data --------------------------------------------------------------------------------------------------------


class SinglePhase(msgspec.Struct, frozen=True):
    """One single-phase inverter on its AC side."""

    serial: str
    format_version: int | None = None
    voltage_v: float | None = None
    frequency_hz: float | None = None
    active_power_w: float | None = None
    reactive_power_var: float | None = None
    current_a: float | None = None
    power_factor: float | None = None
    temperature_c: float | None = None
    warning_counter: int | None = None
    crc: int | None = None
    link_status: int = 0
    power_limit_pct: float | None = None
    link_quality: int = 0

    @property
    def is_linked(self) -> bool:
        return self.link_status != 0


class ThreePhase(msgspec.Struct, frozen=True):
    """One three-phase inverter on its AC side."""

    serial: str
    format_version: int | None = None
    voltage_a_v: float | None = None
    voltage_b_v: float | None = None
    voltage_c_v: float | None = None
    voltage_ab_v: float | None = None
    voltage_bc_v: float | None = None
    voltage_ca_v: float | None = None
    frequency_hz: float | None = None
    active_power_w: float | None = None
    reactive_power_var: float | None = None
    current_a_a: float | None = None
    current_b_a: float | None = None
    current_c_a: float | None = None
    power_factor: float | None = None
    temperature_c: float | None = None
    warning_counter: int | None = None
    crc: int | None = None
    link_status: int = 0
    link_quality: int = 0

    @property
    def is_linked(self) -> bool:
        return self.link_status != 0


class Port(msgspec.Struct, frozen=True):
    """One PV input, on its DC side."""

    serial: str
    """Of the inverter."""
    port: int
    voltage_v: float | None = None
    current_a: float | None = None
    power_w: float | None = None
    energy_total_wh: int | None = None
    energy_today_wh: int | None = None
    status_code: int | None = None


class MeterPhases(msgspec.Struct, frozen=True):
    """A meter's values. Powers are positive while importing."""

    device_type: int
    serial: str
    power_total_w: int
    power_a_w: int
    power_b_w: int
    power_c_w: int
    power_factor_total: float
    export_total_wh: int
    export_a_wh: int
    export_b_wh: int
    export_c_wh: int
    import_total_wh: int
    import_a_wh: int
    import_b_wh: int
    import_c_wh: int
    fault: int
    voltage_a_v: float
    voltage_b_v: float
    voltage_c_v: float
    current_a_a: float
    current_b_a: float
    current_c_a: float
    power_factor_a: float
    power_factor_b: float
    power_factor_c: float

    @property
    def is_consistent(self) -> bool:
        """Totals equal the sums of their phases in every good sample; some DTUs of a group deliver garbage."""
        return (
            self.export_total_wh == self.export_a_wh + self.export_b_wh + self.export_c_wh
            and self.import_total_wh == self.import_a_wh + self.import_b_wh + self.import_c_wh
        )


class RepeaterState(msgspec.Struct, frozen=True):
    serial: str
    signal: int
    channel: int
    pv_port_count: int
    link_status: int


class RapidShutdown(msgspec.Struct, frozen=True):
    serial: str
    format_version: int
    voltage_v: float
    power_w: float
    temperature_c: float
    warning_counter: int
    crc: int
    link_status: int


class Live(msgspec.Struct, frozen=True, kw_only=True):
    """One data set of a DTU, put together from all its packets."""

    dtu_serial: str
    received_at: datetime
    data_time_s: int
    """The device's stamp of the data set. Unchanged means the same data set, whatever its clock says."""
    is_stale: bool
    """The same data set as in the read before."""
    is_partial: bool
    """Fewer inverters than the inventory has."""
    single_phase: tuple[SinglePhase, ...]
    three_phase: tuple[ThreePhase, ...]
    ports: tuple[Port, ...]
    meters: tuple[MeterPhases, ...]
    repeaters: tuple[RepeaterState, ...]
    rapid_shutdown: tuple[RapidShutdown, ...]
    dtu_power_w: float
    dtu_energy_today_wh: int
    """May fall when an inverter leaves the radio; totals are those of the ports."""
    packets: tuple[RealDataNewFromDtu, ...]
    """As they came."""

    @property
    def data_time(self) -> datetime | None:
        return instant(self.data_time_s)


_linked_single_phase: Final = decoder(SinglePhaseData, SinglePhase)
_linked_three_phase: Final = decoder(ThreePhaseData, ThreePhase)
_linked_port: Final = decoder(PortData, Port)
_decode_meter: Final = decoder(MeterData, MeterPhases)
_decode_repeater: Final = decoder(RepeaterData, RepeaterState)
_decode_rapid_shutdown: Final = decoder(RapidShutdownData, RapidShutdown)


class _Identity(msgspec.Struct, frozen=True):
    serial: str
    link_quality: int


class _PortIdentity(msgspec.Struct, frozen=True):
    serial: str
    port: int
    energy_total_wh: int


_single_phase_identity: Final = decoder(SinglePhaseData, _Identity)
_three_phase_identity: Final = decoder(ThreePhaseData, _Identity)
_port_identity: Final = decoder(PortData, _PortIdentity)


class _Totals(msgspec.Struct, frozen=True):
    dtu_power_w: float
    dtu_energy_today_wh: int


_decode_totals: Final = decoder(RealDataNewFromDtu, _Totals)


def live(
    packets: tuple[RealDataNewFromDtu, ...],
    received_at: datetime,
    *,
    is_stale: bool = False,
    expected_inverters: int = 0,
) -> Live:
    """The packets of one read, at least one, as one data set."""
    first = packets[0]
    single = tuple([_single_phase(m) for p in packets for m in p.single_phase])
    three = tuple([_three_phase(m) for p in packets for m in p.three_phase])
    away = {i.serial for i in single if not i.link_status} | {i.serial for i in three if not i.link_status}
    totals = _decode_totals(first)
    return Live(
        dtu_serial=first.dtu_serial,
        received_at=received_at,
        data_time_s=first.time,
        is_stale=is_stale,
        is_partial=len(single) + len(three) < expected_inverters,
        single_phase=single,
        three_phase=three,
        ports=tuple([_port(m, away) for p in packets for m in p.ports]),
        meters=tuple([_decode_meter(m) for p in packets for m in p.meters]),
        repeaters=tuple([_decode_repeater(m) for p in packets for m in p.repeaters]),
        rapid_shutdown=tuple([_decode_rapid_shutdown(m) for p in packets for m in p.rapid_shutdown]),
        dtu_power_w=totals.dtu_power_w,
        dtu_energy_today_wh=totals.dtu_energy_today_wh,
        packets=packets,
    )


def _single_phase(message: SinglePhaseData) -> SinglePhase:
    if message.link_status:
        return _linked_single_phase(message)
    known = _single_phase_identity(message)
    return SinglePhase(known.serial, link_quality=known.link_quality)


def _three_phase(message: ThreePhaseData) -> ThreePhase:
    if message.link_status:
        return _linked_three_phase(message)
    known = _three_phase_identity(message)
    return ThreePhase(known.serial, link_quality=known.link_quality)


def _port(message: PortData, away: set[str]) -> Port:
    if not away:
        return _linked_port(message)
    known = _port_identity(message)
    if known.serial not in away:
        return _linked_port(message)
    return Port(known.serial, known.port, energy_total_wh=known.energy_total_wh)


# --- configuration ----------------------------------------------------------------------------------------------------


class _Settings(msgspec.Struct, frozen=True):
    dtu_serial: str
    utc_offset_s: int
    time_unix_s: int
    power_limit_pct: float | None
    server_send_time_min: int
    server_domain: str
    server_port: int
    net_mode: int
    access_mode: int
    wifi_quality_pct: int
    meter_kind: str
    meter_interface: str


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """The settings most people ask for. `image` is all of it, passwords in clear: this struct's text blanks them."""

    settings: _Settings
    received_at: datetime
    image: ConfigGetFromDtu

    @property
    def dtu_serial(self) -> str:
        return self.settings.dtu_serial

    @property
    def power_limit_pct(self) -> float | None:
        """Of the whole DTU; `None` where the firmware does not say."""
        return self.settings.power_limit_pct

    @property
    def clock(self) -> datetime | None:
        return instant(self.settings.time_unix_s)

    def shown(self) -> dict[str, str | int | float]:
        """Every field that is set, by name, scaled, secrets blanked."""
        found: dict[str, str | int | float] = {}
        for field, raw in self.image.ListFields():
            fact = facts(ConfigGetFromDtu)[field.name]
            blanked = fact.secrecy in (Secrecy.SECRET, Secrecy.SERIAL)
            found[fact.name] = "***" if blanked else raw if isinstance(raw, str) else fact.value(raw)
        return found

    def __repr__(self) -> str:
        return f"Config({self.shown()})"


_decode_settings: Final = decoder(ConfigGetFromDtu, _Settings)


def config(message: ConfigGetFromDtu, received_at: datetime) -> Config:
    return Config(settings=_decode_settings(message), received_at=received_at, image=message)
