"""What `get_stats` tells, under the documented names. Powers are kW and energies kWh, with the wire's signs: the battery
is positive while discharging, the grid while importing. A field that was absent or wrong holds its zero, and stands in
`Stats.missing` or `Stats.bad`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

import msgspec

from ohmstead.families.franklinwh.facts.codes import GridConnectionState


class Current(msgspec.Struct, frozen=True, kw_only=True):
    """Now. Relays are raw: 1 is shown OPEN and means connected, see `relay_connected`."""

    solar_production: float = 0.0
    generator_production: float = 0.0
    battery_use: float = 0.0
    grid_use: float = 0.0
    home_load: float = 0.0
    battery_soc: float = 0.0
    # State
    grid_connection_state: GridConnectionState = GridConnectionState.CONNECTED
    offgrid_reason: int | None = None
    offgrid_reason_alt: int | None = None
    """Of the installation flags; it flaps during a requested off-grid period."""
    offgrid_flag: int = 0
    work_mode: int = 1
    work_mode_desc: str = ""
    device_status: int = 0
    tou_mode: int = 0
    tou_mode_desc: str = ""
    run_status: int = 0
    run_status_desc: str = ""
    effective_mode: str = ""
    slave_state: int | None = None
    elecnet_state: int | None = None
    tariff_kind: int = 0
    alarms_count: int = 0
    alarms: list[Any] = msgspec.field(default_factory=list)  # Any: the vendor's records
    # Packs, in the order of their serials
    apower_serial_numbers: list[str] = msgspec.field(default_factory=list)
    apower_soc: list[float] = msgspec.field(default_factory=list)
    apower_power: list[float] = msgspec.field(default_factory=list)
    apower_bms_mode: list[int] = msgspec.field(default_factory=list)
    apower_pcs_state: list[int] = msgspec.field(default_factory=list)
    apower_infi_status: list[int] = msgspec.field(default_factory=list)
    apower_heat_state: list[int] | None = None
    # Gateway
    agate_ambient_temparture: float = 0.0
    grid_relay1: int = 1
    """Counts as connected where nothing is said."""
    generator_relay: int = 0
    solar_relay1: int = 0
    mobile_signal: float = 0.0
    wifi_signal: float = 0.0
    network_connection: int = 0
    # Circuits, vehicle port, generator
    switch_1_load: float = 0.0
    switch_2_load: float = 0.0
    switch_3_load: float | None = None
    switch_1_state: int = 0
    switch_2_state: int = 0
    switch_3_state: int = 0
    v2l_use: float = 0.0
    """The CarSW channel, signed as on the wire; circuit 3 where there is no vehicle port."""
    v2l_export: float = 0.0
    v2l_import: float = 0.0
    v2l_enabled: int = 0
    v2l_status: int = 0
    v2l_relay: int = 0
    generator_enabled: int = 0
    generator_status: int = 0
    # Energy today, in spite of the names
    grid_charging_battery: float = 0.0
    solar_export_to_grid: float = 0.0
    solar_charging_battery: float = 0.0
    battery_export_to_grid: float = 0.0
    # Solar
    apbox_remote_solar: float | None = None
    remote_solar_enabled: int = 0
    remote_solar_mode: int = 0
    remote_solar_pv1: float = 0.0
    remote_solar_pv2: float = 0.0
    three_phase_pv_power: float | None = None
    mppt_status: int = 0
    mppt_all_power: float = 0.0
    mppt_active_power: float = 0.0
    mpan_pv1_power: float = 0.0
    mpan_pv2_power: float = 0.0
    mppt_en_flag: bool = False
    mppt_export_en: int = 0
    install_pv1_port: int = 0
    install_pv2_port: int = 0
    pv_split_ct_en: int = 0
    grid_split_ct_en: int = 0
    install_proximal_solar: int = 0
    is_three_phase_install: int = 0
    # The last electrical read
    electrical_time: datetime | None = None
    grid_voltage1: float = 0.0
    grid_voltage2: float = 0.0
    grid_current1: float = 0.0
    grid_current2: float = 0.0
    grid_frequency: float = 0.0
    grid_set_frequency: float = 0.0
    grid_line_voltage: float = 0.0
    generator_voltage: float = 0.0
    load_current1: float = 0.0
    load_current2: float = 0.0
    dsp_run_status: int = 0
    ibg_run_status: int = 0
    electricity_type: int = 0
    grid_relay2: int = 0
    black_start_relay: int = 0
    pv_relay2: int = 0
    bfpv_apbox_relay: int = 0
    load_relay1: int = 0
    load_relay2: int = 0
    load_solar_relay1: int = 0
    load_solar_relay2: int = 0
    # The plan's block of now, where the tariff was asked for
    active_tou_name: str = ""
    active_tou_dispatch: str = ""
    active_tou_dispatch_id: int | None = None
    active_tou_wave_type: int | None = None
    active_tou_wave_type_desc: str = ""
    active_tou_start: str = ""
    active_tou_end: str = ""
    active_tou_remaining: str = ""

    @property
    def agate_ambient_temperature(self) -> float:
        """°C; `agate_ambient_temparture` is its older spelling."""
        return self.agate_ambient_temparture

    @property
    def run_status_dec(self) -> str:
        """An older spelling of `run_status_desc`."""
        return self.run_status_desc


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """kWh since the gateway's own midnight; those of circuits and vehicle port since they were fitted."""

    battery_charge: float = 0.0
    battery_discharge: float = 0.0
    grid_import: float = 0.0
    grid_export: float = 0.0
    solar: float = 0.0
    generator: float = 0.0
    home_use: float = 0.0
    solar_load_kwh: float = 0.0
    grid_load_kwh: float = 0.0
    battery_load_kwh: float = 0.0
    generator_load_kwh: float = 0.0
    switch_1_use: float = 0.0
    switch_2_use: float = 0.0
    switch_3_use: float | None = None
    v2l_export: float = 0.0
    v2l_import: float = 0.0
    v2l_export_today: float | None = None
    """Since midnight, or since this client first looked that day; None until it did."""
    v2l_import_today: float | None = None
    mpan_pv1_wh: float | None = None
    mpan_pv2_wh: float | None = None


class Stats(msgspec.Struct, frozen=True, kw_only=True):
    """`is_stale`: not the gateway's own answer of now, and `stale_reason` says why: `stored_answer`, `empty_payload`,
    `rate_limited` or `gateway_offline`. `sample_time` is when the values were true, as far as known.
    """

    current: Current = Current()
    totals: Totals = Totals()
    is_stale: bool = False
    stale_reason: str = ""
    sample_time: datetime | None = None
    raw: Mapping[str, Any] = MappingProxyType({})
    """The untouched record, with null where the gateway had nothing to say. Any: the vendor's JSON."""
    missing: frozenset[str] = frozenset()
    """Attributes such as `current.battery_soc` that were null or absent."""
    bad: Mapping[str, str] = MappingProxyType({})
    """Attributes that came with what cannot be true, and what was wrong with it."""
