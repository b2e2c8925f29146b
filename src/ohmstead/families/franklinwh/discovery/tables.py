"""Where each field of a snapshot stands: the answer's name, a dot, and the vendor's key. The first that is there counts.

Answers: `gateway` (its entry in the list of gateways), `device`, `agate`, `location`, `site`, `entrance`, `runtime`,
`solar` (parts of the composite answer), `off_grid`, `modes`, `tariff`, `electrical`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

Names = Mapping[str, tuple[str, ...]]

SITE: Final[Names] = {
    "site_id": ("site.siteId",),
    "site_name": ("site.siteName",),
    "gateway_name": ("location.gatewayName", "gateway.name"),
    "address": ("location.completeAddress", "site.completeAddress"),
    "country": ("location.country",),
    "country_id": ("device.countryId", "gateway.countryId", "location.countryId"),
    "province": ("location.province",),
    "province_id": ("device.provinceId", "gateway.provinceId"),
    "city": ("location.city",),
    "postcode": ("location.postCode",),
    "latitude": ("location.latitude",),
    "longitude": ("location.longitude",),
    "timezone": ("device.zoneInfo", "gateway.zoneInfo", "location.zoneInfo"),
    "utc_offset": ("location.timezone",),
    "dst_active": ("location.dst",),
    "alpha_code": ("location.alphaCode",),
    "electric_company": ("tariff.eleCompanyFullName", "tariff.electricCompany"),
    "tariff_name": ("tariff.name",),
    "der_schedule": ("tariff.derSchdule",),
    "pto_date": ("tariff.ptoDate",),
}
AGATE: Final[Names] = {
    "hw_version": ("device.sysHdVersion", "gateway.sysHdVersion", "agate.sysHdVersion"),
    "hw_version_str": ("device.realSysHdVersion", "gateway.realSysHdVersion"),
    "protocol_ver": ("device.protocolVer", "gateway.protocolVer"),
    "firmware": ("gateway.version", "agate.ibgVersion"),
    "status": ("gateway.status",),
    "active_status": ("device.activeStatus", "gateway.activeStatus"),
    "device_time": ("device.deviceTime", "gateway.deviceTime"),
    "conn_type": ("gateway.connType", "agate.connType"),
    "sim_status": ("gateway.simCardStatus",),
    "wifi_signal": ("runtime.wifiSignal",),
    "mobile_signal": ("runtime.signal",),
    "ibg_version": ("agate.ibgVersion",),
    "sl_version": ("agate.slVersionApp", "agate.slVersion"),
    "aws_version": ("agate.awsVersion",),
    "app_version": ("agate.appVersion",),
    "meter_version": ("agate.meterVersion",),
    "msa_model": ("agate.msaModel",),
    "msa_serial": ("agate.msaSn",),
    "ad_module_hd_ver": ("agate.adModuleHdVer",),
    "ad_module_app_ver": ("agate.adModuleAppVer",),
}
PACK: Final[Names] = {
    "serial": ("apowerSn", "id"),
    "rated_power_kw": ("ratedPower",),
    "rated_capacity_kwh": ("ratedCapacity",),
    "remaining_kwh": ("remainingPower",),
    "soc": ("soc",),
    "status": ("status",),
    "pe_hw_ver": ("peHwVer",),
    "fpga_version": ("fpgaVer",),
    "dcdc_version": ("dcdcVer",),
    "inv_version": ("invVer",),
    "bms_version": ("bmsVer",),
    "bl_version": ("blVer",),
    "th_version": ("thVer",),
    "mppt_version": ("mpptAppVer",),
}
ITEM: Final[Names] = {
    "serial": ("sn", "snSerialNumber"),
    "accessory_type": ("accessoryType",),
    "name": ("accessoryName",),
    "create_time": ("createTime",),
}
FLAGS: Final[Names] = {
    "solar": ("entrance.solarFlag", "device.solarFlag"),
    "tariff_configured": ("entrance.tariffSettingFlag", "modes.tariffSettingFlag"),
    "pcs_enabled": ("entrance.pcsEntrance",),
    "off_grid": ("runtime.offGridFlag", "solar.offGridFlag"),
    "off_grid_simulated": ("off_grid.offgridState",),
    "off_grid_permanent": ("device.offGirdFlag",),
    "off_grid_reason": ("runtime.offgridreason",),
    "mppt_enabled": ("device.mpptEnFlag", "solar.mpptEnFlag"),
    "three_phase": ("runtime.isThreePhaseInstall", "solar.isThreePhaseInstall"),
    "ct_split_grid": ("runtime.gridSplitCtEn", "solar.gridSplitCtEn"),
    "ct_split_pv": ("runtime.pvSplitCtEn", "solar.pvSplitCtEn"),
    "generator_enabled": ("device.genEn", "runtime.genEn"),
    "remote_solar": ("runtime.remoteSolarEn", "solar.remoteSolarEn"),
    "sgip": ("entrance.sgipEntrance",),
    "bb": ("entrance.bbEntrance",),
    "ja12": ("entrance.ja12Entrance",),
    "ja12_joined": ("gateway.isJoinJA12",),
    "sdcp": ("entrance.sdcpFlag",),
    "nem_type_raw": ("dispatch.nemType",),
    "charging_power_limited": ("entrance.chargingPowerLimited",),
    "need_ct_test": ("entrance.needCtTest",),
}
LICENCE: Final = ("device.v2lModeEnable", "runtime.v2lModeEnable", "circuits.v2lModeEnable")
V2L_STATE: Final = ("runtime.v2lRunState", "device.v2lRunState", "circuits.v2lRunState")
GENERATOR_CODE: Final = ("runtime.genStat", "circuits.genStat")
GRID: Final[Names] = {
    "connected": ("entrance.gridFlag",),
    "pcs_entrance": ("entrance.pcsEntrance",),
    "global_discharge_max_kw": ("entrance.globalGridDischargeMax",),
    "global_charge_max_kw": ("entrance.globalGridChargeMax",),
    "feed_max_kw": ("entrance.gridFeedMax",),
    "import_max_kw": ("entrance.gridMax",),
    "peak_demand_max_kw": ("entrance.peakDemandGridMax",),
    "feed_max_flag": ("entrance.gridFeedMaxFlag",),
    "import_max_flag": ("entrance.gridMaxFlag",),
    "bb_discharge_power": ("entrance.bbDischargePower",),
    "backup_solution": ("entrance.backupSolution",),
}
ELECTRICAL: Final[Names] = {
    "v_l1": ("electrical.gridVol1",),
    "v_l2": ("electrical.gridVol2",),
    "i_l1": ("electrical.gridCurr1",),
    "i_l2": ("electrical.gridCurr2",),
    "frequency": ("electrical.gridFreq",),
    "operating_mode": ("composite.currentWorkMode",),
    "run_status": ("runtime.run_status",),
    "device_status": ("composite.deviceStatus",),
    "soc": ("runtime.soc",),
    "tou_status": ("modes.touSendStatus",),
}
RELAYS: Final[Mapping[str, str]] = {
    "grid_2": "gridRelay2",
    "black_start": "blackStartRelay",
    "solar_pv_2": "pvRelay2",
    "apbox": "BFPVApboxRelay",
}
MAIN_RELAYS: Final = ("grid_1", "generator", "solar_pv_1")
"""In the order of `main_sw`."""
NEM: Final[Mapping[int, str]] = {0: "NEM 2.0 or unset", 1: "NEM 3.0 / net billing", 2: "none"}
