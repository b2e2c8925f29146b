"""The record that is polled, in its three ages: live, the last live copy, and the stored report that can be hours old."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from ohmstead.families.franklinwh.facts.codes import (
    OFF_GRID_PROGRAMME,
    Country,
    ReportType,
    WorkMode,
)
from ohmstead.families.franklinwh.simulator.plant.gateway import Gateway
from ohmstead.families.franklinwh.simulator.plant.islanding import Phase

Json = dict[str, Any]  # Any: JSON
NAMES: Final = {
    WorkMode.TIME_OF_USE: "Residential Time of Use",
    WorkMode.SELF_CONSUMPTION: "Self-Consumption",
    WorkMode.EMERGENCY_BACKUP: "Emergency Backup",
}
ON_GRID: Final = 4
OFF_GRID: Final = 5
RUNNING: Final = 8
FLOW_FIELDS: Final = ("gridChBat", "soOutGrid", "soChBat", "batOutGrid")
"""kWh in a live answer, Wh in a stored one."""
POWERS: Final = ("p_uti", "p_sun", "p_gen", "p_fhp", "p_load")
MOBILE_PCT: Final = 27
WIFI_PCT: Final = 92
WIFI: Final = 3


def kilo(value: float, digits: int = 3) -> float:
    """W as kW, Wh as kWh; never -0.0."""
    return round(value / 1000.0, digits) + 0.0


def composite(gateway: Gateway, runtime: Mapping[str, Any]) -> Json:  # Any: JSON
    return {
        "currentWorkMode": int(gateway.settings.work_mode),
        "deviceStatus": 1,
        "runtimeData": dict(runtime),
        "solarHaveVo": solar_flags(gateway),
        "currentAlarmVOList": alarms(gateway),
        "valid": True,
    }


def live(gateway: Gateway) -> Json:
    """As the gateway answers at once."""
    return {**_state(gateway), **_powers(gateway), **_energies(gateway), **_packs(gateway), **_rest(gateway)}


def copied(report: Mapping[str, Any], at: datetime) -> Json:  # Any: JSON
    """A composite record of that time, as the cloud hands it out while the gateway is silent."""
    return {**report, "runtimeData": {**report["runtimeData"], "timestamp": int(at.timestamp())}}


def stored(report: Mapping[str, Any], at: datetime) -> Json:  # Any: JSON
    """What the cloud's database made of a composite record of that time: four fields in other units, and some noise."""
    record = report["runtimeData"]
    flows = {name: round(1000.0 * record[name], 1) for name in FLOW_FIELDS}
    aged = {"report_type": int(ReportType.STORED), "timestamp": int(at.timestamp())}
    noisy = {"p_gen": round(record["p_gen"] + 0.01, 3), "elecnet_state": 1}
    return {**report, "runtimeData": {**record, **flows, **aged, **noisy}}


def off_grid_reason(gateway: Gateway) -> int | None:
    """None on the street, 0 after an outage, 1 on request."""
    if gateway.islanding.is_outage:
        return 0
    return 1 if gateway.islanding.phase in (Phase.REQUESTED, Phase.RETURNING) else None


def main_switches(gateway: Gateway) -> list[int]:
    islanding = gateway.islanding
    return [int(islanding.is_connected), int(gateway.genset.can_carry), int(islanding.has_solar_relay)]


def solar_flags(gateway: Gateway) -> Json:
    return {
        "remoteSolarEn": 0,
        "remoteSolarMode": 0,
        "dspNemPvEn": 0,
        "pvSplitCtEn": 0,
        "gridSplitCtEn": 0,
        "sysHdVersion": None,
        "installProximalsolar": 1,
        "isThreePhaseInstall": 0,
        "installPv1Port": 1,
        "installPv2Port": 1,
        "offGridFlag": int(gateway.islanding.is_outage),
        "offGridReason": off_grid_reason(gateway),
        "mpptEnFlag": False,
        "mpanPv1En": None,
        "mpanPv2En": None,
        "mpptExportEn": None,
        "installApboxSolar": 0,
    }


def alarms(gateway: Gateway) -> list[Json]:
    generator = {gateway.genset.alarm: gateway.world.at} if gateway.genset.alarm else {}
    return [
        {
            "alarmCode": code,
            "gatewayId": gateway.identity.gateway,
            "time": f"{at.astimezone(gateway.zone):%F %T}",
        }
        for code, at in {**gateway.alarms, **generator}.items()
    ]


def _state(gateway: Gateway) -> Json:
    settings, islanding = gateway.settings, gateway.islanding
    is_requested = islanding.phase is Phase.REQUESTED
    return {
        "mode": OFF_GRID_PROGRAMME if is_requested else settings.programme,
        "name": "" if is_requested else NAMES[settings.work_mode],
        "electricity_type": 1,
        "run_status": gateway.run_status,
        "report_type": int(ReportType.LIVE),
        "timestamp": 0,
        "elecnet_state": 0,
        "slaver_stat": ON_GRID if islanding.is_connected else OFF_GRID,
        "offgridreason": off_grid_reason(gateway),
        "main_sw": main_switches(gateway),
        "pro_load": [int(circuit.is_on) for circuit in gateway.circuits.all[:2]] + [_third(gateway)],
        "genEn": gateway.genset.record["genEn"] if gateway.site.has_generator else None,
        "genStat": int(gateway.genset.state),
        **vehicle_flags(gateway),
    }


def vehicle_flags(gateway: Gateway) -> Json:
    if gateway.region.country is Country.AUSTRALIA:
        return {"v2lModeEnable": None, "v2lRunState": None}
    return {"v2lModeEnable": int(gateway.port.is_licensed), "v2lRunState": int(gateway.port.state)}


def _third(gateway: Gateway) -> int:
    """The third circuit is the vehicle port where there is one."""
    return int(gateway.port.is_on if gateway.port.is_fitted else gateway.circuits.all[2].is_on)


def _powers(gateway: Gateway) -> Json:
    """The load is the sum of what is shown, so that the shown balance holds to the last digit."""
    flows = gateway.flows
    solar_kw, generator_kw = kilo(flows.solar_w), kilo(flows.generator_w)
    battery_kw, grid_kw = kilo(flows.battery_w), kilo(flows.grid_w)
    return {
        "p_uti": grid_kw,
        "p_sun": solar_kw,
        "p_gen": generator_kw,
        "p_fhp": battery_kw,
        "p_load": round(solar_kw + generator_kw + battery_kw + grid_kw, 3) + 0.0,
        "solarPower": round(10.0 * solar_kw),
        "soc": round(gateway.packs.soc_pct, 3),
    }


def _energies(gateway: Gateway) -> Json:
    now = gateway.ledger.now
    return {
        "kwh_uti_in": kilo(now.grid_in),
        "kwh_uti_out": kilo(now.grid_out),
        "kwh_sun": kilo(now.solar),
        "kwh_gen": kilo(now.generator),
        "kwh_fhp_di": kilo(now.battery_out),
        "kwh_fhp_chg": kilo(now.battery_in),
        "kwh_load": kilo(now.load),
        "kwhSolarLoad": round(now.solar_to_load),
        "kwhGridLoad": round(now.grid_to_load),
        "kwhFhpLoad": round(now.battery_to_load),
        "kwhGenLoad": round(now.generator_to_load),
        "gridChBat": kilo(now.grid_to_battery),
        "soOutGrid": kilo(now.solar_to_grid),
        "soChBat": kilo(now.solar_to_battery),
        "batOutGrid": kilo(now.battery_to_grid),
    }


def _packs(gateway: Gateway) -> Json:
    packs, count = gateway.packs, gateway.packs.count
    return {
        "fhpSn": list(gateway.identity.packs),
        "fhpSoc": [round(packs.shown_soc_pct(number), 1) for number in range(count)],
        "fhpPower": [kilo(gateway.flows.battery_w / count) for _ in range(count)],
        "bms_work": [gateway.run_status % 5 + 5] * count,
        "pe_stat": [RUNNING] * count,
        "infi_status": [0] * count,
    }


def _rest(gateway: Gateway) -> Json:
    return {
        "t_amb": round(gateway.world.ambient_c(gateway.world.at), 1),
        "signal": MOBILE_PCT,
        "wifiSignal": WIFI_PCT,
        "connType": WIFI,
        "completeInstallFlag": 1,
        "remoteSolar1Power": 0,
        "remoteSolar2Power": 0,
        "remoteSolarEn": 0,
        "DSPNEMPVPower": 0,
        **dict.fromkeys(_UNKNOWN),
    }


_UNKNOWN: Final = (
    "doStatus",
    "di",
    "cd_alm",
    "ent",
    "sharp",
    "peak",
    "flat",
    "valley",
    "solarSupply",
    "p_use",
    "threePhasePvPower",
    "mpptAllPower",
    "mpptSta",
    "mpptActPower",
    "mpanPv1Wh",
    "mpanPv2Wh",
    "mPanPv1Power",
    "mPanPv2Power",
    "apbox20Pv",
)
"""Null in every capture."""
