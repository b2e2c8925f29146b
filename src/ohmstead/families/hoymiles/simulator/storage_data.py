"""The data a storage gateway shows: who feeds whom, and each part of the inverter as a message of its own."""

from __future__ import annotations

import math
from typing import Final

import msgspec

from ohmstead.families.hoymiles.facts import encoder
from ohmstead.families.hoymiles.protos.storage_data_pb2 import (
    StorageBattery,
    StorageConsumption,
    StorageDataFromDtu,
    StorageFlow,
    StorageGridParam,
    StorageGridPhase,
    StorageInverterParam,
    StorageInverterPhase,
    StorageLoadParam,
    StorageLoadPhase,
    StorageProduction,
    StoragePv,
)
from ohmstead.kit.world import Bus, Cells, PanelState

UTC_OFFSET_S: Final = 3600
CURRENT_LIMIT_A: Final = 25.0
VOLTAGE_LIMITS_V: Final = (259.2, 201.6)
CELLS_IN_MODULE: Final = 12
WH_PER_KWH: Final = 1000.0

write_pv: Final = encoder(StoragePv)
write_battery: Final = encoder(StorageBattery)
write_production: Final = encoder(StorageProduction)
write_consumption: Final = encoder(StorageConsumption)
write_flow: Final = encoder(StorageFlow)
write_grid: Final = encoder(StorageGridPhase)
write_load: Final = encoder(StorageLoadPhase)
write_inverter: Final = encoder(StorageInverterPhase)
write_grid_param: Final = encoder(StorageGridParam)
write_load_param: Final = encoder(StorageLoadParam)
write_inverter_param: Final = encoder(StorageInverterParam)


class Now(msgspec.Struct, frozen=True):
    """Powers over the last second: solar + battery + grid = load."""

    solar_w: float = 0.0
    battery_w: float = 0.0
    """Discharging +."""
    grid_w: float = 0.0
    """Importing +."""
    load_w: float = 0.0
    solar_to_load_w: float = 0.0
    solar_to_battery_w: float = 0.0
    solar_to_grid_w: float = 0.0
    battery_to_load_w: float = 0.0
    battery_to_grid_w: float = 0.0
    grid_to_load_w: float = 0.0
    grid_to_battery_w: float = 0.0


class Flows:
    """Who feeds whom now, and has fed whom since midnight."""

    def __init__(self) -> None:
        self.now = Now()
        self.today_wh = dict.fromkeys(Now.__struct_fields__, 0.0)
        self.charged_wh = 0.0
        self.discharged_wh = 0.0
        self.imported_wh = 0.0
        self.exported_wh = 0.0

    def reset(self) -> None:
        """A new day."""
        self.today_wh = dict.fromkeys(Now.__struct_fields__, 0.0)
        self.charged_wh = self.discharged_wh = self.imported_wh = self.exported_wh = 0.0

    def count(self, demand_w: float, solar_w: float, battery_w: float, dt_s: float) -> None:
        """The home first, then the battery, then the street."""
        self.now = now = shared(demand_w, solar_w, battery_w)
        hours = dt_s / 3600.0
        for name in Now.__struct_fields__:
            self.today_wh[name] += getattr(now, name) * hours
        self.charged_wh += max(0.0, -now.battery_w) * hours
        self.discharged_wh += max(0.0, now.battery_w) * hours
        self.imported_wh += max(0.0, now.grid_w) * hours
        self.exported_wh += max(0.0, -now.grid_w) * hours


def shared(demand_w: float, solar_w: float, battery_w: float) -> Now:
    """A demand below zero is another source's surplus, which goes to the street past this inverter."""
    load_w = max(0.0, demand_w)
    charge_w, discharge_w = max(0.0, -battery_w), max(0.0, battery_w)
    solar_to_load_w = min(solar_w, load_w)
    solar_to_battery_w = min(solar_w - solar_to_load_w, charge_w)
    battery_to_load_w = min(discharge_w, load_w - solar_to_load_w)
    return Now(
        solar_w=solar_w,
        battery_w=battery_w,
        grid_w=demand_w - solar_w - battery_w,
        load_w=demand_w,
        solar_to_load_w=solar_to_load_w,
        solar_to_battery_w=solar_to_battery_w,
        solar_to_grid_w=solar_w - solar_to_load_w - solar_to_battery_w,
        battery_to_load_w=battery_to_load_w,
        battery_to_grid_w=discharge_w - battery_to_load_w,
        grid_to_load_w=load_w - solar_to_load_w - battery_to_load_w,
        grid_to_battery_w=charge_w - solar_to_battery_w,
    )


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """What a message is made of."""

    serial: int
    time_s: int
    bus: Bus
    strings: tuple[PanelState, ...]
    string_wh: tuple[float, ...]
    cells: Cells
    flows: Flows
    ambient_c: float


def message(picture: Picture) -> StorageDataFromDtu:
    answer = StorageDataFromDtu(
        serial=picture.serial, time=picture.time_s, utc_offset=UTC_OFFSET_S, packet_count=1
    )
    now, today_wh = picture.flows.now, picture.flows.today_wh
    write_production(
        answer.production,
        to_load_kwh=today_wh["solar_to_load_w"] / WH_PER_KWH,
        to_battery_kwh=today_wh["solar_to_battery_w"] / WH_PER_KWH,
        to_grid_kwh=today_wh["solar_to_grid_w"] / WH_PER_KWH,
    )
    write_consumption(
        answer.consumption,
        from_pv_kwh=today_wh["solar_to_load_w"] / WH_PER_KWH,
        from_battery_kwh=today_wh["battery_to_load_w"] / WH_PER_KWH,
        from_grid_kwh=today_wh["grid_to_load_w"] / WH_PER_KWH,
    )
    for index, state in enumerate(picture.strings):
        write_pv(
            answer.pv.add(index=index + 1),
            voltage_v=state.voltage_v,
            current_a=state.current_a,
            power_w=state.power_w,
            energy_kwh=picture.string_wh[index] / WH_PER_KWH,
        )
    write_flow(
        answer.flow,
        pv_to_load_w=now.solar_to_load_w,
        pv_to_battery_w=now.solar_to_battery_w,
        pv_to_grid_w=now.solar_to_grid_w,
        battery_to_load_w=now.battery_to_load_w,
        grid_to_load_w=now.grid_to_load_w,
        battery_to_grid_w=now.battery_to_grid_w,
        soc_pct=picture.cells.soc_pct,
    )
    _battery(answer.battery, picture)
    _sides(answer, picture)
    return answer


def _battery(battery: StorageBattery, picture: Picture) -> None:
    cells, flows = picture.cells, picture.flows
    voltages_v = cells.cell_voltages_v()
    modules_v = [
        sum(voltages_v[first : first + CELLS_IN_MODULE])
        for first in range(0, len(voltages_v), CELLS_IN_MODULE)
    ]
    battery.type = battery.status = 1
    battery.soh = 99
    write_battery(
        battery,
        soc_pct=cells.soc_pct,
        voltage_v=cells.voltage_v,
        current_a=-cells.current_a,
        power_w=-flows.now.battery_w,
        charge_current_limit_a=CURRENT_LIMIT_A,
        discharge_current_limit_a=CURRENT_LIMIT_A,
        charge_voltage_limit_v=VOLTAGE_LIMITS_V[0],
        discharge_voltage_limit_v=VOLTAGE_LIMITS_V[1],
        temperature_max_1_c=picture.ambient_c + 4.0,
        temperature_min_1_c=picture.ambient_c,
        temperature_max_2_c=picture.ambient_c + 4.0,
        temperature_min_2_c=picture.ambient_c,
        energy_charged_kwh=flows.charged_wh / WH_PER_KWH,
        energy_discharged_kwh=flows.discharged_wh / WH_PER_KWH,
        cell_voltage_max_v=max(voltages_v),
        cell_voltage_min_v=min(voltages_v),
        module_voltage_max_v=max(modules_v),
        module_voltage_min_v=min(modules_v),
    )


def _sides(answer: StorageDataFromDtu, picture: Picture) -> None:
    """Street, home and the inverter's own terminals, all on one phase."""
    bus, flows, now = picture.bus, picture.flows, picture.flows.now
    voltage_v = bus.voltage_v if bus.energised else 0.0
    frequency_hz = bus.frequency_hz if bus.energised else 0.0
    output_w = now.solar_w + now.battery_w
    answer.grid.param.status = answer.load.param.status = answer.inverter.param.status = int(bus.energised)
    write_grid_param(answer.grid.param, frequency_hz=frequency_hz)
    write_load_param(answer.load.param, frequency_hz=frequency_hz)
    write_inverter_param(
        answer.inverter.param,
        main_frequency_hz=frequency_hz,
        frequency_hz=frequency_hz,
        isolation_resistance_kohm=900,
    )
    write_grid(
        answer.grid.phases.add(phase=1),
        voltage_v=voltage_v,
        current_a=abs(now.grid_w) / voltage_v if voltage_v else 0.0,
        active_power_w=now.grid_w,
        power_factor_pct=math.copysign(99, now.grid_w) if now.grid_w else 0.0,
        energy_export_kwh=flows.exported_wh / WH_PER_KWH,
        energy_import_kwh=flows.imported_wh / WH_PER_KWH,
    )
    write_load(
        answer.load.phases.add(phase=1),
        voltage_v=voltage_v,
        active_power_w=now.load_w,
        energy_kwh=flows.today_wh["load_w"] / WH_PER_KWH,
    )
    write_inverter(
        answer.inverter.phases.add(phase=1),
        voltage_v=voltage_v,
        current_a=abs(output_w) / voltage_v if voltage_v else 0.0,
        active_power_w=output_w,
    )
