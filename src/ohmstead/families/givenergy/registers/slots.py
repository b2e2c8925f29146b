"""Holding registers 240 to 299: the windows that later models have."""

from __future__ import annotations

from typing import Final

from ohmstead.families.givenergy.paging import Table
from ohmstead.families.givenergy.registers.availability import (
    EXTENDED,
    EXTENDED_THREE_PHASE,
    MODEL,
    VENDOR_DOC,
    user,
    user_gated,
)
from ohmstead.families.givenergy.registers.kinds import time_slot
from ohmstead.families.givenergy.types import Bank
from ohmstead.kit.wire.tables.quantities import percent

SOURCE: Final = "deployed clients, checked against captures of eight plants; the vendor's documents and app where a line says so"


# One line, one fact.
# fmt: off

class ExtendedSlots(Table, bank=Bank.HR, source=SOURCE, models=EXTENDED, evidence=MODEL):
    """Windows 3 to 10, and a limit for each."""

    charge_target_soc_1 = percent(242, write=user_gated(4, 100), note="Charge window 1 SOC limit (inverter obeys the stricter of this and the global target)")
    charge_slot_2_x = time_slot(243, note="Charge window 2 (shadow copy in the extended block)")
    charge_target_soc_2 = percent(245, write=user_gated(4, 100), note="Charge window 2 SOC limit (inverter obeys the stricter of this and the global target)")
    charge_slot_3 = time_slot(246, write=user(0, 2359), note="Charge window 3")
    charge_target_soc_3 = percent(248, write=user_gated(4, 100), note="Charge window 3 SOC limit (inverter obeys the stricter of this and the global target)")
    charge_slot_4 = time_slot(249, write=user(0, 2359), note="Charge window 4")
    charge_target_soc_4 = percent(251, write=user_gated(4, 100), note="Charge window 4 SOC limit (inverter obeys the stricter of this and the global target)")
    charge_slot_5 = time_slot(252, write=user(0, 2359), note="Charge window 5")
    charge_target_soc_5 = percent(254, write=user_gated(4, 100), note="Charge window 5 SOC limit (inverter obeys the stricter of this and the global target)")
    charge_slot_6 = time_slot(255, write=user(0, 2359), note="Charge window 6")
    charge_target_soc_6 = percent(257, write=user_gated(4, 100), note="Charge window 6 SOC limit (inverter obeys the stricter of this and the global target)")
    charge_slot_7 = time_slot(258, write=user(0, 2359), note="Charge window 7")
    charge_target_soc_7 = percent(260, write=user_gated(4, 100), note="Charge window 7 SOC limit (inverter obeys the stricter of this and the global target)")
    charge_slot_8 = time_slot(261, write=user(0, 2359), note="Charge window 8")
    charge_target_soc_8 = percent(263, write=user_gated(4, 100), note="Charge window 8 SOC limit (inverter obeys the stricter of this and the global target)")
    charge_slot_9 = time_slot(264, write=user(0, 2359), note="Charge window 9")
    charge_target_soc_9 = percent(266, write=user_gated(4, 100), note="Charge window 9 SOC limit (inverter obeys the stricter of this and the global target)")
    charge_slot_10 = time_slot(267, write=user(0, 2359), note="Charge window 10")
    charge_target_soc_10 = percent(269, write=user_gated(4, 100), note="Charge window 10 SOC limit (inverter obeys the stricter of this and the global target)")
    discharge_target_soc_1 = percent(272, write=user_gated(4, 100), note="Discharge window 1 SOC limit (inverter obeys the stricter of this and the global target)")
    discharge_target_soc_2 = percent(275, write=user_gated(4, 100), note="Discharge window 2 SOC limit (inverter obeys the stricter of this and the global target)")
    discharge_slot_3 = time_slot(276, write=user(0, 2359), note="Discharge window 3")
    discharge_target_soc_3 = percent(278, write=user_gated(4, 100), note="Discharge window 3 SOC limit (inverter obeys the stricter of this and the global target)")
    discharge_slot_4 = time_slot(279, write=user(0, 2359), note="Discharge window 4")
    discharge_target_soc_4 = percent(281, write=user_gated(4, 100), note="Discharge window 4 SOC limit (inverter obeys the stricter of this and the global target)")
    discharge_slot_5 = time_slot(282, write=user(0, 2359), note="Discharge window 5")
    discharge_target_soc_5 = percent(284, write=user_gated(4, 100), note="Discharge window 5 SOC limit (inverter obeys the stricter of this and the global target)")
    discharge_slot_6 = time_slot(285, write=user(0, 2359), note="Discharge window 6")
    discharge_target_soc_6 = percent(287, write=user_gated(4, 100), note="Discharge window 6 SOC limit (inverter obeys the stricter of this and the global target)")
    discharge_slot_7 = time_slot(288, write=user(0, 2359), note="Discharge window 7")
    discharge_target_soc_7 = percent(290, write=user_gated(4, 100), note="Discharge window 7 SOC limit (inverter obeys the stricter of this and the global target)")
    discharge_slot_8 = time_slot(291, write=user(0, 2359), note="Discharge window 8")
    discharge_target_soc_8 = percent(293, write=user_gated(4, 100), note="Discharge window 8 SOC limit (inverter obeys the stricter of this and the global target)")
    discharge_slot_9 = time_slot(294, write=user(0, 2359), note="Discharge window 9")
    discharge_target_soc_9 = percent(296, write=user_gated(4, 100), note="Discharge window 9 SOC limit (inverter obeys the stricter of this and the global target)")
    discharge_slot_10 = time_slot(297, write=user(0, 2359), note="Discharge window 10")
    discharge_target_soc_10 = percent(299, write=user_gated(4, 100), note="Discharge window 10 SOC limit (inverter obeys the stricter of this and the global target)")


class SinglePhaseExtendedSlots(ExtendedSlots, bank=Bank.HR, source=SOURCE, models=EXTENDED, evidence=VENDOR_DOC):
    """The same on single-phase units."""

    discharge_slot_1_x = time_slot(270, note="Discharge window 1 shadow copy in the extended block (documented reserved; unverified)")
    discharge_slot_2_x = time_slot(273, note="Discharge window 2 shadow copy in the extended block (documented reserved; unverified)")


class ThreePhaseExtendedSlots(ExtendedSlots, inherited_models=EXTENDED_THREE_PHASE):
    """The same on three-phase units."""
