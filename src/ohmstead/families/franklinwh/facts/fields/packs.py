"""Cells, converters and firmware of packs and gateway."""

from __future__ import annotations

from typing import Final

from ohmstead.families.franklinwh.facts.fields.field import (
    Secrecy,
    Table,
    cells,
    count,
    number,
    text,
)

CELLS: Final = Table(
    "211:type2+3/dataArea",
    "both clients",
    (
        cells("batSoc", "bms.batSoc", "%"),
        cells("batSoh", "bms.batSoh", "%"),
        cells("batTotalVolt", "bms.batTotalVolt", "V"),
        cells("batCurr", "bms.batCurr", "A"),
        cells("batVolt", "bms.batVolt", "mV"),
        cells("batTemp", "bms.batTemp", "°C"),
        cells("singleHighestVolt", "bms.singleHighestVolt", "mV"),
        cells("singleLowestVolt", "bms.singleLowestVolt", "mV"),
        cells("singleHighestTemp", "bms.singleHighestTemp", "°C"),
        cells("singleLowestTemp", "bms.singleLowestTemp", "°C"),
        cells("maxVolPos", "bms.maxVolPos"),
        cells("minVolPos", "bms.minVolPos"),
        cells("maxTempPos", "bms.maxTempPos"),
        cells("minTempPos", "bms.minTempPos"),
        cells("balanState", "bms.balanState"),
        cells("devTemp", "bms.devTemp", "°C"),
        cells("llcTemp", "bms.llcTemp", "°C"),
        cells("invTemp", "bms.invTemp", "°C"),
        cells("buckBoostTemp", "bms.buckBoostTemp", "°C"),
        cells("invVolt1", "bms.invVolt1", "V"),
        cells("invVolt2", "bms.invVolt2", "V"),
        cells("invCurr1", "bms.invCurr1", "A"),
        cells("invCurr2", "bms.invCurr2", "A"),
        cells("positiveBusVolt", "bms.positiveBusVolt", "V"),
        cells("negativeBusVolt", "bms.negativeBusVolt", "V"),
        cells("pebatVolt", "bms.pebatVolt", "V"),
        cells("midBusVolt", "bms.midBusVolt", "V"),
        cells("gridLineVol", "bms.gridLineVol", "0.1 V"),
        cells("invLineVol", "bms.invLineVol", "0.1 V"),
        cells("bmsState", "bms.bmsState", codes="BMS_STATE"),
        cells("mosState", "bms.mosState"),
        cells("inverterStatus", "bms.inverterStatus", codes="PCS_STATE"),
        cells("DCDCStatus", "bms.DCDCStatus", codes="DCDC_STATE"),
        cells("runMode", "bms.runMode"),
        cells("alarmLevel", "bms.alarmLevel"),
        cells("switchState", "bms.switchState"),
        cells("fanState", "bms.fanState"),
        cells("heatState", "bms.heatState"),
        cells("actPwr1", "bms.actPwr1", "W"),
        cells("actPwr2", "bms.actPwr2", "W"),
        cells("reactPwr1", "bms.reactPwr1", "var"),
        cells("reactPwr2", "bms.reactPwr2", "var"),
    ),
)

PACKS: Final = Table(
    "obtainApowersInfo",
    "captures",
    (
        text("apowerSn", "snapshot.batteries.units[].serial", secrecy=Secrecy.SERIAL),
        number("ratedPower", "snapshot.batteries.units[].rated_power_kw", "kW"),
        number("ratedCapacity", "snapshot.batteries.units[].rated_capacity_kwh", "kWh"),
        number("remainingPower", "snapshot.batteries.units[].remaining_kwh", "kWh"),
        number("soc", "snapshot.batteries.units[].soc", "%"),
        count("status", "snapshot.batteries.units[].status"),
        text("fpgaVer", "snapshot.batteries.units[].fpga_ver"),
        text("dcdcVer", "snapshot.batteries.units[].dcdc_ver"),
        text("invVer", "snapshot.batteries.units[].inv_ver"),
        text("bmsVer", "snapshot.batteries.units[].bms_ver"),
        text("blVer", "snapshot.batteries.units[].bl_ver"),
        text("thVer", "snapshot.batteries.units[].th_ver"),
        text("peHwVer", "snapshot.batteries.units[].pe_hw_ver"),
        text("mpptAppVer", "snapshot.batteries.units[].mppt_app_ver"),
    ),
)

FIRMWARE: Final = Table(
    "obtainAgateInfo",
    "captures",
    (
        text("ibgVersion", "snapshot.agate.ibg_version", is_optional=True),
        text("slVersion", "snapshot.agate.sl_version", is_optional=True),
        text("awsVersion", "snapshot.agate.aws_version", is_optional=True),
        text("appVersion", "snapshot.agate.app_version", is_optional=True),
        text("meterVersion", "snapshot.agate.meter_version", is_optional=True),
        text("msaModel", "snapshot.agate.msa_model", is_optional=True),
        text("msaSn", "snapshot.agate.msa_serial", is_optional=True, secrecy=Secrecy.SERIAL),
        text("adModuleHdVer", "snapshot.agate.ad_module_hd_ver", is_optional=True),
        text("adModuleAppVer", "snapshot.agate.ad_module_app_ver", is_optional=True),
    ),
)
