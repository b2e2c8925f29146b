"""Every register of the family: one file per kind of device, one line per fact.

What serves several kinds stands once: a three-phase inverter has the settings of a single-phase one where they are
alike, and says where they are not. `TABLES` names each kind as the rest of the family does.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ohmstead.families.givenergy.registers.battery_hv import (
    AioModuleTable,
    BamsTable,
    BcuTable,
    BmsTable,
    BmuTable,
)
from ohmstead.families.givenergy.registers.battery_lv import BatteryTable, LvBcuTable
from ohmstead.families.givenergy.registers.ems import EmsTable
from ohmstead.families.givenergy.registers.gateway import GatewayTable, GatewayV2Table
from ohmstead.families.givenergy.registers.meters import (
    AfciTable,
    EmsMeterTable,
    MeterProductTable,
    MeterTable,
    ThreePhaseMeterTable,
)
from ohmstead.families.givenergy.registers.single_phase import SinglePhaseTable
from ohmstead.families.givenergy.registers.three_phase import ThreePhaseTable
from ohmstead.kit.wire.tables import Block

TABLES: Final[Mapping[str, type[Block]]] = MappingProxyType(
    {
        "inverter_single_phase": SinglePhaseTable,
        "inverter_three_phase": ThreePhaseTable,
        "ems": EmsTable,
        "gateway": GatewayTable,
        "gateway_v2_unconfirmed": GatewayV2Table,
        "battery_lv": BatteryTable,
        "lv_bcu": LvBcuTable,
        "bcu": BcuTable,
        "bmu": BmuTable,
        "aio_module": AioModuleTable,
        "bams": BamsTable,
        "bms": BmsTable,
        "meter": MeterTable,
        "meter_three_phase": ThreePhaseMeterTable,
        "meter_ems": EmsMeterTable,
        "meter_product": MeterProductTable,
        "afci": AfciTable,
    }
)

__all__ = ["TABLES"]
