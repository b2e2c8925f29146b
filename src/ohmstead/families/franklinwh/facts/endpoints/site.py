"""Calls about gateways, their site and hardware, and the call that is polled. Sources: captures and both clients."""

from __future__ import annotations

from typing import Final

from ohmstead.families.franklinwh.facts.endpoints.endpoint import GATEWAY, NOBODY, Cost, endpoint, endpoints
from ohmstead.families.franklinwh.facts.topics import Topic

_5_MIN: Final = 300.0
_HOUR: Final = 3600.0
_DAY: Final = 86_400.0

GATEWAY_LIST: Final = endpoint(
    "GET T/getHomeGatewayList",
    NOBODY,
    Topic.GATEWAYS,
    "serials, hardware, time zones, who is online",
    is_required=True,
    keep_s=_5_MIN,
)
DEVICE_INFO: Final = endpoint(
    "GET T/getDeviceInfoV2",
    GATEWAY,
    Topic.DEVICE,
    "packs, generator and vehicle-to-load flags",
    is_required=True,
    keep_s=_5_MIN,
)
AGATE_INFO: Final = endpoint(
    "GET T/obtainAgateInfo", GATEWAY, Topic.DEVICE, "firmware", is_required=True, keep_s=_HOUR
)
PACKS: Final = endpoint(
    "GET T/obtainApowersInfo", GATEWAY, Topic.PACKS, "packs and their firmware", is_required=True, keep_s=60.0
)
PACK_CATALOGUE: Final = endpoint(
    "GET C/getPowerCapConfigList", NOBODY, Topic.OTHER, "ratings of packs", is_required=True, keep_s=_DAY
)
ACCESSORIES: Final = endpoint(
    "GET C/getAccessoryList",
    GATEWAY,
    Topic.DEVICE,
    "accessories that are fitted; an empty list when none is",
    is_required=True,
    keep_s=_5_MIN,
)
IOT_ACCESSORIES: Final = endpoint(
    "GET T/getIotAccessoryList", GATEWAY, Topic.DEVICE, "accessories, older call", keep_s=_5_MIN
)
EQUIPMENT_LIST: Final = endpoint(
    "GET M/getEquipmentList", GATEWAY, Topic.DEVICE, "accessories, installer's call", keep_s=_5_MIN
)
SITES: Final = endpoint(
    "GET T/site/list/siteAndDeviceInfo",
    NOBODY,
    Topic.SITE,
    "sites with their gateways",
    is_required=True,
    keep_s=_HOUR,
    is_secret=True,
)
LOCATION: Final = endpoint(
    "GET T/getEquipmentLocationDetail",
    GATEWAY,
    Topic.SITE,
    "address, coordinates and time zone",
    is_required=True,
    keep_s=_HOUR,
    is_secret=True,
)
WARRANTY: Final = endpoint(
    "GET T/v2/warrantyInfo", GATEWAY, Topic.DEVICE, "warranty and throughput", is_required=True, keep_s=_DAY
)
GRID_PROFILES: Final = endpoint(
    "GET T/newCompliance/getComplianceNameList",
    GATEWAY,
    Topic.DEVICE,
    "names of grid profiles; `currentId` is the one in force",
    is_required=True,
    keep_s=_HOUR,
)
COMPOSITE_INFO: Final = endpoint(
    "GET T/getDeviceCompositeInfo",
    GATEWAY,
    Topic.COMPOSITE,
    "live data; `refreshFlag` 1 asks the gateway, 0 the database",
    cost=Cost.GATEWAY,
    is_required=True,
)

TABLE: Final = endpoints(
    GATEWAY_LIST,
    DEVICE_INFO,
    AGATE_INFO,
    PACKS,
    PACK_CATALOGUE,
    ACCESSORIES,
    IOT_ACCESSORIES,
    EQUIPMENT_LIST,
    SITES,
    LOCATION,
    WARRANTY,
    GRID_PROFILES,
    COMPOSITE_INFO,
    passed_through={
        "GET T/selectDeviceOverallInfo": (GATEWAY, Topic.DEVICE, "count of packs and their kWh"),
        "GET T/selectTerGatewayControlLoadByGatewayId": (NOBODY, Topic.CIRCUITS, "controllable loads, older"),
        "GET T/site/get/SiteDetail": (NOBODY, Topic.SITE, "parts of a site's address"),
        "GET T/site/get/DeviceDetail": (GATEWAY, Topic.SITE, "parts of a gateway's address"),
        "GET T/getGatewaySystemSetting": (GATEWAY, Topic.DEVICE, "grid connection and pack powers"),
        "GET T/system/getSystemSetting": (GATEWAY, Topic.DEVICE, "installer's settings"),
        "GET T/solar/selectAnyOneSolarOpen": (GATEWAY, Topic.DEVICE, "installation flags of solar"),
        "GET T/span/getSpanSetting": (GATEWAY, Topic.DEVICE, "whether a SPAN panel is there"),
        "GET T/getHotSpotInfo/v2": (GATEWAY, Topic.NETWORK, "hot spot of the gateway, with its password"),
        "GET T/getHotSpotInfo": (NOBODY, Topic.NETWORK, "hot spot, older"),
        "GET T/selectSimBtn": (GATEWAY, Topic.NETWORK, "choices for the SIM card"),
        "GET T/sim/cardShow": (GATEWAY, Topic.NETWORK, "answers 404"),
        "GET T/newCompliance/getComplianceDetailById": (GATEWAY, Topic.DEVICE, "one grid profile"),
        "GET T/selectIotUserRuntimeDataLog": (GATEWAY, Topic.COMPOSITE, "runtime with more relays"),
        "GET T/chargePowerDetails": (GATEWAY, Topic.COMPOSITE, "estimated time of backup"),
        "GET T/getOffGridFlag": (GATEWAY, Topic.OFF_GRID, "off-grid flag"),
    },
)
