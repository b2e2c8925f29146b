"""Energy in buckets and power every five minutes."""

from __future__ import annotations

from typing import Final

from ohmstead.families.franklinwh.facts.fields.field import (
    Table,
    numbers,
    texts,
)

ENERGY: Final = Table(
    "getFhpElectricData",
    "captures",
    (
        numbers("kwhSuArray", "energy.solar_kwh", "kWh"),
        numbers("kwhUtiInArray", "energy.grid_import_kwh", "kWh"),
        numbers("kwhUtiOutArray", "energy.grid_export_kwh", "kWh"),
        numbers("kwhFhpChgArray", "energy.battery_charge_kwh", "kWh"),
        numbers("kwhFhpDiArray", "energy.battery_discharge_kwh", "kWh"),
        numbers("kwhLoadArray", "energy.home_kwh", "kWh"),
        numbers("kwhGenArray", "energy.generator_kwh", "kWh"),
        numbers("kwhSolarLoadArray", "energy.home_from_solar_kwh", "kWh"),
        numbers("kwhGridLoadArray", "energy.home_from_grid_kwh", "kWh"),
        numbers("kwhFhpLoadArray", "energy.home_from_battery_kwh", "kWh"),
        numbers("kwhGenLoadArray", "energy.home_from_generator_kwh", "kWh"),
        numbers("soChBatArray", "energy.battery_from_solar_kwh", "kWh"),
        numbers("gridChBatArray", "energy.battery_from_grid_kwh", "kWh"),
        numbers("genChBatArray", "energy.battery_from_generator_kwh", "kWh"),
        numbers("soOutGridArray", "energy.grid_export_from_solar_kwh", "kWh"),
        numbers("batOutGridArray", "energy.grid_export_from_battery_kwh", "kWh"),
        numbers("kwhV2lArray", "energy.v2l_kwh", "kWh"),
        numbers("kwhV2lToFhpArray", "energy.v2l_to_battery_kwh", "kWh"),
        numbers("kwhV2lToHomeArray", "energy.v2l_to_home_kwh", "kWh"),
        texts("deviceTimeArray", "energy.bucket", note="YYYY-MM-DD, YYYY-MM or YYYY"),
        numbers("proximalSolarWhArray", "energy.proximalSolarWhArray", "Wh", is_optional=True),
        numbers("mpptWhArray", "energy.mpptWhArray", "Wh", is_optional=True),
        numbers("remoteSolarWhTotalArray", "energy.remoteSolarWhTotalArray", "Wh", is_optional=True),
        numbers("meterkitPvWhArray", "energy.meterkitPvWhArray", "Wh", is_optional=True),
        numbers("secondaryPvWhArray", "energy.secondaryPvWhArray", "Wh", is_optional=True),
        numbers("mpanPv1Wh", "energy.mpanPv1Wh", "Wh", is_optional=True),
        numbers("mpanPv2Wh", "energy.mpanPv2Wh", "Wh", is_optional=True),
        numbers("apbox20PvWh", "energy.apbox20PvWh", "Wh", is_optional=True),
    ),
)

POWER_DAY: Final = Table(
    "getFhpPowerByDay",
    "captures",
    (
        texts("deviceTimeArray", "power_day.time"),
        numbers("socArray", "power_day.soc_pct", "%"),
        numbers("runStatusArray", "power_day.run_status", codes="RUN_STATUS"),
        numbers("kwhTotalArray", "power_day.battery_stored_kwh", "kWh"),
        numbers("powerSolarHomeArray", "power_day.solar_to_home_kw", "kW"),
        numbers("powerSolarGirdArray", "power_day.solar_to_grid_kw", "kW"),
        numbers("powerSolarFhpArray", "power_day.solar_to_battery_kw", "kW"),
        numbers("powerGirdHomeArray", "power_day.grid_to_home_kw", "kW"),
        numbers("powerGirdFhpArray", "power_day.grid_to_battery_kw", "kW"),
        numbers("powerFhpHomeArray", "power_day.battery_to_home_kw", "kW"),
        numbers("powerFhpGirdArray", "power_day.battery_to_grid_kw", "kW"),
        numbers("powerGenHomeArray", "power_day.generator_to_home_kw", "kW"),
        numbers("powerGenFhpArray", "power_day.generator_to_battery_kw", "kW"),
        numbers("powerV2lFhpArray", "power_day.v2l_to_battery_kw", "kW"),
        numbers("powerV2lHomeArray", "power_day.v2l_to_home_kw", "kW"),
    ),
)
