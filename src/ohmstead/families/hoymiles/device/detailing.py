"""Every field a DTU told, as details of the device that it is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from ohmstead.families.hoymiles.details import config_details, details
from ohmstead.families.hoymiles.results import (
    Alarm,
    Config,
    Inventory,
    Inverter,
    Live,
    Meter,
    SinglePhase,
    ThreePhase,
)
from ohmstead.model import Detail


def told(
    inventory: Inventory, live: Live, config: Config | None, alarms: Sequence[Alarm]
) -> Mapping[str, Sequence[Detail]]:
    """By serial."""
    found: defaultdict[str, list[Detail]] = defaultdict(list)
    found[inventory.dtu_serial] += _of_the_dtu(inventory, live, config)
    parts: Sequence[Inverter | Meter | SinglePhase | ThreePhase] = (
        *inventory.inverters,
        *inventory.meters,
        *live.single_phase,
        *live.three_phase,
    )
    for part in parts:
        found[part.serial] += details(part)
    for port in live.ports:
        found[port.serial] += details(port, prefix=f"port {port.port} ", skip=("serial", "port"))
    for meter in live.meters:
        found[meter.serial] += details(meter)
    for inverter in inventory.inverters:
        found[inverter.serial].append(_standing(inverter.serial, alarms))
    return found


def _standing(serial: str, alarms: Sequence[Alarm]) -> Detail:
    """The alarms that are active."""
    active = [alarm for alarm in alarms if alarm.inverter_serial == serial and alarm.is_active]
    text = "; ".join(f"{alarm.number} {alarm.label}" for alarm in active)
    return Detail(key="alarms", label="active alarms", value=text)


def _of_the_dtu(inventory: Inventory, live: Live, config: Config | None) -> list[Detail]:
    data_time = live.data_time
    drift_s = (live.received_at - data_time).total_seconds() if data_time else None
    found = [
        Detail(key="dtu_power_w", label="power of all inverters", value=live.dtu_power_w, unit="W"),
        Detail(key="dtu_energy_today_wh", label="energy today", value=live.dtu_energy_today_wh, unit="Wh"),
        Detail(key="data_time_s", label="time of the data set", value=live.data_time_s, unit="s"),
        Detail(key="data_age_s", label="age by the DTU's clock", value=drift_s, unit="s"),
        Detail(key="is_clock_set", label="clock is set", value=data_time is not None),
        *details(inventory.dtu),
    ]
    return found + (config_details(config) if config is not None else [])
