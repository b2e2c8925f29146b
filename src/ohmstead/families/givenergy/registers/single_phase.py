"""The register table of single-phase inverters, which is also that of a gateway's settings."""

from __future__ import annotations

from typing import Final

from ohmstead.families.givenergy.paging import Table
from ohmstead.families.givenergy.registers.ac_block import SinglePhaseAcBlock
from ohmstead.families.givenergy.registers.availability import EVERY, VENDOR_DOC
from ohmstead.families.givenergy.registers.functions import SinglePhaseAccessories, SinglePhaseGridCode
from ohmstead.families.givenergy.registers.kinds import string
from ohmstead.families.givenergy.registers.measurements import (
    SinglePhaseAuxiliary,
    SinglePhaseCounters,
    SinglePhaseLive,
)
from ohmstead.families.givenergy.registers.options import (
    Cabinet,
    Factory,
    FastBattery,
    FastControl,
    PeakShaving,
    SinglePhaseSmartLoad,
)
from ohmstead.families.givenergy.registers.settings import SinglePhaseIdentity, SinglePhaseProtection
from ohmstead.families.givenergy.registers.slots import SinglePhaseExtendedSlots
from ohmstead.families.givenergy.types import Bank
from ohmstead.kit.wire.tables.quantities import amps, kilowatt_hours, volts, watts

SOURCE: Final = "vendor documents; none of the captured plants answers these banks"


# One line, one fact.
# fmt: off

class Strings(Table, bank=Bank.IR, source=SOURCE, models=EVERY, evidence=VENDOR_DOC):
    """Software versions, and strings 3 to 6."""

    chip_1_software_version = string(400, 4, note="Chip 1 software version, 8 ASCII")
    chip_2_software_version = string(404, 4, note="Chip 2 software version, 8 ASCII")
    chip_3_software_version = string(408, 4, note="Chip 3 software version, 8 ASCII")
    chip_4_software_version = string(412, 4, note="Chip 4 software version, 8 ASCII")
    chip_5_software_version = string(416, 4, note="Chip 5 software version, 8 ASCII")
    v_pv3 = volts(420, per=10)
    i_pv3 = amps(421, per=10)
    p_pv3 = watts(422)
    v_pv4 = volts(423, per=10)
    i_pv4 = amps(424, per=10)
    p_pv4 = watts(425)
    v_pv5 = volts(426, per=10)
    i_pv5 = amps(427, per=10)
    p_pv5 = watts(428)
    v_pv6 = volts(429, per=10)
    i_pv6 = amps(430, per=10)
    p_pv6 = watts(431)
    v_ext_pv1 = volts(432, per=10, note="External PV inverter 1 voltage")
    i_ext_pv1 = amps(433, per=10, note="External PV inverter 1 current")
    p_ext_pv1 = watts(434, note="External PV inverter 1 power")
    v_ext_pv2 = volts(435, per=10, note="External PV inverter 2 voltage")
    i_ext_pv2 = amps(436, per=10, note="External PV inverter 2 current")
    p_ext_pv2 = watts(437, note="External PV inverter 2 power")
    e_pv3_today = kilowatt_hours(438, per=10)
    e_pv4_today = kilowatt_hours(439, per=10)
    e_pv5_today = kilowatt_hours(440, per=10)
    e_pv6_today = kilowatt_hours(441, per=10)
    e_ext_pv1_today = kilowatt_hours(442, per=10, note="External PV inverter 1 energy today")
    e_ext_pv2_today = kilowatt_hours(443, per=10, note="External PV inverter 2 energy today")
    pv_software_version = string(444, 4, note="PV module software version, 8 ASCII")


class SinglePhaseTable(SinglePhaseIdentity, SinglePhaseProtection, SinglePhaseGridCode, SinglePhaseAccessories, SinglePhaseExtendedSlots, SinglePhaseAcBlock, FastControl, Cabinet, FastBattery, SinglePhaseSmartLoad, Factory, PeakShaving, SinglePhaseLive, SinglePhaseCounters, SinglePhaseAuxiliary, Strings):
    """All registers of a single-phase inverter."""
