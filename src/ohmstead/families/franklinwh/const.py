"""Where users of the documented surface look for the tables of states."""

from __future__ import annotations

from ohmstead.families.franklinwh.facts.codes import (
    BMS_STATE,
    GENERATOR_STATE,
    NETWORK_TYPE,
    PCS_STATE,
    RUN_STATUS,
    V2L_RUN_STATE,
    WORK_MODE,
)

__all__ = [
    "BMS_STATE",
    "GENERATOR_STATE",
    "NETWORK_TYPE",
    "PCS_STATE",
    "RUN_STATUS",
    "V2L_RUN_STATE",
    "WORK_MODE",
]
