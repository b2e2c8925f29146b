"""What the DTU answers to each request, as a table from exchange to function. Requests it does not know get nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from google.protobuf.message import Message

from ohmstead.families.hoymiles.actions import Action
from ohmstead.families.hoymiles.messages.app import (
    ALARMS,
    AUTO_SEARCH,
    CLOUD_COMMAND_VIA_APP,
    COMMAND,
    COMMAND_STATUS,
    CONFIG_GET,
    CONFIG_SET,
    DEV_CONFIG_FETCH,
    DEV_CONFIG_PUT,
    DEV_INFO,
    GRID_SELF_TEST,
    HEARTBEAT,
    HIST_ENERGY,
    HIST_POWER,
    NETWORK_INFO,
    REAL_DATA,
    REAL_DATA_NEW,
)
from ohmstead.families.hoymiles.messages.exchange import Exchange
from ohmstead.families.hoymiles.protos.config_pb2 import (
    ConfigGetFromDtu,
    ConfigGetToDtu,
    ConfigSetFromDtu,
    ConfigSetToDtu,
)
from ohmstead.families.hoymiles.protos.heartbeat_pb2 import HeartbeatFromDtu, HeartbeatToDtu
from ohmstead.families.hoymiles.protos.inventory_pb2 import (
    AppDevInfoFromDtu,
    AppDevInfoToDtu,
    AppDtuInfo,
    AppMeterInfo,
    Feature,
    InverterInfo,
)
from ohmstead.families.hoymiles.protos.live_old_pb2 import RealDataFromDtu, RealDataToDtu
from ohmstead.families.hoymiles.protos.live_pb2 import RealDataNewFromDtu, RealDataNewToDtu
from ohmstead.families.hoymiles.protos.network_pb2 import NetworkInfoFromDtu, NetworkInfoToDtu
from ohmstead.families.hoymiles.protos.search_pb2 import AutoSearchFromDtu, AutoSearchToDtu
from ohmstead.families.hoymiles.simulator import grid_profile, records
from ohmstead.families.hoymiles.simulator.configuration import WIFI_QUALITY_PCT, store
from ohmstead.families.hoymiles.simulator.datasets import DataSet
from ohmstead.families.hoymiles.simulator.dtu import Dtu
from ohmstead.families.hoymiles.simulator.inverter import MicroInverter
from ohmstead.families.hoymiles.simulator.measuring import old_packet
from ohmstead.families.hoymiles.simulator.meter import MODEL_SOFTWARE_VERSION
from ohmstead.families.hoymiles.simulator.orders import Asked, command, command_status
from ohmstead.families.hoymiles.simulator.profiles import ENCRYPTING_FLAGS, LimitReadBack, OldAnswer
from ohmstead.families.hoymiles.simulator.records import page

INVERTERS_PER_PACKET: Final = 10
KIND_DTU, KIND_INVERTER, KIND_METER = 1, 3, 5
FEATURE_POWER_LIMIT: Final = 8
SIGNAL_DBM: Final = -62
WIFI_VERSION: Final = "2.1.21_hm"
SERIALS_PER_PACKET: Final = 50

Answering = Callable[[Dtu, Any, Asked], Message | None]  # Any: each takes its own request message


def dev_info(dtu: Dtu, request: AppDevInfoToDtu, _: Asked) -> AppDevInfoFromDtu:
    """The list of inverters is paged; everything else is in the first packet."""
    shown, count = page(dtu.inverters, request.packet_index, INVERTERS_PER_PACKET)
    answer = AppDevInfoFromDtu(
        dtu_serial=dtu.serial,
        time=dtu.clock.time_s(dtu.world.at),
        device_count=len(dtu.inverters),
        pv_port_count=sum(len(inverter.ports) for inverter in dtu.inverters),
        packet_count=count,
        packet_index=request.packet_index,
        inverters=map(_inverter_info, shown),
    )
    if request.packet_index <= 0:
        answer.dtu.CopyFrom(_dtu_info(dtu))
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


def _inverter_info(inverter: MicroInverter) -> InverterInfo:
    return InverterInfo(
        device_kind=KIND_INVERTER,
        serial=inverter.serial,
        software_version=inverter.model.software_version,
        hardware_part_number=inverter.model.hardware_part_number,
        hardware_version=inverter.model.hardware_version,
        grid_profile_version=grid_profile.VERSION,
        grid_profile_standard=grid_profile.STANDARD,
    )


def _dtu_info(dtu: Dtu) -> AppDtuInfo:
    profile = dtu.profile
    return AppDtuInfo(
        device_kind=KIND_DTU,
        software_version=profile.software_version,
        hardware_version=profile.hardware_version,
        step_time=profile.upload_min,
        access_mode=1,
        communication_time=dtu.clock.time_s(dtu.last_cloud_at) if dtu.last_cloud_at is not None else 0,
        signal_strength=WIFI_QUALITY_PCT,
        wifi_version=WIFI_VERSION,
        feature_flags=ENCRYPTING_FLAGS if profile.encrypts else 0,
        encryption_seed=dtu.keys.seed if profile.encrypts else b"",
    )


def heartbeat(dtu: Dtu, _request: HeartbeatToDtu, _: Asked) -> HeartbeatFromDtu:
    """Whether an app's time sets the clock is unknown; here it does not."""
    return HeartbeatFromDtu(
        utc_offset=dtu.utc_offset_s,
        time=dtu.clock.time_s(dtu.world.at),
        signal=SIGNAL_DBM,
        dtu_serial=dtu.serial,
    )


def live(dtu: Dtu, request: RealDataNewToDtu, asked: Asked) -> RealDataNewFromDtu | None:
    return _packet(dtu, request.packet_index, asked) if dtu.profile.answers_new_data else None


def _packet(dtu: Dtu, packet_index: int, asked: Asked) -> RealDataNewFromDtu:
    index = max(packet_index, 0)
    data_set = _data_set(dtu, index, asked)
    return data_set.packet(index, dtu.serial, dtu.datasets.entries_per_packet)


def _data_set(dtu: Dtu, packet_index: int, asked: Asked) -> DataSet:
    was_polled = asked.last_action == Action.POLL_ALL
    return dtu.datasets.read(dtu.world.at, packet_index, was_polled=was_polled)


def old_live(dtu: Dtu, request: RealDataToDtu, asked: Asked) -> RealDataFromDtu | RealDataNewFromDtu | None:
    """Newer firmware answers the older request with the newer body."""
    match dtu.profile.old_answer:
        case OldAnswer.SILENCE:
            return None
        case OldAnswer.NEW:
            return _packet(dtu, request.packet_index, asked)
        case OldAnswer.OLD:
            index = max(request.packet_index, 0)
            return old_packet(_data_set(dtu, index, asked), index, dtu.serial, SIGNAL_DBM)


def config_get(dtu: Dtu, _request: ConfigGetToDtu, _: Asked) -> ConfigGetFromDtu:
    answer = ConfigGetFromDtu()
    answer.CopyFrom(dtu.image)
    answer.time = dtu.clock.time_s(dtu.world.at)
    answer.power_limit = 0
    if dtu.profile.limit_read_back is LimitReadBack.CONFIG and dtu.inverters:
        answer.power_limit = round(dtu.inverters[0].limit_pct * 10)
    return answer


def config_set(dtu: Dtu, request: ConfigSetToDtu, _: Asked) -> ConfigSetFromDtu:
    """The whole image at once: what the request leaves out is zero from now on."""
    if store(dtu.image, request):
        dtu.network_set_at = dtu.world.at
        dtu.drops_network = True
    return ConfigSetFromDtu(utc_offset=dtu.utc_offset_s, time=dtu.clock.time_s(dtu.world.at))


def network_info(dtu: Dtu, _request: NetworkInfoToDtu, _: Asked) -> NetworkInfoFromDtu:
    set_s = dtu.clock.time_s(dtu.network_set_at)
    return NetworkInfoFromDtu(
        dtu_serial=dtu.serial,
        time=dtu.clock.time_s(dtu.world.at),
        set_mode=dtu.image.net_mode,
        set_time=max(0, set_s),
        set_state=1,
        active_mode=dtu.image.net_mode,
        active_time=max(0, set_s),
        signal=SIGNAL_DBM,
        active_state=1,
        ap_state=1,
    )


def auto_search(dtu: Dtu, request: AutoSearchToDtu, _: Asked) -> AutoSearchFromDtu:
    found, count = page(dtu.found_serials, request.packet_index, SERIALS_PER_PACKET)
    return AutoSearchFromDtu(
        dtu_serial=dtu.serial,
        time=dtu.clock.time_s(dtu.world.at),
        packet_count=count,
        packet_index=request.packet_index,
        inverter_serials=found,
    )


_TABLE: Final[tuple[tuple[Exchange[Any, Any], Answering], ...]] = (  # Any: each has its own two messages
    (DEV_INFO, dev_info),
    (HEARTBEAT, heartbeat),
    (REAL_DATA_NEW, live),
    (REAL_DATA, old_live),
    (CONFIG_GET, config_get),
    (CONFIG_SET, config_set),
    (NETWORK_INFO, network_info),
    (AUTO_SEARCH, auto_search),
    (ALARMS, records.alarms),
    (HIST_POWER, records.hist_power),
    (HIST_ENERGY, records.hist_energy),
    (GRID_SELF_TEST, records.grid_self_test),
    (DEV_CONFIG_FETCH, records.dev_config_fetch),
    (DEV_CONFIG_PUT, records.dev_config_put),
    (COMMAND, command),
    (CLOUD_COMMAND_VIA_APP, command),
    (COMMAND_STATUS, command_status),
)
ANSWERS: Final[Mapping[int, Answering]] = MappingProxyType(
    {exchange.request_id: answering for exchange, answering in _TABLE}
)
