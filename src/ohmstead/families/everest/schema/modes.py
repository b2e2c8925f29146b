"""What follows from the energy transfer modes of an EVSE. They say what it can do, not what a session is doing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ohmstead.families.everest.schema.enums import EnergyTransferModeEnum

DC_FIRST_WORDS: Final = ("DC", "MCS")
BIDIRECTIONAL_WORD: Final = "BPT"


def is_dc_mode(mode: EnergyTransferModeEnum) -> bool:
    """Wireless power transfer counts as AC, as everywhere in this interface."""
    return mode.startswith(DC_FIRST_WORDS)


def supports_bpt_mode(mode: EnergyTransferModeEnum) -> bool:
    """Whether the name says that energy may flow both ways; AC_DER does not say so."""
    return BIDIRECTIONAL_WORD in mode.split("_")


def is_dc(modes: Iterable[EnergyTransferModeEnum]) -> bool:
    """Whether an EVSE with these modes is DC: all of them are. None and mixed ones count as AC."""
    listed = tuple(modes)
    return bool(listed) and all(map(is_dc_mode, listed))


def supports_bpt(modes: Iterable[EnergyTransferModeEnum]) -> bool:
    return any(map(supports_bpt_mode, modes))
