"""Gateways, their hardware and what is fitted."""

from __future__ import annotations

from typing import Final

from ohmstead.families.franklinwh.facts.fields.field import (
    Secrecy,
    Table,
    anything,
    count,
    counts,
    flag,
    instant,
    number,
    switch,
    text,
)

GATEWAYS: Final = Table(
    "getHomeGatewayList",
    "captures",
    (
        text("id", "gateways[].id", secrecy=Secrecy.SERIAL),
        count("status", "gateways[].online", codes="ONLINE", note="1 online 0 offline"),
        count("connType", "gateways[].network", codes="NETWORK_TYPE"),
        text("name", "gateways[].name", secrecy=Secrecy.PERSONAL),
        count("loadOption", "gateways[].load_option", is_optional=True, note="2 seen without smart circuits"),
        count("gerOption", "gateways[].gen_option", is_optional=True, note="2 seen without generator"),
        text("protocolVer", "gateways[].protocol"),
        text("version", "gateways[].firmware"),
        count("activeStatus", "gateways[].active", codes="AGATE_ACTIVE"),
        count("simCardStatus", "gateways[].sim", codes="SIM_STATUS"),
        instant("activeTime", "gateways[].activated"),
        instant("createTime", "gateways[].created"),
        instant("installTime", "gateways[].installed", is_optional=True),
        text("sysHdVersion", "gateways[].hw_version"),
        text("realSysHdVersion", "gateways[].hw_version_str"),
        text("zoneInfo", "gateways[].time_zone"),
        text("deviceTime", "gateways[].device_time", note="gateway local"),
        count("countryId", "gateways[].country_id", codes="COUNTRY"),
        count("provinceId", "gateways[].province_id"),
        count("isJoinJA12", "snapshot.flags.ja12_joined", is_optional=True, note="absent is not false"),
    ),
)

DEVICE: Final = Table(
    "getDeviceInfoV2",
    "captures",
    (
        text("gatewayId", "snapshot.agate.serial", secrecy=Secrecy.SERIAL),
        text("sysHdVersion", "snapshot.agate.hw_version"),
        text("realSysHdVersion", "snapshot.agate.hw_version_str"),
        text("protocolVer", "snapshot.agate.protocol_ver"),
        count("countryId", "snapshot.site.country_id", codes="COUNTRY"),
        count("provinceId", "snapshot.site.province_id"),
        text("zoneInfo", "snapshot.site.timezone"),
        text("deviceTime", "snapshot.agate.device_time", note="gateway local"),
        switch("genEn", "snapshot.flags.generator_enabled"),
        switch("v2lModeEnable", "snapshot.flags.v2l_enabled", is_optional=True),
        count("v2lRunState", "", codes="V2L_RUN_STATE", is_optional=True),
        flag("mpptEnFlag", "snapshot.flags.mppt_enabled"),
        switch(
            "offGirdFlag",
            "snapshot.flags.off_grid_permanent",
            note="vendor spelling; site without utility service",
        ),
        text("fhpSn", "", secrecy=Secrecy.SERIAL, note="comma separated serials"),
        text("apowerList[].id", "snapshot.batteries.units[].serial", secrecy=Secrecy.SERIAL),
        count("apowerList[].ratedPwr", "snapshot.batteries.units[].rated_power_kw", "W", per=1000),
        count("apowerList[].rateBatCap", "snapshot.batteries.units[].rated_capacity_kwh", "Wh", per=1000),
        number("totalCap", "snapshot.batteries.total_capacity_kwh", "kWh"),
        number("fixedPowerTotal", "snapshot.batteries.total_rated_power_kw", "kW"),
        number("fixedPowerAverage", "", "kW"),
        counts("peHwVerList", "snapshot.batteries.pe_hw_versions"),
        count("apbox20Num", "snapshot.accessories.apbox_count"),
        flag("solarFlag", ""),
        count("gridPhaseConSet", ""),
        count("emsDeviceVer", ""),
        anything(
            "msaInstallStartDetectTime", "snapshot.flags.mac1_detected", note="non-null = MAC-1 present"
        ),
    ),
)

ACCESSORIES: Final = Table(
    "common/getAccessoryList",
    "captures and both clients",
    (
        count("accessoryType", "snapshot.accessories.items[].accessory_type", codes="ACCESSORY_API_TYPE"),
        text(
            "sn",
            "snapshot.accessories.items[].serial",
            secrecy=Secrecy.SERIAL,
            note="also seen as snSerialNumber",
        ),
        text(
            "accessoryName",
            "snapshot.accessories.items[].name",
            secrecy=Secrecy.PERSONAL,
            note="may be missing",
        ),
        text("createTime", "snapshot.accessories.items[].create_time"),
        text("id", "snapshot.accessories.items[].id", secrecy=Secrecy.SERIAL),
        count("loadOption", "", is_optional=True),
        count("gerOption", "", is_optional=True),
    ),
)
