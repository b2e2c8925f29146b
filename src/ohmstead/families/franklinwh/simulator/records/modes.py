"""Modes and reserves, feature flags, power control and the tariff, as the cloud tells them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from ohmstead.families.franklinwh.facts.codes import OLD_INDEX, Country, WorkMode
from ohmstead.families.franklinwh.simulator.plant.gateway import Gateway
from ohmstead.families.franklinwh.simulator.records.runtime import NAMES, kilo

Json = dict[str, Any]  # Any: JSON
LEAST_PCT: Final = 5.0
MOST_PCT: Final = 100.0
TIMER: Final = "%Y-%m-%d %H:%M"


def programmes(gateway: Gateway, *, send_status: int | None) -> Json:
    settings = gateway.settings
    start, end = settings.backup_from, settings.backup_until
    return {
        "currendId": settings.programme,
        "list": [_programme(gateway, mode) for mode in WorkMode],
        "stromEn": int(settings.storm.is_enabled),
        "sgipFlag": 1,
        "itcFlag": 1,
        "stopMode": 0,
        "gridChargeEn": 0,
        "touSendStatus": send_status,
        "touAlertMessage": None,
        "backupForeverFlag": settings.backup_flag,
        "timerEndTime": _local(gateway, end),
        "timerEndTimeZero": _utc(end),
        "timerStartTime": _local(gateway, start),
        "timerStartTimeZero": _utc(start),
        "zoneInfo": gateway.region.zone,
        "nextWorkMode": int(settings.next_mode),
        "todayVppVo": {
            "programFlag": None,
            "vppStatus": None,
            "vppId": None,
            "vppFlag": 0,
            "startTime": None,
            "endTime": None,
            "showVppTipFlag": False,
        },
        "tariffSettingFlag": True,
        "vppSocVo": {
            "vppSoc": 20.0,
            "vppMinSoc": LEAST_PCT,
            "vppMaxSoc": MOST_PCT,
            "vppSocDisplayFlag": True,
            "vppType": 1,
        },
    }


def _programme(gateway: Gateway, mode: WorkMode) -> Json:
    is_backup = mode is WorkMode.EMERGENCY_BACKUP
    return {
        "id": gateway.programmes[mode],
        "oldIndex": OLD_INDEX[mode],
        "name": NAMES[mode],
        "soc": gateway.settings.reserves_pct[mode],
        "maxSoc": MOST_PCT,
        "minSoc": LEAST_PCT,
        "dischargeDepthSoc": None,
        "editSocFlag": not is_backup,
        "multiSOCFlag": False,
        "workMode": int(mode),
        "energyIncentivesType": 0,
        "electricityType": 1,
        "displayFlag": None,
    }


def _local(gateway: Gateway, at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(gateway.zone).strftime(TIMER)


def _utc(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).strftime(TIMER)


def _limits(gateway: Gateway) -> Json:
    limits = gateway.settings.limits
    return {
        "globalGridDischargeMax": limits.grid_discharge_kw,
        "globalGridChargeMax": limits.grid_charge_kw,
        "gridFeedMaxFlag": limits.feed_flag,
        "gridFeedMax": limits.feed_kw,
        "gridMaxFlag": 1,
        "gridMax": limits.import_kw,
        "peakDemandGridMax": None,
        "bbDischargePower": None,
        "bonusEnable": None,
        "gridFlag": True,
        "solarFlag": True,
    }


def entrance(gateway: Gateway) -> Json:
    """Feature flags. In Australia those of American programmes are null."""
    is_us = gateway.region.country is Country.UNITED_STATES
    programme = 0 if is_us else None
    return {
        "sgipEntrance": programme,
        "bbEntrance": programme,
        "pcsEntrance": 1,
        "ja12Entrance": programme,
        "tariffSettingFlag": True,
        "sdcpFlag": False if is_us else None,
        "slSettingFlag": 1,
        "needCtTest": False,
        "backupSolution": None,
        **_limits(gateway),
        "ahubAddressingFlag": None,
        "chargingPowerLimited": False,
    }


def power_control(gateway: Gateway) -> Json:
    is_us = gateway.region.country is Country.UNITED_STATES
    return {
        **_limits(gateway),
        "globalSettingStatus": 0,
        "solarTipMsg": "",
        "sgipFlag": 1,
        "itcFlag": 1,
        "isNem3": 0 if is_us else None,
        "vppAndPcsTip": None,
        "bonusTipMsg": None,
        "isCalifornia": 0,
        "countryId": int(gateway.region.country),
        "notControlExportSolar": False,
        "pvSplitCtEn": 0,
    }


def dispatch_detail(gateway: Gateway, *, is_online: bool) -> Json:
    cells, count, limits = gateway.packs.cells, gateway.site.packs, gateway.settings.limits
    is_us = gateway.region.country is Country.UNITED_STATES
    fixed_kw = kilo(cells.max_discharge_w)
    return {
        "template": gateway.tariff["template"],
        "strategyList": gateway.tariff["strategyList"],
        "detailDefaultVo": {
            "gridMax": limits.import_kw,
            "gridChargeMax": limits.grid_charge_kw,
            "dischargeMax": fixed_kw,
            "gridDischargeMax": limits.grid_discharge_kw,
            "fixedPower": fixed_kw,
            "showAdvance": 0,
            "peakDemandGridMax": None,
            "priorityList": [],
            "touDispatchList": [],
            "fixedPowerTotal": fixed_kw,
            "fixedPowerAverage": round(fixed_kw / count, 3),
        },
        "nemType": gateway.tariff.get("nemType", 0) if is_us else None,
        "ptoDate": None,
        "batteryRatedCapacity": kilo(cells.capacity_wh),
        "onlineFlag": is_online,
        "sendStatus": None,
        "apowerCount": count,
        "tariffSettingFlag": True,
    }
