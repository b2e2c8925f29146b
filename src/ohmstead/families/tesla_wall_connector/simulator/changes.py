"""What a unit replies on its configuration channel: changing. What is stored wears the flash and survives a power cut."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import msgspec
from google.protobuf.message import Message

from ohmstead.families.tesla_wall_connector.errors import Status
from ohmstead.families.tesla_wall_connector.protos import wc_pb2 as wc
from ohmstead.families.tesla_wall_connector.protos.wc_schedule_pb2 import (
    WC_CHARGE_SCHEDULE_ERROR_INTERNAL,
    WC_CHARGE_SCHEDULE_ERROR_NON_VOLATILE_DATA_READ_WRITE_FAIL,
    WC_CHARGE_SCHEDULE_ERROR_NONE,
    WC_CHARGING_COMMAND_START,
    WC_CHARGING_COMMAND_STOP,
)
from ohmstead.families.tesla_wall_connector.protos.wc_sharing_pb2 import (
    WCLoadSharingFixedLimitConfig,
    WCLoadSharingSettings,
)
from ohmstead.families.tesla_wall_connector.simulator.answers import Known, Refusal, settings
from ohmstead.families.tesla_wall_connector.simulator.memory import Settings, WornOut
from ohmstead.families.tesla_wall_connector.simulator.sharing import LEAST_A
from ohmstead.families.tesla_wall_connector.simulator.unit import Unit

LONGEST_LIMIT_S: Final = 86_399


def _store(unit: Unit, changed: Settings) -> None:
    try:
        unit.memory.write(changed)
    except WornOut:
        raise Refusal(Status.INTERNAL) from None


def _configure(unit: Unit, message: Message) -> Message:
    """Only what is present is changed; 1 to 5 A and more than the hardware's are refused, 0 means nothing."""
    assert isinstance(message, wc.WCAPIConfigureSettingsRequest)  # noqa: S101 - by its place in the table
    asked, kept = message.settings, unit.memory.settings
    most_a = asked.max_output_current_amps or kept.most_a
    if not LEAST_A <= most_a <= unit.commissioned_a:
        raise Refusal(Status.INVALID_ARGUMENT)
    changed = msgspec.structs.replace(
        kept,
        most_a=most_a,
        ground_monitor=int(asked.gmi_mode) or kept.ground_monitor,
        country=asked.country or kept.country,
        third_party=int(asked.third_party_vehicle_mode) or kept.third_party,
    )
    _store(unit, changed)
    return wc.WCAPIConfigureSettingsResponse(settings=settings(unit))


def _set_temporary(unit: Unit, message: Message) -> Message:
    assert isinstance(message, wc.WCAPISetProvisionalOperationalParamsRequest)  # noqa: S101 - as above
    asked = message.prov_op_params
    if 0 < asked.limit_current_max_amps < LEAST_A or not 0 < asked.limit_timeout_s <= LONGEST_LIMIT_S:
        raise Refusal(Status.INVALID_ARGUMENT)
    unit.limits.set(asked, unit.now_s)
    return wc.WCAPISetProvisionalOperationalParamsResponse()


def _configure_sharing(unit: Unit, message: Message) -> Message:
    assert isinstance(message, wc.WCAPIConfigureLoadSharingSettingsRequest)  # noqa: S101 - as above
    group, limit_a = unit.group, message.settings.fixed_limit.network_limit_amps
    if group is None or group.leader is not unit:
        raise Refusal(Status.FAILED_PRECONDITION)
    if limit_a < LEAST_A * len(group.members):
        raise Refusal(Status.INVALID_ARGUMENT)
    _store(unit, msgspec.structs.replace(unit.memory.settings, network_limit_a=limit_a))
    group.network_limit_a = limit_a
    fixed = WCLoadSharingFixedLimitConfig(network_limit_amps=limit_a)
    return wc.WCAPIConfigureLoadSharingSettingsResponse(settings=WCLoadSharingSettings(fixed_limit=fixed))


def _operate_sharing(unit: Unit, message: Message) -> Message:
    assert isinstance(message, wc.WCAPISetLoadSharingNetworkOperationRequest)  # noqa: S101 - as above
    if unit.group is None or unit.group.leader is not unit:
        raise Refusal(Status.FAILED_PRECONDITION)
    changed = msgspec.structs.replace(unit.memory.settings, is_sharing_enabled=message.charging_enabled)
    _store(unit, changed)
    unit.group.is_enabled = message.charging_enabled
    return wc.WCAPISetLoadSharingNetworkOperationResponse()


def _schedule(unit: Unit, message: Message) -> Message:
    """Needs a period and a time zone with a transition, even one that means nothing."""
    assert isinstance(message, wc.WCAPIConfigureChargeScheduleRequest)  # noqa: S101 - as above
    periods = [len(day.time_periods) for day in message.config.schedule.day_time_periods]
    if not any(periods) or not message.time_zone.time_zone_info.transitions:
        return wc.WCAPIConfigureChargeScheduleResponse(error=WC_CHARGE_SCHEDULE_ERROR_INTERNAL)
    stored = message.config.SerializeToString(deterministic=True)
    try:
        unit.memory.write(msgspec.structs.replace(unit.memory.settings, schedule=stored))
    except WornOut:
        failed = WC_CHARGE_SCHEDULE_ERROR_NON_VOLATILE_DATA_READ_WRITE_FAIL
        return wc.WCAPIConfigureChargeScheduleResponse(error=failed)
    unit.set_schedule()
    return wc.WCAPIConfigureChargeScheduleResponse(error=WC_CHARGE_SCHEDULE_ERROR_NONE)


def _command(unit: Unit, message: Message) -> Message:
    assert isinstance(message, wc.WCAPIPushChargeCommandRequest)  # noqa: S101 - as above
    asked = message.charge_command.charging_command
    if asked not in (WC_CHARGING_COMMAND_START, WC_CHARGING_COMMAND_STOP):
        raise Refusal(Status.INVALID_ARGUMENT)
    unit.limits.is_stopped = asked == WC_CHARGING_COMMAND_STOP
    return wc.WCAPIPushChargeCommandResponse()


def _smart(unit: Unit, message: Message) -> Message:
    assert isinstance(message, wc.WCAPIPushSmartChargingCommandRequest)  # noqa: S101 - as above
    ttl_s = message.command.ttl_seconds if message.command.charge_disallowed else 0
    unit.limits.disallow(ttl_s, unit.now_s)
    return wc.WCAPIPushSmartChargingCommandResponse()


def _third_party(unit: Unit, message: Message) -> Message:
    assert isinstance(message, wc.WCAPIConfigureThirdPartyVehicleModeRequest)  # noqa: S101 - as above
    mode = int(message.third_party_vehicle_mode)
    _store(unit, msgspec.structs.replace(unit.memory.settings, third_party=mode))
    return wc.WCAPIConfigureThirdPartyVehicleModeResponse()


CHANGING: Final[Mapping[str, Known]] = MappingProxyType(
    {
        "configure_settings_request": Known(_configure),
        "set_provisional_operational_params_request": Known(_set_temporary, (24, 44, 3)),
        "configure_load_sharing_settings_request": Known(_configure_sharing, (21, 18, 1)),
        "set_load_sharing_network_operation_request": Known(_operate_sharing, (21, 18, 1)),
        "configure_charge_schedule_request": Known(_schedule, (22, 33)),
        "push_charge_command_request": Known(_command, (22, 33)),
        "configure_third_party_vehicle_mode_request": Known(_third_party, (22, 33)),
        "push_smart_charging_command_request": Known(_smart, (25,)),
    }
)
