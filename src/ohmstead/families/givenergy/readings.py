"""What a plant measures, in the house's words. The only place where a sign or a unit is turned.

The vendor counts export and discharge as positive at the inverter; an EMS shows its grid meter with import as positive,
as seen on one plant. Counters are in kWh there, in Wh here. A hybrid measures the DC side of its strings and its battery
and the AC side of its terminal: what lies between is its conversion loss. AC-coupled units show PV that is not theirs,
and on three phases the nodes are not confirmed, so no loss is stated for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from ohmstead.families.givenergy.lifetime import lifetime_kwh
from ohmstead.families.givenergy.plant import Plant
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.views import Ems, Gateway, SinglePhaseInverter, ThreePhaseInverter, View
from ohmstead.families.givenergy.wire import ReadRequest
from ohmstead.kit.wire.tables import Field
from ohmstead.model import (
    BatteryReading,
    DeviceId,
    GridReading,
    LoadReading,
    Quality,
    Reading,
    SolarReading,
)

HANGING: Final = timedelta(minutes=5)
"""A page that has not come for so long, or was not believed, is old news."""
KILO: Final = 1000.0


def live_request(plant: Plant) -> ReadRequest:
    """The one page that says most of what is flowing."""
    found = plant.capabilities
    address = plant.inverter.device_address
    if found is not None and found.is_ems:
        return ReadRequest(address, Bank.IR, 2040, 55)
    if found is not None and found.is_gateway:
        return ReadRequest(address, Bank.IR, 1600, 60)
    if found is not None and found.is_three_phase:
        return ReadRequest(address, Bank.IR, 1060, 60)
    return ReadRequest(address, Bank.IR, 0, 60)


def readings(plant: Plant, device: DeviceId, now: datetime) -> tuple[Reading, ...]:
    """All roles of the plant, each with the age of its own page. A role without any page yet is left out."""
    if plant.ems is not None:
        return tuple(_ems(plant.ems, device, now))
    if plant.gateway is not None:
        return tuple(_gateway(plant.gateway, device, now))
    inverter = plant.inverter
    if isinstance(inverter, ThreePhaseInverter):
        return tuple(_three_phase(inverter, device, now))
    return tuple(_single_phase(inverter, device, now, plant))


def _single_phase(
    view: SinglePhaseInverter, device: DeviceId, now: datetime, plant: Plant
) -> Iterator[Reading]:
    known = _known(view, SinglePhaseInverter.p_grid_out, now)
    if known is None:
        return
    at, quality = known
    has_strings = view.model is None or view.model.name != "AC"
    losses_w = _losses_w(view)
    if has_strings:
        yield SolarReading(
            device=device,
            at=at,
            quality=quality,
            power_w=view.p_pv,
            losses_w=losses_w,
            energy_wh=_wh(view.e_pv_total),
        )
    if _has_battery(plant):
        charged_kwh, discharged_kwh = lifetime_kwh(view, plant.batteries)
        yield BatteryReading(
            device=device,
            at=at,
            quality=quality,
            power_w=view.p_battery,
            losses_w=None if has_strings else losses_w,
            soc_pct=view.battery_soc,
            capacity_wh=_wh(view.battery_capacity_kwh),
            charged_wh=_wh(charged_kwh),
            discharged_wh=_wh(discharged_kwh),
            temperature_c=view.t_battery,
        )
    yield GridReading(
        device=device,
        at=at,
        quality=quality,
        power_w=_turned(view.p_grid_out),
        imported_wh=_wh(view.e_grid_in_total),
        exported_wh=_wh(view.e_grid_out_total),
        voltage_v=view.v_ac1,
        frequency_hz=view.f_ac1,
        connected=None if view.system_mode is None else view.system_mode != 0,
    )
    yield LoadReading(device=device, at=at, quality=quality, power_w=view.p_load_demand)


def _losses_w(view: SinglePhaseInverter) -> float | None:
    """Between the DC side and the terminal. The two are not sampled in one instant: below zero says nothing."""
    strings_w, battery_w, terminal_w = view.p_pv, view.p_battery, view.p_grid_out_ph1
    if view.model is not None and view.model.name == "ALL_IN_ONE":
        return None
    if view.model is not None and view.model.name == "AC":
        strings_w = 0.0
    if strings_w is None or battery_w is None or terminal_w is None:
        return None
    return max(0.0, strings_w + battery_w - terminal_w)


def _three_phase(view: ThreePhaseInverter, device: DeviceId, now: datetime) -> Iterator[Reading]:
    if known := _known(view, ThreePhaseInverter.p_pv1, now):
        at, quality = known
        yield SolarReading(
            device=device, at=at, quality=quality, power_w=view.p_pv, energy_wh=_wh(view.e_pv_total)
        )
    if known := _known(view, ThreePhaseInverter.p_battery_discharge, now):
        at, quality = known
        yield BatteryReading(
            device=device,
            at=at,
            quality=quality,
            power_w=view.p_battery,
            soc_pct=view.battery_soc,
            capacity_wh=_wh(view.battery_capacity_kwh),
            charged_wh=_wh(view.e_battery_charge_total),
            discharged_wh=_wh(view.e_battery_discharge_total),
        )
    if known := _known(view, ThreePhaseInverter.p_meter_import, now):
        at, quality = known
        yield GridReading(
            device=device,
            at=at,
            quality=quality,
            power_w=_less(view.grid_import_power, view.grid_export_power),
            imported_wh=_wh(view.e_import_total),
            exported_wh=_wh(view.e_export_total),
            frequency_hz=view.f_ac1,
            connected=None if view.system_mode is None else view.system_mode != 0,
        )
        yield LoadReading(
            device=device,
            at=at,
            quality=_provisional(quality),
            power_w=view.p_load_all,
            energy_wh=_wh(view.e_load_total),
        )


def _ems(view: Ems, device: DeviceId, now: datetime) -> Iterator[Reading]:
    known = _known(view, Ems.grid_meter_power, now)
    if known is None:
        return
    at, quality = known
    charges = [found.battery_soc for found in view.managed_inverters if found.battery_soc is not None]
    yield SolarReading(device=device, at=at, quality=quality, power_w=view.total_generation_load_power)
    yield BatteryReading(
        device=device,
        at=at,
        quality=quality,
        power_w=view.total_battery_power,
        soc_pct=_mean(charges),
    )
    yield GridReading(device=device, at=at, quality=_provisional(quality), power_w=view.grid_meter_power)
    yield LoadReading(device=device, at=at, quality=quality, power_w=view.calc_load_power)


def _gateway(view: Gateway, device: DeviceId, now: datetime) -> Iterator[Reading]:
    known = _known(view, Gateway.p_ac1, now)
    if known is None:
        return
    at, quality = known
    all_in_ones = (
        (view.aio1_serial_number, view.aio1_soc),
        (view.aio2_serial_number, view.aio2_soc),
        (view.aio3_serial_number, view.aio3_soc),
    )
    yield SolarReading(
        device=device, at=at, quality=quality, power_w=view.p_pv, energy_wh=_wh(view.e_pv_total)
    )
    yield BatteryReading(
        device=device,
        at=at,
        quality=quality,
        power_w=view.p_liberty,
        soc_pct=_mean([soc for serial, soc in all_in_ones if serial and soc is not None]),
        charged_wh=_wh(view.e_aio_charge_total),
        discharged_wh=_wh(view.e_aio_discharge_total),
    )
    yield GridReading(
        device=device,
        at=at,
        quality=quality,
        power_w=_turned(view.p_ac1),
        imported_wh=_wh(view.e_grid_import_total),
        exported_wh=_wh(view.e_grid_export_total),
        voltage_v=view.v_grid,
    )
    yield LoadReading(
        device=device, at=at, quality=quality, power_w=view.p_load, energy_wh=_wh(view.e_load_total)
    )


def _has_battery(plant: Plant) -> bool:
    found = plant.capabilities
    return found is None or found.is_hv or bool(found.lv_battery_addresses)


def _known(view: View, field: Field[float], now: datetime) -> tuple[datetime, Quality] | None:
    """When the page with this line last came, and what that makes of it."""
    at = view.value_of(field.name).received_at
    if at is None:
        return None
    return at, Quality.STALE if now - at > HANGING else Quality.GOOD


def _provisional(quality: Quality) -> Quality:
    return Quality.ESTIMATED if quality is Quality.GOOD else quality


def _wh(energy_kwh: float | None) -> float | None:
    return None if energy_kwh is None else round(energy_kwh * KILO, 1)


def _turned(power_w: float | None) -> float | None:
    return None if power_w is None else 0.0 - power_w


def _less(power_w: float | None, less_w: float | None) -> float | None:
    return None if power_w is None or less_w is None else power_w - less_w


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None
