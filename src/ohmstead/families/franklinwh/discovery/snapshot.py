"""Everything that is known of one gateway and its site. None: the cloud does not say, or the call failed.

Names are those that users of the vendor's cloud know. Units stand in the names, or beside them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec


class Site(msgspec.Struct, frozen=True, kw_only=True):
    site_id: int | str | None = None
    site_name: str | None = None
    gateway_name: str | None = None
    address: str | None = None
    country: str | None = None
    country_id: int | None = None
    province: str | None = None
    province_id: int | None = None
    city: str | None = None
    postcode: str | None = None
    latitude: str | None = None
    """Degrees, as the text that the cloud has."""
    longitude: str | None = None
    timezone: str | None = None
    utc_offset: float | None = None
    """Hours."""
    dst_active: bool | None = None
    alpha_code: str | None = None
    electric_company: str | None = None
    tariff_name: str | None = None
    der_schedule: str | None = None
    grid_profile: str | None = None
    pto_date: str | None = None


class Agate(msgspec.Struct, frozen=True, kw_only=True):
    serial: str = ""
    model: str | None = None
    model_name: str | None = None
    sku: str | None = None
    hw_version: int | None = None
    hw_version_str: str | None = None
    generation: int | None = None
    protocol_ver: str | None = None
    firmware: str | None = None
    status: int | None = None
    """1 online."""
    active_status: int | None = None
    device_time: str | None = None
    """Civil time of the site's zone."""
    conn_type: int | None = None
    conn_type_name: str | None = None
    sim_status: int | None = None
    sim_status_name: str | None = None
    wifi_signal: float | None = None
    """%, as the next."""
    mobile_signal: float | None = None
    ibg_version: str | None = None
    sl_version: str | None = None
    aws_version: str | None = None
    app_version: str | None = None
    meter_version: str | None = None
    msa_model: str | None = None
    msa_serial: str | None = None
    ad_module_hd_ver: str | None = None
    ad_module_app_ver: str | None = None
    activated: datetime | None = None
    installed: datetime | None = None
    created: datetime | None = None


class PackUnit(msgspec.Struct, frozen=True, kw_only=True):
    serial: str = ""
    model_name: str | None = None
    rated_power_kw: float | None = None
    rated_capacity_kwh: float | None = None
    remaining_kwh: float | None = None
    soc: float | None = None
    """%"""
    status: int | None = None
    pe_hw_ver: int | None = None
    fpga_version: str | None = None
    dcdc_version: str | None = None
    inv_version: str | None = None
    bms_version: str | None = None
    bl_version: str | None = None
    th_version: str | None = None
    mppt_version: str | None = None
    bms_state: str | None = None
    pcs_state: str | None = None


class Batteries(msgspec.Struct, frozen=True, kw_only=True):
    count: int = 0
    total_capacity_kwh: float | None = None
    total_rated_power_kw: float | None = None
    units: tuple[PackUnit, ...] = ()


class AccessoryItem(msgspec.Struct, frozen=True, kw_only=True):
    serial: str = ""
    accessory_type: int | None = None
    type_name: str = ""
    name: str | None = None
    create_time: str | int | None = None
    catalogue_id: int | None = None
    """Derived: the cloud tells the kind only."""
    sku: str | None = None


class SmartCircuits(msgspec.Struct, frozen=True, kw_only=True):
    count: int = 0
    """Of the module, without the vehicle port of a V1 module."""
    rows: int = 0
    """Of the circuits record that belong to the module: on a US V1 module the port is the third."""
    version: int | None = None
    merged: bool | None = None
    names: tuple[str | None, ...] = ()
    modes: tuple[int | None, ...] = ()
    v2l_port: bool | None = None
    v2l_enabled: bool | None = None
    schedules: tuple[tuple[str, ...] | None, ...] = ()


class GeneratorSummary(msgspec.Struct, frozen=True, kw_only=True):
    present: bool = False
    enabled: bool | None = None
    state: int | None = None
    mode: int | None = None
    manual_switch: int | None = None
    start_below_soc: int | None = None
    """%"""
    stop_above_soc: int | None = None
    """%"""
    rated_power: int | None = None
    """W"""
    model: str | None = None
    charge_windows: tuple[tuple[str, str], ...] = ()


class Accessories(msgspec.Struct, frozen=True, kw_only=True):
    items: tuple[AccessoryItem, ...] = ()
    has_smart_circuits: bool = False
    has_generator: bool = False
    """In the list of accessories. A generator may be switched on without standing there: `flags.generator_detected`."""
    has_apbox: bool = False
    has_ahub: bool = False
    has_mac1: bool = False
    smart_circuits: SmartCircuits | None = None
    generator: GeneratorSummary | None = None
    generator_state: str | None = None
    v2l_state: str | None = None
    apbox_count: int | None = None
    apbox_di: tuple[int, ...] | None = None
    apbox_do_status: tuple[int, ...] | None = None


class Flags(msgspec.Struct, frozen=True, kw_only=True):
    solar: bool | None = None
    solar_detail: tuple[str, ...] = ()
    tariff_configured: bool | None = None
    pcs_enabled: bool | None = None
    off_grid: bool | None = None
    off_grid_simulated: bool | None = None
    off_grid_permanent: bool | None = None
    off_grid_reason: int | None = None
    mppt_enabled: bool | None = None
    three_phase: bool | None = None
    ct_split_grid: bool | None = None
    ct_split_pv: bool | None = None
    v2l_enabled: bool = False
    """The licence flag. It says nothing about hardware."""
    v2l_eligible: bool = False
    v2l_note: str = ""
    v2l_reason: str = ""
    generator_enabled: bool | None = None
    generator_detected: bool = False
    remote_solar: bool | None = None
    sgip: bool | None = None
    bb: bool | None = None
    ja12: bool | None = None
    ja12_joined: bool | None = None
    sdcp: bool | None = None
    vpp_enrolled: bool | None = None
    nem_type: str | None = None
    nem_type_raw: int | None = None
    ahub_detected: bool | None = None
    mac1_detected: bool | None = None
    charging_power_limited: bool | None = None
    need_ct_test: bool | None = None


class GridLimits(msgspec.Struct, frozen=True, kw_only=True):
    """-1: without a limit; 0: not allowed."""

    connected: bool | None = None
    """The site has a utility service at all."""
    pcs_entrance: bool | None = None
    global_discharge_max_kw: float | None = None
    global_charge_max_kw: float | None = None
    feed_max_kw: float | None = None
    import_max_kw: float | None = None
    peak_demand_max_kw: float | None = None
    feed_max_flag: int | None = None
    import_max_flag: int | None = None
    bb_discharge_power: float | None = None
    """kW"""
    backup_solution: str | None = None


class Electrical(msgspec.Struct, frozen=True, kw_only=True):
    v_l1: float | None = None
    v_l2: float | None = None
    i_l1: float | None = None
    i_l2: float | None = None
    frequency: float | None = None
    """Hz"""
    relays: Mapping[str, bool] = {}
    """True: connected. Its raw number is 1, which the vendor's app shows as OPEN."""
    relays_raw: Mapping[str, int] = {}
    operating_mode: int | None = None
    operating_mode_name: str | None = None
    run_status: int | None = None
    run_status_name: str | None = None
    device_status: int | None = None
    soc: float | None = None
    """%"""
    tou_status: int | None = None
    tou_dispatch_count: int | None = None
    supported_modes: tuple[str, ...] = ()


class DeviceSnapshot(msgspec.Struct, frozen=True, kw_only=True):
    tier: int
    timestamp: datetime
    """When it was taken; aware, UTC."""
    region_quirks: tuple[str, ...] = ()
    accessory_quirks: tuple[str, ...] = ()
    errors: Mapping[str, str] = {}
    """Calls that failed, with the reason."""
    site: Site = Site()
    agate: Agate = Agate()
    batteries: Batteries = Batteries()
    accessories: Accessories = Accessories()
    flags: Flags = Flags()
    grid: GridLimits = GridLimits()
    electrical: Electrical = Electrical()
    warranty: Mapping[str, Any] = {}  # Any: as the cloud has it; the same of the next two
    programmes: Mapping[str, Any] = {}
    local: Mapping[str, Any] = {}

    def to_dict(self, *, redact: bool = False) -> dict[str, Any]:
        """A JSON-safe copy; redacted, it tells neither who nor where."""
        from ohmstead.families.franklinwh.discovery.redacting import redacted  # noqa: PLC0415

        whole: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(self))
        return redacted(whole) if redact else whole
