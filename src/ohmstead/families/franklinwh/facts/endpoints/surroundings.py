"""Calls about storms, weather, alarms, messages and backups. Weather names the gateway `equipNo`. Sources: captures,
both clients.
"""

from __future__ import annotations

from typing import Final

from ohmstead.families.franklinwh.facts.endpoints.endpoint import (
    EQUIPMENT,
    GATEWAY,
    NOBODY,
    endpoint,
    endpoints,
    write,
)
from ohmstead.families.franklinwh.facts.topics import Topic

_STORM: Final = (Topic.STORM, Topic.MODES)

STORM_SETTINGS: Final = endpoint(
    "GET T/weather/getStormSetting",
    EQUIPMENT,
    Topic.STORM,
    "storm hedge and its event kinds",
    is_required=True,
    keep_s=300.0,
)
SWITCH_STORM: Final = write(
    "POST T/weather/switchStorm", NOBODY, _STORM, "storm hedge on or off", is_required=True
)
SET_ADVANCE_BACKUP: Final = write(
    "POST T/weather/setAdvanceBackupTime",
    NOBODY,
    _STORM,
    "minutes before a storm, 30 to 300",
    is_required=True,
)
SET_STORM_NOTICE: Final = write(
    "POST T/weather/setStormNotice", NOBODY, _STORM, "notice minutes, 5 to 30", is_required=True
)
STORMS: Final = endpoint("GET T/weather/getStormList", EQUIPMENT, Topic.STORM, "storms", is_required=True)
PROGRESSING_STORMS: Final = endpoint(
    "GET T/weather/getProgressingStormList", EQUIPMENT, Topic.STORM, "storms now", is_required=True
)
WEATHER: Final = endpoint(
    "GET T/weather/getCurrentBriefWeather",
    EQUIPMENT,
    Topic.WEATHER,
    "weather now",
    is_required=True,
    keep_s=300.0,
)
ALARMS: Final = endpoint(
    "GET T/selectGatewayAlarm", GATEWAY, Topic.ALARMS, "active alarms", is_required=True, keep_s=60.0
)
ALARM_CODES: Final = endpoint(
    "GET C/selectDeviceRunLogList",
    NOBODY,
    Topic.ALARMS,
    "dictionary of alarm codes",
    is_required=True,
    keep_s=86_400.0,
)

TABLE: Final = endpoints(
    STORM_SETTINGS,
    SWITCH_STORM,
    SET_ADVANCE_BACKUP,
    SET_STORM_NOTICE,
    STORMS,
    PROGRESSING_STORMS,
    WEATHER,
    ALARMS,
    ALARM_CODES,
    write("POST T/updateTerPushMessageReadByType", NOBODY, (Topic.OTHER,), "marks messages as read"),
    write("POST T/setEventPushToUser", NOBODY, (Topic.OTHER,), "chooses notifications"),
    passed_through={
        "GET C/country/selectRunLogList": (NOBODY, Topic.ALARMS, "alarm codes of a country"),
        "GET T/message/selectMessage": (GATEWAY, Topic.OTHER, "messages"),
        "GET T/selectTerPushMessageListApp": (NOBODY, Topic.OTHER, "messages, paged"),
        "GET T/selectTerPushMessageUnreadCount": (NOBODY, Topic.OTHER, "unread messages"),
        "GET T/listDeviceMessagesByType": (NOBODY, Topic.OTHER, "messages of a kind"),
        "GET T/selectTerPushMessageV2": (NOBODY, Topic.OTHER, "messages, newer"),
        "GET T/selectEventClassification": (NOBODY, Topic.OTHER, "kinds of notifications"),
        "GET T/backupHistorySummary": (GATEWAY, Topic.HISTORY, "sums of past backups"),
        "GET T/iotChargePowers": (GATEWAY, Topic.HISTORY, "past backups"),
    },
)
