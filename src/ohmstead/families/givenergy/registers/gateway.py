"""The register table of gateways, which stand between the grid, the house and up to three All-in-Ones."""

from __future__ import annotations

from typing import Final

from ohmstead.families.givenergy.paging import Table
from ohmstead.families.givenergy.registers.availability import (
    APP,
    EVERY,
    MODEL,
    VENDOR_DOC,
    destructive,
    installer,
    user_gated,
)
from ohmstead.families.givenergy.registers.kinds import fault_bits, gateway_version, serial, string
from ohmstead.families.givenergy.types import Bank, State, WorkMode
from ohmstead.kit.wire.tables.quantities import (
    amps,
    choice,
    hertz,
    kilowatt_hours,
    number,
    percent,
    volts,
    watts,
)

SOURCE: Final = "deployed clients, checked against captures of a gateway plant; the vendor's documents and app where a line says so"


# One line, one fact.
# fmt: off

class GatewaySettings(Table, bank=Bank.HR, source=SOURCE, models=EVERY, evidence=APP):
    """Settings of the gateway itself."""

    send_wake_up_signal = number(5002, write=installer())
    enable_black_start = number(5003, write=destructive(1, 1), note="Black start; write 1, confirm needed")
    restore_factory_defaults = number(5004, write=destructive(1, 1), note="Factory reset; write 1, irreversible")
    enable_pv_meter_preset = number(5005, write=installer())
    enable_ac_meter_preset = number(5006, write=installer())
    enable_n_pe = number(5007, write=installer(), note="N-PE bonding setting")
    enable_ct_auto_configuration = number(5008, write=installer())
    enable_auto_address_configuration = number(5009, write=installer(), note="Automatic address configuration")
    restart_hardware = number(5010, write=user_gated(0, 1), note="Parallel-system restart")
    grid_power_limit = number(5011, write=installer())
    ac_over_current_limit = amps(5012, per=10, write=installer(), note="AC over-current limit, 0.1 A")
    enable_calculated_load = number(5014, write=user_gated(0, 1), note="Use calculated load")


class GatewayCommon(Table, bank=Bank.IR, source=SOURCE, models=EVERY, evidence=MODEL):
    """What gateways measure, whatever the order of their counters."""

    software_version = gateway_version(1600, note="Gateway software: 4 ASCII characters then 4 bytes each printed in decimal")
    work_mode = choice(1604, WorkMode, otherwise=WorkMode.INITIALISING, note="Gateway work mode")
    v_grid = volts(1608, signed=True, per=10, bounds=(0, 500))
    i_grid = amps(1609, signed=True, per=10, bounds=(-500, 500))
    v_load = volts(1610, per=10, bounds=(0, 500))
    i_load = amps(1611, per=10, bounds=(0, 500))
    i_pv = amps(1612, signed=True, per=10, bounds=(0, 500))
    p_ac1 = watts(1616, signed=True)
    p_pv = watts(1617, bounds=(0, 50000))
    p_load = watts(1618, bounds=(0, 50000))
    p_liberty = watts(1619, signed=True, times=-1, note="AIO power; firmware is + on charge, sign is flipped so + = discharge")
    fault_protection = number(1620, wide=True)
    gateway_fault_codes = fault_bits(1622, "gateway", wide=True)
    v_grid_relay = volts(1624, per=10, bounds=(0, 500))
    v_inverter_relay = volts(1625, per=10, bounds=(0, 500))
    first_inverter_serial_number = serial(1627, note="Serial of the gateway or first AIO")
    e_grid_import_today = kilowatt_hours(1640, per=10)
    e_pv_today = kilowatt_hours(1643, per=10)
    e_grid_export_today = kilowatt_hours(1646, per=10)
    e_aio_charge_today = kilowatt_hours(1649, per=10)
    e_aio_discharge_today = kilowatt_hours(1652, per=10)
    e_load_today = kilowatt_hours(1655, per=10)
    parallel_aio_num = number(1700, note="Parallel All-in-One number of")
    parallel_aio_online_num = number(1701)
    p_aio_total = watts(1702, signed=True, times=-1, note="Total AIO power; sign flipped so + = discharge")
    aio_state = choice(1703, State, otherwise=State.STATIC, note="AIO state: 0 static, 1 charge, 2 discharge")
    battery_firmware_version = number(1704)
    e_aio1_charge_today = kilowatt_hours(1705, per=10)
    e_aio2_charge_today = kilowatt_hours(1708, per=10)
    e_aio3_charge_today = kilowatt_hours(1711, per=10)
    e_aio1_discharge_today = kilowatt_hours(1750, per=10)
    e_aio2_discharge_today = kilowatt_hours(1753, per=10)
    e_aio3_discharge_today = kilowatt_hours(1756, per=10)
    e_battery_charge_today = kilowatt_hours(1795, per=10)
    e_battery_discharge_today = kilowatt_hours(1798, per=10)
    aio1_soc = percent(1801, bounds=(0, 100))
    aio2_soc = percent(1802, bounds=(0, 100))
    aio3_soc = percent(1803, bounds=(0, 100))
    p_aio1_inverter = watts(1816, signed=True, times=-1, note="AIO #1 power; sign flipped so + = discharge")
    p_aio2_inverter = watts(1817, signed=True, times=-1, note="AIO #2 power; sign flipped so + = discharge")
    p_aio3_inverter = watts(1818, signed=True, times=-1, note="AIO #3 power; sign flipped so + = discharge")
    aio1_serial_number = serial(1841)


class GatewayMeasurements(GatewayCommon, bank=Bank.IR, source=SOURCE, models=EVERY, evidence=MODEL):
    """The rest, as every live gateway has it: counters with the high word first."""

    drms_flag = number(1605, evidence=VENDOR_DOC, note="DRM flag")
    do_state = number(1606, evidence=VENDOR_DOC, note="Digital output bits")
    di_state = number(1607, evidence=VENDOR_DOC, note="Digital input bits")
    f_aio1 = hertz(1613, per=100, evidence=VENDOR_DOC)
    f_aio2 = hertz(1614, per=100, evidence=VENDOR_DOC)
    e_grid_import_total = kilowatt_hours(1641, wide=True, per=10)
    e_pv_total = kilowatt_hours(1644, wide=True, per=10, note="Lifetime PV energy")
    e_grid_export_total = kilowatt_hours(1647, wide=True, per=10)
    e_aio_charge_total = kilowatt_hours(1650, wide=True, per=10)
    e_aio_discharge_total = kilowatt_hours(1653, wide=True, per=10)
    e_load_total = kilowatt_hours(1656, wide=True, per=10)
    software_2 = string(1658, 3, evidence=VENDOR_DOC, note="Second software version, ASCII")
    software_3 = string(1661, 3, evidence=VENDOR_DOC, note="Third software version, ASCII")
    hardware_version = number(1664, evidence=VENDOR_DOC)
    charge_discharge_blocked_flag = number(1699, evidence=VENDOR_DOC, note="Charging/discharging blocked")
    e_aio1_charge_total = kilowatt_hours(1706, wide=True, per=10)
    e_aio2_charge_total = kilowatt_hours(1709, wide=True, per=10)
    e_aio3_charge_total = kilowatt_hours(1712, wide=True, per=10)
    e_aio1_discharge_total = kilowatt_hours(1751, wide=True, per=10)
    e_aio2_discharge_total = kilowatt_hours(1754, wide=True, per=10)
    e_aio3_discharge_total = kilowatt_hours(1757, wide=True, per=10)
    e_battery_charge_total = kilowatt_hours(1796, wide=True, per=10)
    e_battery_discharge_total = kilowatt_hours(1799, wide=True, per=10)
    aio_comm_loss = number(1829, wide=True, evidence=VENDOR_DOC, note="AIO communication-loss bits")
    aio2_serial_number = serial(1846)
    aio3_serial_number = serial(1851)
    parallel_faults = number(1941, wide=True, evidence=VENDOR_DOC, note="Parallel fault bits")
    parallel_warnings = number(1943, wide=True, evidence=VENDOR_DOC, note="Parallel warning bits")


class GatewayTable(GatewaySettings, GatewayMeasurements):
    """All registers of a gateway but for those of single-phase inverters."""


class GatewayV2Table(GatewayCommon, bank=Bank.IR, source=SOURCE, models=EVERY, evidence=MODEL):
    """Low word first, as older documents have it. No live gateway was seen to do so; it is never chosen by itself."""

    e_grid_import_total = kilowatt_hours(1641, wide=True, low_first=True, per=10)
    e_pv_total = kilowatt_hours(1644, wide=True, low_first=True, per=10, note="Lifetime PV energy")
    e_grid_export_total = kilowatt_hours(1647, wide=True, low_first=True, per=10)
    e_aio_charge_total = kilowatt_hours(1650, wide=True, low_first=True, per=10)
    e_aio_discharge_total = kilowatt_hours(1653, wide=True, low_first=True, per=10)
    e_load_total = kilowatt_hours(1656, wide=True, low_first=True, per=10)
    e_aio1_charge_total = kilowatt_hours(1706, wide=True, low_first=True, per=10)
    e_aio2_charge_total = kilowatt_hours(1709, wide=True, low_first=True, per=10)
    e_aio3_charge_total = kilowatt_hours(1712, wide=True, low_first=True, per=10)
    e_aio1_discharge_total = kilowatt_hours(1751, wide=True, low_first=True, per=10)
    e_aio2_discharge_total = kilowatt_hours(1754, wide=True, low_first=True, per=10)
    e_aio3_discharge_total = kilowatt_hours(1757, wide=True, low_first=True, per=10)
    e_battery_charge_total = kilowatt_hours(1796, wide=True, low_first=True, per=10)
    e_battery_discharge_total = kilowatt_hours(1799, wide=True, low_first=True, per=10)
    aio2_serial_number = serial(1848)
    aio3_serial_number = serial(1855)
