"""What the client works out of several fields; none of these is a field of the wire."""

from __future__ import annotations

from typing import Final

from ohmstead.families.franklinwh.facts.fields.field import (
    Table,
    clock,
    count,
    number,
    text,
)

DERIVED: Final = Table(
    "derived",
    "assumed, after captures",
    (
        number(
            "CarSWPower|CarSWExpEnergy|CarSWImpEnergy",
            "unified.v2l_power_w",
            "W",
            is_optional=True,
            note="sink: positive when power leaves through the CarSW port, negative when a vehicle feeds in; null when V2L is not eligible or not licensed",
        ),
        number(
            "p_load|CarSWPower",
            "unified.home_power_w",
            "W",
            note="p_load - v2l; solar + grid + battery + generator = home + chargers + v2l",
        ),
        text(
            "offGridFlag|main_sw[0]|offgridreason|offgridState",
            "current.grid_connection_state",
            note="see the rules of the grid state",
        ),
        text(
            "currentWorkMode",
            "current.work_mode_desc",
            codes="WORK_MODE",
            note="Time-Of-Use / Self-Consumption / Emergency Backup",
        ),
        text(
            "run_status",
            "current.run_status_desc",
            codes="RUN_STATUS",
            note="deprecated alias run_status_dec",
        ),
        text(
            "run_status|mode|currentWorkMode",
            "current.effective_mode",
            note='"VPP mode" when run_status==9 or mode==9, else work_mode_desc',
        ),
    ),
)

ACTIVE_TARIFF: Final = Table(
    "getTouDispatchDetail (derived)",
    "both clients",
    (
        text("schedule block", "current.active_tou_name"),
        text("schedule block", "current.active_tou_dispatch"),
        count("schedule block", "current.active_tou_dispatch_id", is_optional=True),
        count("schedule block", "current.active_tou_wave_type", is_optional=True),
        text("schedule block", "current.active_tou_wave_type_desc"),
        clock("schedule block", "current.active_tou_start"),
        clock("schedule block", "current.active_tou_end"),
        text("schedule block", "current.active_tou_remaining"),
    ),
)
