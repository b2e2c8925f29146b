"""Calls about the account, and the tunnel. Sources: captures and both clients."""

from __future__ import annotations

from typing import Final

from ohmstead.families.franklinwh.facts.endpoints.endpoint import (
    GATEWAY,
    NOBODY,
    Cost,
    endpoint,
    endpoints,
    write,
)
from ohmstead.families.franklinwh.facts.topics import Topic

LOGIN: Final = endpoint(
    "POST T/initialize/appUserOrInstallerLogin",
    NOBODY,
    Topic.ACCOUNT,
    "token for e-mail and password",
    is_required=True,
    is_secret=True,
)
LOGOUT: Final = write(
    "POST T/v2/loginOut", NOBODY, (Topic.ACCOUNT,), "makes the token invalid", is_required=True
)
SEND_MQTT: Final = endpoint(
    "POST T/sendMqtt",
    GATEWAY,
    Topic.OTHER,
    "one command to the gateway and its reply",
    cost=Cost.GATEWAY,
    is_required=True,
)

TABLE: Final = endpoints(
    LOGIN,
    LOGOUT,
    SEND_MQTT,
    passed_through={
        "GET T/getPersonalInfo": (NOBODY, Topic.ACCOUNT, "the owner"),
        "GET T/v2/queryTerminalUserInfo": (NOBODY, Topic.ACCOUNT, "the owner, newer"),
        "GET N/api-user/app/resource/getUserResources/v2": (NOBODY, Topic.ACCOUNT, "what the app may show"),
        "GET T/getAppGlobalConfig": (NOBODY, Topic.ACCOUNT, "settings of the app"),
        "GET T/getShowTip": (GATEWAY, Topic.OTHER, "hints the app shows"),
        "GET T/feedback/whetherPopUp": (NOBODY, Topic.OTHER, "whether the app asks for feedback"),
        "POST T/nps/getNpsShowTip": (NOBODY, Topic.OTHER, "whether the app asks for a score"),
        "GET T/appObtainAdvertiseLst": (NOBODY, Topic.OTHER, "advertisements"),
        "GET T/recommend/recommendFlag": (NOBODY, Topic.OTHER, "referral programme"),
        "POST T/updateTerUserFcmToken": (NOBODY, Topic.OTHER, "push address of a phone"),
        "GET C/getPageByTypeList": (NOBODY, Topic.OTHER, "pages of the app"),
        "GET C/obtainGeographyList": (NOBODY, Topic.OTHER, "countries and provinces"),
        "GET C/v2/obtainUrlByKey": (NOBODY, Topic.OTHER, "addresses of vendor pages"),
        "GET M/selectAppGatewayList": (NOBODY, Topic.GATEWAYS, "an installer's gateways"),
        "GET M/selectAppGatewayStatus": (NOBODY, Topic.GATEWAYS, "and whether they are online"),
        "GET M/getDeviceUpgradeResult": (GATEWAY, Topic.DEVICE, "result of a firmware upgrade"),
        "GET M/listUpgradeSteps": (GATEWAY, Topic.DEVICE, "steps of a firmware upgrade"),
    },
)
