"""Modes and their reserves."""

from __future__ import annotations

from typing import Final

from ohmstead.families.franklinwh.facts.fields.field import (
    Table,
    count,
    flag,
    number,
    switch,
    text,
)

MODES: Final = Table(
    "getGatewayTouListV2",
    "captures",
    (
        count("currendId", "modes.current_id", note="vendor spelling"),
        count("list[].id", "modes[].id", note="differs per account"),
        count("list[].oldIndex", "modes[].old_index", codes="OLD_INDEX"),
        text("list[].name", "modes[].name"),
        number("list[].soc", "modes[].soc", "%", note="reserve"),
        number("list[].minSoc", "modes[].min_soc", "%"),
        number("list[].maxSoc", "modes[].max_soc", "%"),
        flag("list[].editSocFlag", "modes[].editable", note="false for backup"),
        count("list[].workMode", "modes[].work_mode", codes="WORK_MODE"),
        count("list[].electricityType", "modes[].electricity_type"),
        number("list[].dischargeDepthSoc", "modes[].discharge_depth", "%", is_optional=True),
        flag("list[].multiSOCFlag", "modes[].multi_soc"),
        count("list[].energyIncentivesType", "modes[].incentive"),
        switch("stromEn", "modes.storm_hedge"),
        count("stopMode", "modes.stop_mode"),
        switch("gridChargeEn", "modes.grid_charge"),
        count("touSendStatus", "modes.send_status", codes="TOU_SEND_STATUS", is_optional=True),
        text("touAlertMessage", "modes.alert", is_optional=True),
        count("backupForeverFlag", "modes.backup_flag", codes="BACKUP_FLAG"),
        text("timerStartTime", "modes.backup_start", note="gateway local"),
        text("timerEndTime", "modes.backup_end", note="gateway local"),
        text("timerStartTimeZero", "modes.backup_start_utc", note="UTC"),
        text("timerEndTimeZero", "modes.backup_end_utc", note="UTC"),
        text("zoneInfo", "modes.time_zone", note="IANA name"),
        count("nextWorkMode", "modes.next_work_mode", codes="WORK_MODE"),
        flag("tariffSettingFlag", "modes.tariff_set"),
        number("vppSocVo.vppSoc", "modes.vpp_soc", "%"),
        number("vppSocVo.vppMinSoc", "modes.vpp_min_soc", "%"),
        number("vppSocVo.vppMaxSoc", "modes.vpp_max_soc", "%"),
        switch("todayVppVo.vppFlag", "modes.vpp_active"),
        switch("sgipFlag", "modes.sgip"),
        switch("itcFlag", "modes.itc"),
    ),
)
