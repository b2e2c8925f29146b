"""Calls about modes, reserve, tariff, power control, the grid switch and the generator. Sources: captures, both clients."""

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

_5_MIN: Final = 300.0
_MODE: Final = (Topic.MODES, Topic.COMPOSITE, Topic.TARIFF)
_POWER: Final = (Topic.POWER_CONTROL, Topic.ENTRANCE)

PROGRAMMES: Final = endpoint(
    "POST T/tou/getGatewayTouListV2",
    GATEWAY,
    Topic.MODES,
    "modes with their reserves, and which one is active",
    is_required=True,
    keep_s=_5_MIN,
)
UPDATE_MODE: Final = write(
    "POST T/tou/updateTouModeV2", GATEWAY, _MODE, "switch the mode, all in the query", is_required=True
)
LEGACY_UPDATE_MODE: Final = write(
    "POST T/tou/updateTouMode", NOBODY, _MODE, "switch the mode by form; what the oldest client sends"
)
UPDATE_SOC: Final = write("POST T/tou/updateSocV2", GATEWAY, _MODE, "reserve of one mode", is_required=True)
ENTRANCE_INFO: Final = endpoint(
    "GET T/tou/getEntranceInfo", GATEWAY, Topic.ENTRANCE, "feature flags", is_required=True, keep_s=_5_MIN
)
TOU_DISPATCH: Final = endpoint(
    "GET T/tou/getTouDispatchDetail",
    GATEWAY,
    Topic.TARIFF,
    "tariff and plan",
    is_required=True,
    keep_s=3600.0,
)
SAVE_DISPATCH: Final = write(
    "POST T/tou/saveTouDispatch",
    NOBODY,
    _MODE,
    "overwrites the whole plan; does not switch to it",
    is_required=True,
)
POWER_CONTROL: Final = endpoint(
    "GET T/tou/getPowerControlSetting",
    GATEWAY,
    Topic.POWER_CONTROL,
    "limits to and from the grid",
    is_required=True,
    keep_s=_5_MIN,
)
SET_POWER_CONTROL: Final = write(
    "POST T/tou/setPowerControl", NOBODY, _POWER, "limits of battery and grid", is_required=True
)
SET_POWER_CONTROL_V2: Final = write(
    "POST T/tou/setPowerControlV2", NOBODY, _POWER, "the whole record, with export", is_required=True
)
OFF_GRID: Final = endpoint(
    "GET T/selectOffgrid",
    GATEWAY,
    Topic.OFF_GRID,
    "requested and effective off grid",
    cost=Cost.GATEWAY,
    is_required=True,
)
UPDATE_OFF_GRID: Final = write(
    "POST T/updateOffgrid",
    GATEWAY,
    (Topic.OFF_GRID, Topic.COMPOSITE),
    "leave or join the grid",
    is_required=True,
)
GENERATOR: Final = endpoint(
    "GET T/selectIotGenerator",
    GATEWAY,
    Topic.GENERATOR,
    "generator record; a default one without a module",
    cost=Cost.GATEWAY,
    is_required=True,
    keep_s=60.0,
)
UPDATE_GENERATOR: Final = write(
    "POST T/updateIotGenerator",
    GATEWAY,
    (Topic.GENERATOR, Topic.COMPOSITE, Topic.METERING),
    "merges the keys it is sent; answers the whole record",
    is_required=True,
)

TABLE: Final = endpoints(
    PROGRAMMES,
    UPDATE_MODE,
    LEGACY_UPDATE_MODE,
    UPDATE_SOC,
    ENTRANCE_INFO,
    TOU_DISPATCH,
    SAVE_DISPATCH,
    POWER_CONTROL,
    SET_POWER_CONTROL,
    SET_POWER_CONTROL_V2,
    OFF_GRID,
    UPDATE_OFF_GRID,
    GENERATOR,
    UPDATE_GENERATOR,
    write("POST T/tou/saveTouDispatchUseTemplate", NOBODY, _MODE, "overwrites the plan with a template"),
    write("POST T/system/updateSystemSetting", NOBODY, (Topic.DEVICE,), "installer's settings; not used"),
    passed_through={
        "POST T/tou/getGatewayTouList": (GATEWAY, Topic.MODES, "modes, older shape"),
        "POST T/tou/getTouCompanyListPageV2": (NOBODY, Topic.TARIFF, "utility companies"),
        "GET T/tou/getTariffListByCompanyId": (NOBODY, Topic.TARIFF, "tariffs of a company"),
        "GET T/tou/getTariffDetailByIdV2": (NOBODY, Topic.TARIFF, "one tariff"),
        "POST T/tou/getIotTouDetailById": (NOBODY, Topic.TARIFF, "one tariff as a plan"),
        "POST T/tou/getCustomEnergyDispatchList": (NOBODY, Topic.TARIFF, "dispatches for price blocks"),
        "POST T/tou/getRecommendEnergyDispatchList": (NOBODY, Topic.TARIFF, "recommended dispatches"),
        "POST T/tou/calculate/expected/earnings": (NOBODY, Topic.TARIFF, "estimated savings of a plan"),
        "GET T/tou/getBonusInfo": (GATEWAY, Topic.TARIFF, "bonus programme"),
        "GET T/tou/getVppTipForUpdateTou": (GATEWAY, Topic.TARIFF, "hint about virtual power plants"),
        "POST T/tou/notify/ai/cache": (NOBODY, Topic.OTHER, "tells the assistant to forget"),
        "POST T/tou/getPcsHintInfo": (NOBODY, Topic.POWER_CONTROL, "hints about power control"),
        "GET T/selectProgramFlag": (GATEWAY, Topic.OTHER, "programme enrolment"),
        "GET T/queryProgramDetails": (GATEWAY, Topic.OTHER, "programme enrolment"),
        "GET T/checkUserVppEligibility": (GATEWAY, Topic.OTHER, "virtual power plant"),
        "GET T/ja12/queryComplianceCapacity": (GATEWAY, Topic.OTHER, "programme JA12"),
        "GET T/aiDispatch/checkAiDispatchInvitation": (GATEWAY, Topic.OTHER, "assistant"),
        "GET T/aiDispatch/getAiOfflineDisableFlag": (GATEWAY, Topic.OTHER, "assistant"),
    },
)
