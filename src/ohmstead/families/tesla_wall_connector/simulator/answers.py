"""What a unit replies on its configuration channel: reading. Which requests it knows follows from its firmware."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import msgspec
from google.protobuf.message import Message

from ohmstead.families.tesla_wall_connector.errors import Status
from ohmstead.families.tesla_wall_connector.protos import common_pb2 as common
from ohmstead.families.tesla_wall_connector.protos import wc_pb2 as wc
from ohmstead.families.tesla_wall_connector.protos.identity_pb2 import DEVICE_TYPE_GEN3WC, Din, EcuId
from ohmstead.families.tesla_wall_connector.protos.measurement_pb2 import (
    ENERGY_ACCUMULATION_TYPE_LIFETIME,
    ENERGY_ACCUMULATION_TYPE_SESSION,
    AccumulatedEnergy,
    InstACMeasurement,
)
from ohmstead.families.tesla_wall_connector.protos.network_pb2 import WifiConfig, WifiNetwork
from ohmstead.families.tesla_wall_connector.protos.update_pb2 import FirmwareVersion
from ohmstead.families.tesla_wall_connector.protos.wc_schedule_pb2 import WCChargeScheduleConfig
from ohmstead.families.tesla_wall_connector.protos.wc_settings_pb2 import WCSettings
from ohmstead.families.tesla_wall_connector.protos.wc_sharing_pb2 import (
    WCLoadSharingConfig,
    WCLoadSharingDeviceEntry,
    WCLoadSharingFixedLimitConfig,
    WCLoadSharingFollowerState,
    WCLoadSharingLeaderCommand,
    WCLoadSharingLeaderState,
    WCLoadSharingLimits,
    WCLoadSharingNetworkState,
    WCLoadSharingSettings,
)
from ohmstead.families.tesla_wall_connector.protos.wc_state_pb2 import (
    WC_FAULT_STATUS_STATE_CHARGING,
    WC_FAULT_STATUS_STATE_READY,
    WCLifetimeStats,
    WCLifetimeStats2022,
    WCVitals,
)
from ohmstead.families.tesla_wall_connector.simulator import figures
from ohmstead.families.tesla_wall_connector.simulator.sharing import LEAST_A, MOST_UNITS
from ohmstead.families.tesla_wall_connector.simulator.unit import Unit

OF_2022_NO_SCHEDULE: Final = b"\x10\x01"
"""In firmware of 2022 the schedule was a status: its field 2 is a number, 1 for no error."""


class Refusal(Exception):
    def __init__(self, status: Status) -> None:
        super().__init__(status.name)
        self.status = status


Answer = Callable[[Unit, Message], Message]


class Known(msgspec.Struct, frozen=True):
    """A request, and the first firmware that knows it."""

    answer: Answer
    since: tuple[int, ...] = ()


def _vitals(unit: Unit, _: Message) -> Message:
    shown = figures.vitals(unit)
    line_v = max(shown.voltageA_v or 0.0, shown.voltageB_v or 0.0, shown.voltageC_v or 0.0)
    found = WCVitals(
        uptime_s=unit.uptime_s,
        alerts=figures.alerts(unit),
        contactor_closed=unit.plug.is_closed,
        vehicle_connected=unit.is_plugged,
        pcba_temp_c=shown.pcba_temp_c or 0.0,
        handle_temp_c=shown.handle_temp_c or 0.0,
        mcu_temp_c=shown.mcu_temp_c or 0.0,
        input_thermopile_v=float(shown.input_thermopile_uv or 0),
        prox_v=shown.prox_v or 0.0,
        pilot_high_v=shown.pilot_high_v or 0.0,
        pilot_low_v=shown.pilot_low_v or 0.0,
        session_duration_s=unit.session.duration_s,
        session_energy=AccumulatedEnergy(
            energy_wh=unit.session.energy_wh, accumulation_type=ENERGY_ACCUMULATION_TYPE_SESSION
        ),
        ac_measurement_grid=InstACMeasurement(
            voltage_vrms=unit.supply.grid_v, frequency_hz=unit.supply.grid_hz
        ),
        ac_measurement_vehicle=InstACMeasurement(voltage_vrms=line_v),
        fault_status=WC_FAULT_STATUS_STATE_CHARGING if unit.drawn_w else WC_FAULT_STATUS_STATE_READY,
    )
    # REST counts from 1 what the channel counts from 0; 1 is no reason.
    found.evse_not_ready_reasons.extend(
        number - 1  # type: ignore[misc]  # of the enum
        for number in figures.reasons(unit)
        if number > figures.READY
    )
    found.ac_measurement_vehicle.current_arms.value = unit.current_a
    found.instantaneous_power_watts.value = unit.drawn_w
    return wc.WCAPIGetVitalsResponse(vitals=found)


def _lifetime(unit: Unit, _: Message) -> Message:
    kept = unit.memory.lifetime
    kind = WCLifetimeStats2022 if unit.profile.firmware.is_of_2022 else WCLifetimeStats
    stats = kind(
        uptime_s=kept.uptime_s,
        alert_count=kept.alert_count,
        contactor_cycles=kept.contactor_cycles,
        contactor_cycles_loaded=kept.contactor_cycles_loaded,
        connector_cycles=kept.connector_cycles,
        thermal_foldbacks=kept.thermal_foldbacks,
        avg_startup_temp_c=21.5,
        charge_starts=kept.contactor_cycles,
        charging_time_s=kept.charging_time_s,
        charging_energy=AccumulatedEnergy(
            energy_wh=kept.energy_wh, accumulation_type=ENERGY_ACCUMULATION_TYPE_LIFETIME
        ),
    )
    # The fields of 2022 stay as they are on the wire, whatever the message of today calls their numbers.
    shown = WCLifetimeStats.FromString(stats.SerializeToString())
    return wc.WCAPIGetLifetimeStatsResponse(lifetime_stats=shown)


def settings(unit: Unit) -> WCSettings:
    kept = unit.memory.settings
    found = WCSettings(
        max_output_current_amps=kept.most_a,
        gmi_mode=kept.ground_monitor,  # type: ignore[arg-type]  # one of the enum's numbers
        country=kept.country,
        third_party_vehicle_mode=kept.third_party,  # type: ignore[arg-type]  # as above
    )
    if kept.participants:
        limit = WCLoadSharingFixedLimitConfig(network_limit_amps=kept.network_limit_a)
        found.load_sharing_config.CopyFrom(
            WCLoadSharingConfig(
                participant_dins=[Din(value=din) for din in kept.participants],
                fixed_limit=limit,
                settings=WCLoadSharingSettings(fixed_limit=limit),
                charging_enabled=kept.is_sharing_enabled,
            )
        )
    return found


def _config(unit: Unit, _: Message) -> Message:
    is_of_2022 = unit.profile.firmware.is_of_2022
    schedule = OF_2022_NO_SCHEDULE if is_of_2022 else unit.memory.settings.schedule
    return wc.WCAPIGetConfigResponse(
        settings=settings(unit),
        wifi_config=WifiConfig(ssid=figures.SSID),
        charge_schedule=WCChargeScheduleConfig.FromString(schedule) if schedule else None,
    )


def _temporary(unit: Unit, _: Message) -> Message:
    return wc.WCAPIGetProvisionalOperationalParamsResponse(
        prov_op_params=unit.limits.shown(unit.now_s),
        configured_current_limit_amps=unit.memory.settings.most_a,
    )


def _network_state(unit: Unit, _: Message) -> Message:
    group = unit.group
    if group is None or group.leader is not unit:
        return wc.WCAPIGetLoadSharingNetworkStateResponse()
    limit = WCLoadSharingFixedLimitConfig(network_limit_amps=group.network_limit_a)
    units = [member for member in group.members if isinstance(member, Unit)]
    state = WCLoadSharingNetworkState(
        devices=[_entry(member) for member in units],
        leader_state=WCLoadSharingLeaderState(
            version=1,
            network_current_limit_amps=group.network_limit_a,
            fallback_current_amps=LEAST_A,
            round_robin_index=group.round_robin_index,
            charging_enabled=group.is_enabled,
            active_unit_count=sum(member.wants for member in units),
        ),
        settings=WCLoadSharingSettings(fixed_limit=limit),
        limits=WCLoadSharingLimits(max_participants=MOST_UNITS),
    )
    return wc.WCAPIGetLoadSharingNetworkStateResponse(network_state=state)


def _entry(unit: Unit) -> WCLoadSharingDeviceEntry:
    share_a = unit.group.shares_a.get(unit.identity.serial, 0) if unit.group else 0
    return WCLoadSharingDeviceEntry(
        din=Din(value=unit.identity.din),
        leader_command=WCLoadSharingLeaderCommand(charge_allowed=share_a > 0, pilot_current_amps=share_a),
        follower_state=WCLoadSharingFollowerState(
            version=1,
            charge_request=unit.wants,
            load_current_amps=unit.current_a,
            vehicle_connected=unit.is_plugged,
            contactor_closed=unit.plug.is_closed,
            pilot_current_amps=int(unit.allowed_a(unit.now_s)),
            individual_pilot_current_amps=unit.memory.settings.most_a,
        ),
        mia=not unit.is_powered,
    )


def _system_info(unit: Unit, _: Message) -> Message:
    firmware = unit.profile.firmware
    found = common.CommonAPIGetSystemInfoResponse(
        device_id=EcuId(part_number=unit.identity.part_number, serial_number=unit.identity.serial),
        din=unit.identity.din,
        firmware_version=FirmwareVersion(version=firmware.version, githash=bytes.fromhex(firmware.githash)),
        device_type=DEVICE_TYPE_GEN3WC,
    )
    found.system_update.update_status = 1  # idle
    return found


def _wifi_scan(_unit: Unit, _: Message) -> Message:
    networks = [WifiNetwork(ssid=figures.SSID, rssiValue=figures.WIFI_DBM)]
    return common.CommonAPIWifiScanResponse(wifi_networks=networks)


READING: Final[Mapping[str, Known]] = MappingProxyType(
    {
        "get_vitals_request": Known(_vitals),
        "get_lifetime_stats_request": Known(_lifetime),
        "get_config_request": Known(_config),
        "get_provisional_operational_params_request": Known(_temporary, (24, 44, 3)),
        "get_load_sharing_network_state_request": Known(_network_state, (21, 18, 1)),
        "get_access_control_settings_request": Known(
            lambda _unit, _message: wc.WCAPIGetAccessControlSettingsResponse(), (21, 36, 4)
        ),
        "get_recent_vehicles_request": Known(
            lambda _unit, _message: wc.WCAPIGetRecentVehiclesResponse(), (21, 36, 4)
        ),
        "get_system_info_request": Known(_system_info),
        "wifi_scan_request": Known(_wifi_scan),
        "check_for_update_request": Known(lambda _unit, _message: common.CommonAPICheckForUpdateResponse()),
    }
)
"""By field name. `get_system_info_request` is the common group's."""
