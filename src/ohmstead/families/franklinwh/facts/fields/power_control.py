"""Feature flags, limits to and from the grid, storm settings."""

from __future__ import annotations

from typing import Final

from ohmstead.families.franklinwh.facts.fields.field import (
    Table,
    anything,
    count,
    flag,
    number,
    text,
)

ENTRANCE: Final = Table(
    "tou/getEntranceInfo",
    "captures",
    (
        flag("solarFlag", "snapshot.flags.solar"),
        flag("tariffSettingFlag", "snapshot.flags.tariff_configured"),
        count("pcsEntrance", "snapshot.flags.pcs_enabled"),
        count("sgipEntrance", "snapshot.flags.sgip", is_optional=True, note="null in AU"),
        count("bbEntrance", "snapshot.flags.bb", is_optional=True, note="null in AU"),
        count("ja12Entrance", "snapshot.flags.ja12", is_optional=True, note="null in AU"),
        flag("sdcpFlag", "snapshot.flags.sdcp", is_optional=True, note="null in AU"),
        anything("ahubAddressingFlag", "snapshot.flags.ahub_detected", is_optional=True),
        flag("chargingPowerLimited", "snapshot.flags.charging_power_limited"),
        flag("needCtTest", "snapshot.flags.need_ct_test"),
        flag("gridFlag", "snapshot.grid.connected", note="false = no utility service"),
        number(
            "globalGridDischargeMax",
            "snapshot.grid.global_discharge_max_kw",
            note="0 and negative map to null",
        ),
        number(
            "globalGridChargeMax", "snapshot.grid.global_charge_max_kw", note="0 and negative map to null"
        ),
        number("gridFeedMax", "snapshot.grid.feed_max_kw", is_optional=True, note="-1 unlimited"),
        count("gridFeedMaxFlag", "snapshot.grid.feed_max_flag", note="FEED_FLAG"),
        number("gridMax", "snapshot.grid.import_max_kw", is_optional=True, note="-1 unlimited"),
        count("gridMaxFlag", "snapshot.grid.import_max_flag"),
        number("peakDemandGridMax", "snapshot.grid.peak_demand_max_kw", is_optional=True),
        number("bbDischargePower", "snapshot.grid.bb_discharge_power", is_optional=True),
        text("backupSolution", "snapshot.grid.backup_solution", is_optional=True),
        count("slSettingFlag", ""),
        count("bonusEnable", "", is_optional=True),
    ),
)

POWER_CONTROL: Final = Table(
    "tou/getPowerControlSetting",
    "captures",
    (
        number(
            "globalGridDischargeMax",
            "power_control.globalGridDischargeMax",
            "kW",
            note="battery to grid limit",
        ),
        number(
            "globalGridChargeMax", "power_control.globalGridChargeMax", "kW", note="grid to battery limit"
        ),
        number("gridFeedMax", "power_control.gridFeedMax", "kW", note="export limit"),
        count("gridFeedMaxFlag", "power_control.gridFeedMaxFlag", note="FEED_FLAG"),
        number("gridMax", "power_control.gridMax", "kW", note="import limit"),
        count("gridMaxFlag", "power_control.gridMaxFlag"),
        count("globalSettingStatus", "power_control.globalSettingStatus"),
        flag("gridFlag", "power_control.gridFlag"),
        flag("solarFlag", "power_control.solarFlag"),
        flag("notControlExportSolar", "power_control.notControlExportSolar"),
        number("peakDemandGridMax", "power_control.peakDemandGridMax", "kW", is_optional=True),
        number(
            "bbDischargePower",
            "power_control.bbDischargePower",
            "kW",
            is_optional=True,
            note="Battery Bonus programme only",
        ),
        count("isNem3", "power_control.isNem3"),
        count("isCalifornia", "power_control.isCalifornia"),
        count("sgipFlag", "power_control.sgipFlag"),
        count("itcFlag", "power_control.itcFlag"),
        count("pvSplitCtEn", "power_control.pvSplitCtEn"),
    ),
)

STORM: Final = Table(
    "weather/getStormSetting",
    "captures",
    (
        count("enableStorm", "storm.enableStorm", note="0/1"),
        count("advanceBackupTime", "storm.advanceBackupTime", "min", note="30..300, 180 seen"),
        count("noticeEnable", "storm.noticeEnable", note="0/1"),
        count("advanceNoticeTime", "storm.advanceNoticeTime", "min", is_optional=True, note="5..30"),
        count("stormEventVOList[].id", "storm.stormEventVOList[].id", note="event ids 1..31"),
        text("stormEventVOList[].name", "storm.stormEventVOList[].name"),
        flag("stormEventVOList[].openFlag", "storm.stormEventVOList[].openFlag"),
    ),
)
