"""Gateways, which stand between the grid, the house and up to three All-in-Ones."""

from __future__ import annotations

from ohmstead.families.givenergy.registers.gateway import GatewayTable
from ohmstead.families.givenergy.registers.single_phase import SinglePhaseTable
from ohmstead.families.givenergy.views.derived import PAGES, derived
from ohmstead.families.givenergy.views.view import View


class Gateway(View, GatewayTable):
    """Powers of the All-in-Ones are positive while they discharge; `p_ac1` is positive while exporting.

    Counters are read with the high word first, as on every live gateway; older documents have the other order.
    """

    serial_number = derived(SinglePhaseTable.serial_number.read, PAGES)
