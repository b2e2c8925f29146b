"""What the DTU answers to each request, as a table from exchange to function. Requests it does not know get nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

import msgspec
from google.protobuf.message import Message

from ohmstead.families.hoymiles.actions import Action, limit_of_text
from ohmstead.families.hoymiles.messages import (
    CLOUD_COMMAND_VIA_APP,
    COMMAND,
    COMMAND_STATUS,
    CONFIG_GET,
    DEV_INFO,
    HEARTBEAT,
    REAL_DATA_NEW,
    Exchange,
)
from ohmstead.families.hoymiles.protos.command_pb2 import (
    CommandFromDtu,
    CommandStatusFromDtu,
    CommandStatusToDtu,
    CommandToDtu,
)
from ohmstead.families.hoymiles.protos.config_pb2 import ConfigGetFromDtu, ConfigGetToDtu
from ohmstead.families.hoymiles.protos.heartbeat_pb2 import HeartbeatFromDtu, HeartbeatToDtu
from ohmstead.families.hoymiles.protos.inventory_pb2 import (
    AppDevInfoFromDtu,
    AppDevInfoToDtu,
    AppDtuInfo,
    AppMeterInfo,
    Feature,
    InverterInfo,
)
from ohmstead.families.hoymiles.protos.live_pb2 import RealDataNewFromDtu, RealDataNewToDtu
from ohmstead.families.hoymiles.simulator.commanding import INSTANT, Effect
from ohmstead.families.hoymiles.simulator.dtu import Dtu
from ohmstead.families.hoymiles.simulator.meter import MODEL_SOFTWARE_VERSION
from ohmstead.families.hoymiles.simulator.profiles import LimitReadBack

INVERTERS_PER_PACKET: Final = 10
KIND_DTU, KIND_INVERTER, KIND_METER = 1, 3, 5
FEATURE_POWER_LIMIT: Final = 8
SIGNAL_DBM: Final = -62
SIGNAL_PCT: Final = 62
WIFI_VERSION: Final = "2.1.21_hm"
GRID_PROFILE_VERSION: Final = 0x2001
GRID_PROFILE_VDE_4105: Final = 0x0300
DTU_UTC_OFFSET_S: Final = 3600
REFUSED: Final = 7
UNCONNECTED_CLOUD: Final = ("dataeu.hoymiles.com", 10081)
"""What every unit has configured; the simulator never calls there."""


class Asked(msgspec.Struct, kw_only=True):
    """What a connection remembers between requests."""

    last_action: int = Action.NONE


Answering = Callable[[Dtu, Any, Asked], Message | None]  # Any: each takes its own request message


def dev_info(dtu: Dtu, request: AppDevInfoToDtu, _: Asked) -> AppDevInfoFromDtu:
    """The list of inverters is paged; everything else is in the first packet."""
    at, profile = dtu.world.at, dtu.profile
    count = max(1, -(-len(dtu.inverters) // INVERTERS_PER_PACKET))
    answer = AppDevInfoFromDtu(
        dtu_serial=dtu.serial,
        time=dtu.time_s(at),
        device_count=len(dtu.inverters),
        pv_port_count=sum(len(inverter.ports) for inverter in dtu.inverters),
        packet_count=count,
        packet_index=request.packet_index,
    )
    start = max(request.packet_index, 0) * INVERTERS_PER_PACKET
    answer.inverters.extend(
        InverterInfo(
            device_kind=KIND_INVERTER,
            serial=inverter.serial,
            software_version=inverter.model.software_version,
            hardware_part_number=inverter.model.hardware_part_number,
            hardware_version=inverter.model.hardware_version,
            grid_profile_version=GRID_PROFILE_VERSION,
            grid_profile_standard=GRID_PROFILE_VDE_4105,
        )
        for inverter in dtu.inverters[start : start + INVERTERS_PER_PACKET]
    )
    if request.packet_index > 0:
        return answer
    answer.dtu.CopyFrom(
        AppDtuInfo(
            device_kind=KIND_DTU,
            software_version=profile.software_version,
            hardware_version=profile.hardware_version,
            step_time=profile.upload_min,
            access_mode=1,
            signal_strength=SIGNAL_PCT,
            wifi_version=WIFI_VERSION,
        )
    )
    answer.features.append(Feature(key=FEATURE_POWER_LIMIT, value="1,A:1000,B:0,C:0\r"))
    if dtu.meter is not None:
        answer.meters.append(
            AppMeterInfo(
                device_kind=KIND_METER,
                serial=dtu.meter.serial,
                ct_ratio=1,
                software_version=MODEL_SOFTWARE_VERSION,
            )
        )
    return answer


def heartbeat(dtu: Dtu, _request: HeartbeatToDtu, _: Asked) -> HeartbeatFromDtu:
    """Whether an app's time sets the clock is unknown; here it does not."""
    return HeartbeatFromDtu(
        utc_offset=DTU_UTC_OFFSET_S,
        time=dtu.time_s(dtu.world.at),
        signal=SIGNAL_DBM,
        dtu_serial=dtu.serial,
    )


def live(dtu: Dtu, request: RealDataNewToDtu, asked: Asked) -> RealDataNewFromDtu:
    data_set = dtu.datasets.read(
        dtu.world.at, request.packet_index, was_polled=asked.last_action == Action.POLL_ALL
    )
    return data_set.packet(max(request.packet_index, 0), dtu.serial)


def config_get(dtu: Dtu, _request: ConfigGetToDtu, _: Asked) -> ConfigGetFromDtu:
    domain, port = UNCONNECTED_CLOUD
    answer = ConfigGetFromDtu(
        utc_offset=DTU_UTC_OFFSET_S,
        time=dtu.time_s(dtu.world.at),
        net_mode=1,
        server_send_time=dtu.profile.upload_min,
        wifi_quality=SIGNAL_PCT,
        server_port=port,
        apn_set="CMNET",
        wifi_ssid="SimulatedHome",
        wifi_password="not-a-real-key",  # noqa: S106 - a made-up one
        server_domain=domain,
        dtu_serial=dtu.serial,
        access_mode=1,
        dhcp=1,
        apn_name="NONE",
        apn_password="NONE",  # noqa: S106 - as above
        ap_ssid=f"DTUBI-{dtu.serial}",
        ap_password="not-a-real-key",  # noqa: S106 - as above
    )
    if dtu.profile.limit_read_back is LimitReadBack.CONFIG:
        answer.power_limit = round(dtu.inverters[0].limit_pct * 10)
    return answer


def command(dtu: Dtu, request: CommandToDtu, asked: Asked) -> CommandFromDtu:
    """Acceptance, not completion."""
    at = dtu.world.at
    answer = CommandFromDtu(
        dtu_serial=dtu.serial,
        time=dtu.time_s(at),
        action=request.action,
        transaction_id=request.transaction_id,
    )
    effect = EFFECTS.get(request.action)
    if request.action in dtu.profile.refuses:
        answer.error_code = dtu.profile.refuses[Action(request.action)]
    elif request.action == Action.POLL_ALL:
        dtu.datasets.set_fast(is_fast=True)
    elif effect is not None:
        targets = list(request.inverter_serials) or [inverter.serial for inverter in dtu.inverters]
        dtu.commanding.accept(request, targets, effect(dtu), at)
    elif request.action not in INSTANT:
        answer.error_code = REFUSED
    if not answer.error_code:
        asked.last_action = request.action
    return answer


def command_status(dtu: Dtu, request: CommandStatusToDtu, _: Asked) -> CommandStatusFromDtu:
    return dtu.commanding.status(dtu.serial, dtu.time_s(dtu.world.at), request.action)


# --- what commands do to an inverter ------------------------------------------------------------------------------------


def limiting(dtu: Dtu) -> Effect:
    def limit(request: CommandToDtu, serial: int) -> bool:
        inverter, limit_pct = dtu.inverter(serial), limit_of_text(request.data)
        if inverter is None or limit_pct is None:
            return False
        inverter.write_limit(limit_pct)
        return True

    return limit


def switching(*, is_on: bool) -> Callable[[Dtu], Effect]:
    def for_dtu(dtu: Dtu) -> Effect:
        def switch(_request: CommandToDtu, serial: int) -> bool:
            inverter = dtu.inverter(serial)
            if inverter is not None:
                inverter.is_on = is_on
            return inverter is not None

        return switch

    return for_dtu


def restarting(dtu: Dtu) -> Effect:
    def restart(_request: CommandToDtu, serial: int) -> bool:
        inverter = dtu.inverter(serial)
        if inverter is not None:
            inverter.restart()
        return inverter is not None

    return restart


EFFECTS: Final[Mapping[int, Callable[[Dtu], Effect]]] = MappingProxyType(
    {
        Action.POWER_LIMIT: limiting,
        Action.INVERTER_ON: switching(is_on=True),
        Action.INVERTER_OFF: switching(is_on=False),
        Action.INVERTER_REBOOT: restarting,
    }
)

_TABLE: Final[tuple[tuple[Exchange[Any, Any], Answering], ...]] = (  # Any: each has its own two messages
    (DEV_INFO, dev_info),
    (HEARTBEAT, heartbeat),
    (REAL_DATA_NEW, live),
    (CONFIG_GET, config_get),
    (COMMAND, command),
    (CLOUD_COMMAND_VIA_APP, command),
    (COMMAND_STATUS, command_status),
)
ANSWERS: Final[Mapping[int, Answering]] = MappingProxyType(
    {exchange.request_id: answering for exchange, answering in _TABLE}
)
