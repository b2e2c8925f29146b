"""Network, lights, storm, weather and alarms: what a gateway has beside energy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ohmstead.families.franklinwh.facts.alarms import CIRCUIT_ALARMS, GENERATOR_ALARMS, GRID_ALARMS
from ohmstead.families.franklinwh.simulator.plant.gateway import Gateway
from ohmstead.families.franklinwh.simulator.plant.settings import Storm

Json = dict[str, Any]  # Any: JSON
NO_ADDRESS: Final = "0.0.0.0"  # noqa: S104  # what the gateway says for "none"
ON: Final = 2
"""A pack's light; 1 is off."""
EVENTS: Final = ("Hurricane", "Tornado", "Flood", "Winter Storm", "High Wind", "Ice Storm", "Wildfire")
NETWORKS: Final = (("Sample Home", 88), ("Sample Guest", 61), ("Neighbour", 34))


def interfaces() -> Json:
    """`commSetPara` of the reply to 317."""
    return {
        "opt": 0,
        "result": 0,
        "reason": 0,
        "currentNetType": 3,
        "wifiDHCP": 1,
        "wifiMAC": "02:00:00:00:00:01",
        "wifiStaticIP": "192.0.2.57",
        "wifiDNS": "192.0.2.1",
        "wifiGateWay": "192.0.2.1",
        "eth0DHCP": 1,
        "eth1DHCP": 1,
        "eth1MAC": "02:00:00:00:00:02",
        "eth1StaticIP": NO_ADDRESS,
        "eth1DNS": NO_ADDRESS,
        "eth1GateWay": NO_ADDRESS,
        "operatorDNS": NO_ADDRESS,
        "operatorMAC": "02:00:00:00:00:03",
        "operatorRSSI": 21,
        "awsStatus": 1,
    }


def lights(packs: int) -> Json:
    return {
        "lightStat": [ON] * packs,
        "timeEn": 1,
        "lightOpenTime": "09:00",
        "lightCloseTime": "17:00",
    }


def wifi() -> Json:
    """With its secrets in clear, as a gateway says them."""
    return {
        "wifi_SSID": "Sample Home",
        "wifi_Pw": "sample-password",
        "ap_SSID": "AP_Sample",
        "ap_Pw": "sample-ap-password",
        "wifi_Safety": 4,
        "reason": 0,
    }


def reachability() -> Json:
    """All three flags are 0 in a capture whose link to the cloud was fine."""
    return {"opt": 0, "result": 0, "routerStatus": 0, "netStatus": 0, "awsStatus": 0}


def switches() -> Json:
    return {
        "opt": 0,
        "result": 0,
        "reason": 0,
        "ethernet0NetSwitch": 0,
        "ethernet1NetSwitch": 1,
        "wifiNetSwitch": 1,
        "4GNetSwitch": 1,
    }


def scan() -> Json:
    found = [{"wifi_SSID": name, "wifi_RSSI": rssi, "wifi_Safety": 4} for name, rssi in NETWORKS]
    return {"opt": 1, "result": 0, "reason": 0, "wifi_Info": found}


def storm_settings(storm: Storm) -> Json:
    return {
        "enableStorm": int(storm.is_enabled),
        "advanceBackupTime": storm.backup_min,
        "noticeEnable": int(storm.is_noticed),
        "advanceNoticeTime": storm.notice_min,
        "stormEventVOList": [
            {"id": number, "name": name, "openFlag": True} for number, name in enumerate(EVENTS, start=1)
        ],
        "showEventTypeFlag": True,
        "tipsMap": {},
    }


def weather(gateway: Gateway) -> Json:
    at = gateway.world.at
    warm_c = round(gateway.world.ambient_c(at), 1)
    is_day = gateway.world.irradiance_w_m2(at, 0.0, 180.0) > 0.0
    return {
        "secondaryType": 2,
        "description": "Partly cloudy",
        "isDayTime": is_day,
        "dayIconUrl": "https://example.com/cloudy.png",
        "nightIconUrl": "https://example.com/cloudy_night.png",
        "thunderFlag": 0,
        "rainFlag": 0,
        "snowyFlag": 0,
        "tempC": warm_c,
        "tempF": round(warm_c * 9.0 / 5.0 + 32.0, 1),
        "sunriseTime": None,
        "sunsetTime": None,
    }


def alarm_codes() -> list[Json]:
    known: Mapping[str, str] = {**GENERATOR_ALARMS, **CIRCUIT_ALARMS, **GRID_ALARMS}
    return [{"alarmCode": code, "logName": text, "enLogName": text} for code, text in known.items()]
