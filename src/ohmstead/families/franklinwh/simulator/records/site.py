"""Gateways, packs, accessories, address, firmware and warranty, as the cloud's database has them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from ohmstead.families.franklinwh.facts.codes import AccessoryKind, Country
from ohmstead.families.franklinwh.facts.hardware import PACKS
from ohmstead.families.franklinwh.simulator.plant.gateway import Gateway
from ohmstead.families.franklinwh.simulator.records.runtime import (
    WIFI,
    kilo,
    vehicle_flags,
)

Json = dict[str, Any]  # Any: JSON
PROTOCOL: Final = "V1.11.90"
SYSTEM: Final = "V10R10B20D00_SYS_241118"
CREATED_MS: Final = 1_723_426_754_000
ACTIVE_MS: Final = 1_736_883_067_000
WALL: Final = "%Y-%m-%d %H:%M:%S"
CITIES: Final = {
    Country.UNITED_STATES: ("United States", "New York", "Albany", "12207", "US", 42.65, -73.75, -5.0),
    Country.AUSTRALIA: ("Australia", "New South Wales", "Sydney", "2000", "AU", -33.87, 151.21, 10.0),
}
PACK_FIRMWARE: Final = {
    "fpgaVer": "V10R05B01D00",
    "dcdcVer": "V10R06B05D00",
    "invVer": "V10R06B07D00",
    "bmsVer": "V11R06B03D00",
    "blVer": "V11R06B00D00",
    "thVer": "V11R02B01D00",
}


def local_text(gateway: Gateway) -> str:
    """What the gateway's own clock shows."""
    shown = gateway.world.at + timedelta(seconds=gateway.clock_offset_s)
    return shown.astimezone(gateway.zone).strftime(WALL)


def listed(gateway: Gateway, account: str, *, is_online: bool) -> Json:
    """One entry of the list of gateways."""
    site, region = gateway.site, gateway.region
    return {
        "id": gateway.identity.gateway,
        "status": int(is_online),
        "connType": WIFI,
        "name": "FHP",
        "loadOption": 2,
        "gerOption": 2,
        "groupId": None,
        "groupName": None,
        "groupFlag": 0,
        "account": account,
        "protocolVer": PROTOCOL,
        "version": SYSTEM,
        "address": None,
        "activeStatus": 1,
        "simCardStatus": 2,
        "activeTime": ACTIVE_MS,
        "installTime": None,
        "createTime": CREATED_MS,
        "realSysHdVersion": f"FHP1.{site.hardware - 100}",
        "sysHdVersion": str(site.hardware),
        "zoneInfo": region.zone,
        "deviceTime": local_text(gateway),
        "countryId": int(region.country),
        "provinceId": region.province,
        "benefitShowFlag": 1,
    }


def device(gateway: Gateway) -> Json:
    site, region, rating = gateway.site, gateway.region, PACKS[gateway.site.pack_version]
    powers = {"ratedPwr": rating.discharge_w, "rateBatCap": rating.capacity_wh}
    return {
        "gatewayId": gateway.identity.gateway,
        "date": local_text(gateway)[:10],
        "deviceTime": local_text(gateway),
        "countryId": int(region.country),
        "provinceId": region.province,
        "offGirdFlag": 0,
        "sysHdVersion": str(site.hardware),
        "sysHdVersionInt": site.hardware,
        "realSysHdVersion": f"FHP1.{site.hardware - 100}",
        "protocolVer": PROTOCOL,
        "installerId": 1234,
        "serviceVoltageFlag": None,
        "offMessage": None,
        "genEn": gateway.genset.record["genEn"],
        "chooseFinancierId": 0,
        "firstName": "Pat",
        "lastName": "Sample",
        "fhpSn": ",".join(gateway.identity.packs),
        "gridPhaseConSet": 0,
        "activeStatus": 1,
        "emsDeviceVer": 1,
        "solarFlag": True,
        "solarTipMsg": "",
        **vehicle_flags(gateway),
        "newHomeFlag": None,
        "sleepStatus": None,
        "zoneInfo": region.zone,
        "peHwVerList": [site.pack_version] * site.packs,
        "fixedPowerTotal": kilo(site.packs * rating.discharge_w),
        "fixedPowerAverage": kilo(rating.discharge_w),
        "totalCap": kilo(site.packs * rating.capacity_wh),
        "apowerList": [{"id": serial, **powers} for serial in gateway.identity.packs],
        "blackSleepFlag": False,
        "mpptEnFlag": False,
        "apbox20Num": 0,
        "equipType": None,
    }


def firmware(gateway: Gateway) -> Json:
    return {
        "protocolVer": PROTOCOL,
        "sysHdVersion": gateway.site.hardware,
        "emsDeviceVer": 1,
        "ibgVersion": SYSTEM,
        "ibgMainVersion": "V10R10B11D02_AT",
        "connType": WIFI,
        "slVersion": " ",
        "slVersionApp": "V10R10B12D00",
        "slVersionBoot": "V10R10B02D00",
        "awsVersion": "V10R10B13D00",
        "appVersion": "V10R10B10D00",
        "meterVersion": "",
        "msaModel": None,
    }


def packs(gateway: Gateway) -> list[Json]:
    rating = PACKS[gateway.site.pack_version]
    found = []
    for number, serial in enumerate(gateway.identity.packs):
        soc_pct = gateway.packs.shown_soc_pct(number)
        found.append(
            {
                "apowerSn": serial,
                "ratedPower": kilo(rating.discharge_w),
                "ratedCapacity": kilo(rating.capacity_wh),
                "status": 0,
                "remainingPower": kilo(rating.capacity_wh * soc_pct / 100.0, 1),
                **PACK_FIRMWARE,
                "peHwVer": str(gateway.site.pack_version),
                "mpptAppVer": "",
                "soc": round(soc_pct, 1),
            }
        )
    return found


def catalogue() -> list[Json]:
    return [
        {
            "id": number,
            "modelName": pack.name,
            "peHwVersion": pack.version,
            "ratedCap": pack.capacity_wh,
            "chargePower": pack.charge_w,
            "dischargePower": pack.discharge_w,
            "derateFlag": int(pack.discharge_w > pack.charge_w),
        }
        for number, pack in enumerate(PACKS.values(), start=1)
    ]


def accessories(gateway: Gateway) -> list[Json]:
    """Those that are fitted; an empty list when none is."""
    site, identity = gateway.site, gateway.identity
    fitted = (
        (site.has_generator, AccessoryKind.GENERATOR, identity.generator, "Generator Module"),
        (site.has_circuits, AccessoryKind.CIRCUITS, identity.circuits, "Smart Circuits"),
    )
    return [
        {
            "id": 4000 + kind,
            "accessoryType": int(kind),
            "sn": serial,
            "accessoryName": name,
            "createTime": "2025-01-14 12:00:00",
            "loadOption": 2,
            "gerOption": 2,
        }
        for is_fitted, kind, serial, name in fitted
        if is_fitted
    ]


def location(gateway: Gateway) -> Json:
    country, province, city, postcode, alpha, latitude, longitude, hours_h = CITIES[gateway.region.country]
    return {
        "gatewayId": gateway.identity.gateway,
        "gatewayName": "FHP",
        "dst": bool(gateway.local.dst()),
        "latitude": str(latitude),
        "longitude": str(longitude),
        "postCode": postcode,
        "timezone": hours_h,
        "zoneInfo": gateway.region.zone,
        "country": country,
        "countryId": int(gateway.region.country),
        "province": province,
        "provinceId": gateway.region.province,
        "city": city,
        "completeAddress": f"1 Sample Street, {city}, {province} {postcode}",
        "alphaCode": alpha,
    }


def place(gateway: Gateway, *, is_online: bool) -> Json:
    """A gateway in the list of sites."""
    return {
        "gatewayName": "FHP",
        "gatewayId": gateway.identity.gateway,
        "completeAddress": location(gateway)["completeAddress"],
        "status": int(is_online),
        "sysHdVersion": str(gateway.site.hardware),
        "agateNum": 1,
        "apowerNum": gateway.site.packs,
    }


def warranty(gateway: Gateway) -> Json:
    ends = "2037-01-14"
    rating = PACKS[gateway.site.pack_version]
    devices = [("aGate", gateway.identity.gateway)] + [(rating.name, s) for s in gateway.identity.packs]
    return {
        "expirationTime": ends,
        "installerCompany": "Sample Installers",
        "installerCompanyPhone": "+1 555 0100",
        "installerCompanyEmail": "installer@example.com",
        "equipmentSupplierPhone": "+1 555 0101",
        "warrantyLink": "https://example.com/warranty",
        "throughput": 43.0 * gateway.site.packs,
        "remainThroughput": round(
            43_000.0 * gateway.site.packs - gateway.packs.cells.discharged_wh / 1000.0, 1
        ),
        "deviceExpirationList": [
            {"sn": serial, "model": model, "type": 1, "expirationTime": ends, "subModuleExpirationTime": None}
            for model, serial in devices
        ],
    }


def overall(gateway: Gateway) -> Json:
    """`totalPower` is kWh, whatever its name says."""
    return {
        "apowerCount": gateway.site.packs,
        "totalPower": kilo(gateway.packs.cells.capacity_wh),
    }


def system_settings(gateway: Gateway) -> Json:
    cells = gateway.packs.cells
    return {
        "gatewayId": gateway.identity.gateway,
        "gridPhaseConSet": 0,
        "electricSupply": 200,
        "ratedGridVolt": 0,
        "ratedGridHz": 0,
        "offGridFlag": int(gateway.islanding.is_outage),
        "gridExportEnable": 0,
        "apowerChPw": round(cells.max_charge_w),
        "apowerDishPw": round(cells.max_discharge_w),
        "apowerNumber": gateway.site.packs,
        "countryId": int(gateway.region.country),
        "emsDeviceVer": 1,
        "bsRelyEn": 0,
        "threePhPvEnb": 0,
        "pcsSetFlag": True,
    }


def backup_time(gateway: Gateway) -> Json:
    """How long the packs would last."""
    usable_wh = max(0.0, gateway.packs.cells.stored_wh * (1.0 - gateway.settings.floor_pct / 100.0))
    load_w = max(100.0, gateway.flows.load_w)
    return {
        "batterySoc": round(gateway.packs.soc_pct, 1),
        "touMinSoc": round(gateway.settings.floor_pct),
        "currentStateDuration": round(usable_wh / load_w, 1),
        "highEnergyConsumption": round(usable_wh / 5000.0, 1),
        "averageEnergyConsumption": round(usable_wh / 1200.0, 1),
        "currentTime": local_text(gateway),
        "highEnergyTime": "",
        "averageTime": "",
    }
