"""What the gateway measures beside power: voltages and relays (211), packs inside (211), circuits and generator input (353, 389)."""

from __future__ import annotations

from typing import Any, Final

from ohmstead.families.franklinwh.simulator.plant.gateway import Gateway
from ohmstead.families.franklinwh.simulator.plant.vehicle import PORT_V
from ohmstead.families.franklinwh.simulator.records.runtime import main_switches

Json = dict[str, Any]  # Any: JSON
NOISE_WH: Final = {
    "CarSWExpEnergy": 5997,
    "CarSWImpEnergy": 233,
    "SW1ExpEnergy": 1357,
    "SW2ExpEnergy": 1803,
}
"""What the counters of a gateway without circuits show; of a capture."""
CELLS: Final = 16
CELL_SPREAD_MV: Final = 3


def electrical(gateway: Gateway) -> Json:
    """Reply to 211, type 1."""
    region, grid = gateway.region, gateway.circuit.grid
    posix_s = int(gateway.world.at.timestamp())
    share = grid.voltage_v(posix_s) / grid.nominal_voltage_v if grid.is_up else 0.0
    island = gateway.circuit.bus
    frequency = grid.frequency_hz(posix_s) / grid.nominal_frequency_hz if grid.is_up else 0.0
    grid_relay, generator_relay, solar_relay = main_switches(gateway)
    legs = 2 if region.is_split_phase else 1
    leg_a = 1.0 / (legs * region.leg_v)
    return {
        "type": 1,
        "result": 0,
        "gridVol1": round(region.leg_v * share, 1),
        "gridVol2": round(region.leg_v * share, 1),
        "gridCurr1": round(gateway.flows.grid_w * leg_a, 2),
        "gridCurr2": round(gateway.flows.grid_w * leg_a, 2) if legs == 2 else 0.0,
        "gridFreq": round(region.nominal_hz * frequency, 2),
        "dspSetFreq": round(region.nominal_hz * island.frequency_hz / grid.nominal_frequency_hz, 2),
        "gridLineVol": round(10.0 * region.line_v * share),
        "genVoltage": round(region.line_v, 1) if generator_relay else 0.0,
        "loadCurr1": round(gateway.flows.load_w * leg_a, 2),
        "loadCurr2": round(gateway.flows.load_w * leg_a, 2) if legs == 2 else 0.0,
        "gridRelayStat": grid_relay,
        "oilRelayStat": generator_relay,
        "solarRelayStat": solar_relay,
        "gridRelay2": grid_relay,
        "pvRelay2": 0,
        "blackStartRelay": int(gateway.is_exhausted and not grid_relay),
        "BFPVApboxRelay": 0,
        "loadRelay1Stat": 1,
        "loadRelay2Stat": 1,
        "evRelayStat": int(gateway.port.is_on),
        "loadSolarRelay1Stat": 0,
        "loadSolarRelay2Stat": 0,
        "dspRunStatus": 1,
        "ibgRunStatus": 1,
        "electricity_type": 1,
    }


def pack(gateway: Gateway, serial: str, kind: int) -> Json | None:
    """Reply to 211, types 2 and 3, which are two halves of one record; None for a pack that is not there."""
    if serial not in gateway.identity.packs:
        return None
    number = gateway.identity.packs.index(serial)
    head = {"type": kind, "result": 0, "fhpSn": serial}
    return {**head, **(_battery(gateway, number) if kind == 2 else _inverter(gateway))}


def _battery(gateway: Gateway, number: int) -> Json:
    cells = gateway.packs.cells
    mean_mv = round(1000.0 * cells.voltage_v / cells.cells_in_series)
    volts = [mean_mv + (cell % (2 * CELL_SPREAD_MV + 1)) - CELL_SPREAD_MV for cell in range(CELLS)]
    warm_c = round(gateway.world.ambient_c(gateway.world.at)) + 5
    return {
        "batSoc": round(gateway.packs.shown_soc_pct(number)),
        "batSoh": 99,
        "batTotalVolt": round(sum(volts) / 1000.0, 1),
        "batCurr": round(1000.0 * gateway.flows.battery_w / gateway.packs.count / sum(volts), 1),
        "batVolt": volts,
        "batTemp": [warm_c, warm_c, warm_c + 1, warm_c + 1],
        "singleHighestVolt": max(volts),
        "singleLowestVolt": min(volts),
        "singleHighestTemp": warm_c + 1,
        "singleLowestTemp": warm_c,
        "maxVolPos": volts.index(max(volts)) + 1,
        "minVolPos": volts.index(min(volts)) + 1,
        "maxTempPos": 3,
        "minTempPos": 1,
        "balanState": 0,
        "bmsState": gateway.run_status % 5 + 5,
        "mosState": 3,
        "alarmLevel": 0,
        "heatState": 0,
    }


def _inverter(gateway: Gateway) -> Json:
    region, count = gateway.region, gateway.packs.count
    power_w = round(gateway.flows.battery_w / count)
    warm_c = round(gateway.world.ambient_c(gateway.world.at)) + 12
    return {
        "devTemp": warm_c,
        "llcTemp": warm_c,
        "invTemp": warm_c,
        "buckBoostTemp": warm_c,
        "invVolt1": region.leg_v,
        "invVolt2": region.leg_v,
        "invCurr1": round(power_w / region.line_v, 1),
        "invCurr2": round(power_w / region.line_v, 1),
        "positiveBusVolt": 195,
        "negativeBusVolt": 195,
        "pebatVolt": round(gateway.packs.cells.voltage_v),
        "midBusVolt": 390,
        "gridLineVol": round(10.0 * region.line_v) if gateway.is_street_up else 0,
        "invLineVol": round(10.0 * region.line_v),
        "inverterStatus": 5,
        "DCDCStatus": {0: 4, 1: 6, 2: 7}[gateway.run_status % 5],
        "runMode": 0,
        "switchState": 1,
        "fanState": 0,
        "actPwr1": power_w // 2,
        "actPwr2": power_w - power_w // 2,
        "reactPwr1": 0,
        "reactPwr2": 0,
    }


def metering(gateway: Gateway, *, is_unsigned: bool = False) -> Json:
    """Reply to 353. The vehicle port's channel carries the third circuit where there is no port."""
    first, second, third = gateway.circuits.all
    port, line = gateway.port, round(10.0 * gateway.region.leg_v)
    car_w = port.power_w if port.is_fitted else _drawn_w(gateway, 2)
    counted = {
        "CarSWExpEnergy": round(gateway.port_wh[0] if port.is_fitted else third.energy_wh),
        "CarSWImpEnergy": round(gateway.port_wh[1]),
        "SW1ExpEnergy": round(first.energy_wh),
        "SW2ExpEnergy": round(second.energy_wh),
    }
    volts = {f"Sw{n}Volt": line if _drawn_w(gateway, n - 1) else 0 for n in (1, 2)}
    return {
        "opt": 0,
        "result": 0,
        **volts,
        "CarSWCurr": round(abs(car_w) / PORT_V),
        "CarSWPower": round(abs(car_w) if is_unsigned else car_w),
        "SW1Curr": round(_drawn_w(gateway, 0) / gateway.region.leg_v),
        "SW2Curr": round(_drawn_w(gateway, 1) / gateway.region.leg_v),
        "SW1ExpPower": round(_drawn_w(gateway, 0)),
        "SW2ExpPower": round(_drawn_w(gateway, 1)),
        **(counted if gateway.circuits.is_fitted else NOISE_WH),
        "CarSwConsSupExpEnerge": 0,
        **generator_input(gateway),
    }


def generator_input(gateway: Gateway) -> Json:
    """In wire units: W, 0.1 A, 0.1 V, 0.1 Hz. An idle input is not quite dead."""
    power_w = round(gateway.genset.power_w)
    hertz = round(10.0 * gateway.region.nominal_hz)
    if not gateway.genset.engine.is_turning:
        idle_hz = 0 if gateway.region.is_split_phase else hertz
        return {"power": 0, "curr": 0, "volt": 2, "freq": idle_hz, "genpowerGen": 0}
    line_v = gateway.region.line_v
    return {
        "power": power_w,
        "curr": round(10.0 * power_w / line_v),
        "volt": round(10.0 * line_v),
        "freq": hertz,
        "genpowerGen": power_w,
    }


def metering_v2(gateway: Gateway) -> Json:
    """Reply to 389, newer firmware."""
    port, port_wh = gateway.port, gateway.port_wh
    entries = [
        {"power": round(_drawn_w(gateway, n)), "exportEnergy": round(circuit.energy_wh), "importEnergy": 0}
        for n, circuit in enumerate(gateway.circuits.all)
    ]
    if port.is_fitted:
        entries[2] = {
            "power": round(port.power_w),
            "exportEnergy": round(port_wh[0]),
            "importEnergy": round(port_wh[1]),
        }
    return {"opt": 0, "result": 0, "smartSwitchData": entries}


def _drawn_w(gateway: Gateway, number: int) -> float:
    """Of a circuit, numbered from 0: nothing while the house is dark."""
    circuit = gateway.circuits.all[number]
    is_live = circuit.is_on and gateway.circuits.is_fitted and gateway.circuits.power_w > 0.0
    return circuit.load_w if is_live else 0.0
