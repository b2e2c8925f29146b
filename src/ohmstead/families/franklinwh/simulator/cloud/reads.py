"""What reading calls are answered with: a table from path to record. What is not in it is answered neutrally."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final

import msgspec

from ohmstead.families.franklinwh.facts import endpoints as to
from ohmstead.families.franklinwh.facts.body_codes import BodyCode
from ohmstead.families.franklinwh.facts.endpoints import COMMON, TERMINAL
from ohmstead.families.franklinwh.facts.endpoints.history import DAY_KEY, SPAN_KEY
from ohmstead.families.franklinwh.simulator.cloud.calls import Call, Refusal, missing
from ohmstead.families.franklinwh.simulator.cloud.station import Station
from ohmstead.families.franklinwh.simulator.cloud.told import CloudOptions
from ohmstead.families.franklinwh.simulator.plant.gateway import Gateway
from ohmstead.families.franklinwh.simulator.records import (
    generator,
    history,
    modes,
    runtime,
    site,
    surroundings,
)

Json = dict[str, Any]  # Any: JSON


class Asked(msgspec.Struct, frozen=True):
    """A call about a gateway."""

    call: Call
    station: Station
    options: CloudOptions

    @property
    def gateway(self) -> Gateway:
        return self.station.gateway


YEARS: Final = range(2000, 2200)

Answer = Callable[[Asked], object]


def _with(record: Callable[[Gateway], object]) -> Answer:
    return lambda asked: record(asked.gateway)


def _always(result: object) -> Answer:
    return lambda _asked: result


def _off_grid(asked: Asked) -> Json:
    islanding = asked.gateway.islanding
    return {"offgridSet": int(islanding.is_requested), "offgridState": int(islanding.is_off_on_request)}


def _generator(asked: Asked) -> Json:
    return generator.generator(asked.gateway, has_status=asked.options.has_status)


def _energies(asked: Asked) -> Json:
    kind, first = _span(asked.call)
    return history.energies(asked.gateway, kind, first)


def _benefits(asked: Asked) -> Json:
    kind, first = _span(asked.call)
    return history.benefits(asked.gateway, kind, first)


def _span(call: Call) -> tuple[int, date | None]:
    """With the other kind's key for the date there is none."""
    kind = call.whole("type")
    return kind, _day(call, DAY_KEY if kind == 1 or call.endpoint is to.BENEFIT else SPAN_KEY)


def _day(call: Call, key: str) -> date | None:
    text = call.value(key)
    if text is None:
        return None
    try:
        found = date.fromisoformat(str(text)[:10])
    except ValueError:
        raise Refusal(BodyCode.BAD_REQUEST, f"{key} is not a date") from None
    if found.year not in YEARS:
        raise Refusal(BodyCode.BAD_REQUEST, f"{key} is out of range")
    return found


def _profile(asked: Asked) -> Json:
    number = asked.call.whole("systemId")
    return {"systemId": number, "catalog": []}


def _runtime_log(asked: Asked) -> Json:
    return {
        **asked.station.live()["runtimeData"],
        "temperatures": [],
        "relays": runtime.main_switches(asked.gateway),
    }


def _older_programmes(asked: Asked) -> Json:
    return {"list": modes.programmes(asked.gateway, send_status=None)["list"]}


ANSWERS: Final[Mapping[str, Answer]] = MappingProxyType(
    {
        to.DEVICE_INFO.path: _with(site.device),
        to.AGATE_INFO.path: _with(site.firmware),
        to.PACKS.path: _with(site.packs),
        to.ACCESSORIES.path: _with(site.accessories),
        to.IOT_ACCESSORIES.path: _with(site.accessories),
        to.EQUIPMENT_LIST.path: _with(site.accessories),
        to.LOCATION.path: _with(site.location),
        to.WARRANTY.path: _with(site.warranty),
        to.GRID_PROFILES.path: lambda asked: {
            "list": [{"name": "User Defined", "id": 0}],
            "currentId": 0,
            "countryId": int(asked.gateway.region.country),
        },
        TERMINAL + "newCompliance/getComplianceDetailById": _profile,
        TERMINAL + "selectDeviceOverallInfo": _with(site.overall),
        TERMINAL + "getGatewaySystemSetting": _with(site.system_settings),
        TERMINAL + "system/getSystemSetting": _with(site.system_settings),
        TERMINAL + "solar/selectAnyOneSolarOpen": _with(runtime.solar_flags),
        TERMINAL + "span/getSpanSetting": _always({"spanFlag": 0}),
        TERMINAL + "getHotSpotInfo/v2": lambda asked: {
            "id": 1,
            "gatewayId": asked.station.serial,
            "ssid": asked.station.wifi["ap_SSID"],
            "password": asked.station.wifi["ap_Pw"],
        },
        TERMINAL + "selectSimBtn": _always(
            [{"dictLabel": "userSimCardManagement", "dictValue": "0", "isDefault": "N"}]
        ),
        TERMINAL + "site/get/DeviceDetail": _with(site.location),
        TERMINAL + "selectIotUserRuntimeDataLog": _runtime_log,
        TERMINAL + "chargePowerDetails": _with(site.backup_time),
        TERMINAL + "getOffGridFlag": lambda asked: {"offGridFlag": int(asked.gateway.islanding.is_outage)},
        to.PROGRAMMES.path: lambda asked: modes.programmes(
            asked.gateway, send_status=asked.station.send_status
        ),
        TERMINAL + "tou/getGatewayTouList": _older_programmes,
        to.ENTRANCE_INFO.path: _with(modes.entrance),
        to.POWER_CONTROL.path: _with(modes.power_control),
        to.TOU_DISPATCH.path: lambda asked: modes.dispatch_detail(
            asked.gateway, is_online=not asked.station.is_offline
        ),
        to.OFF_GRID.path: _off_grid,
        to.GENERATOR.path: _generator,
        to.STORM_SETTINGS.path: lambda asked: surroundings.storm_settings(asked.gateway.settings.storm),
        to.STORMS.path: _always([]),
        to.WEATHER.path: _with(surroundings.weather),
        to.ALARMS.path: _with(runtime.alarms),
        to.ENERGY_DATA.path: _energies,
        to.POWER_BY_DAY.path: lambda asked: history.powers(asked.gateway, _day(asked.call, DAY_KEY)),
        to.BENEFIT.path: _benefits,
        TERMINAL + "backupHistorySummary": _always(
            {"longestDuration": 0, "totalBackup": 0, "totalDuration": 0, "lastRecord": None}
        ),
        TERMINAL + "iotChargePowers": _always([]),
    }
)
"""By path, of calls about one gateway."""

LISTS: Final = frozenset(
    TERMINAL + name
    for name in (
        "selectTerPushMessageListApp",
        "listDeviceMessagesByType",
        "selectTerPushMessageV2",
        "selectEventClassification",
        "appObtainAdvertiseLst",
    )
) | {COMMON + "getPageByTypeList", COMMON + "obtainGeographyList"}
"""Answered with nothing, as a list; everything else that is unknown with null."""


def read(asked: Asked) -> object:
    found = ANSWERS.get(asked.call.endpoint.path)
    return neutral(asked.call) if found is None else found(asked)


def neutral(call: Call) -> object:
    """For what nobody depends on."""
    if call.endpoint.serial_key and not call.serial:
        raise missing(call.endpoint.serial_key)
    return [] if call.endpoint.path in LISTS else None
