"""What the energy transfer modes say."""

from __future__ import annotations

import pytest

from ohmstead.families.everest.schema.enums import EnergyTransferModeEnum as Mode
from ohmstead.families.everest.schema.modes import is_dc, is_dc_mode, supports_bpt, supports_bpt_mode

MEANINGS = {
    "AC_single_phase_core": (False, False),
    "AC_two_phase": (False, False),
    "AC_three_phase_core": (False, False),
    "AC_DER": (False, False),
    "AC_DER_IEC": (False, False),
    "AC_DER_SAE": (False, False),
    "AC_BPT": (False, True),
    "AC_BPT_DER": (False, True),
    "DC_core": (True, False),
    "DC_extended": (True, False),
    "DC_combo_core": (True, False),
    "DC_unique": (True, False),
    "DC": (True, False),
    "DC_ACDP": (True, False),
    "MCS": (True, False),
    "DC_BPT": (True, True),
    "DC_ACDP_BPT": (True, True),
    "MCS_BPT": (True, True),
    "WPT": (False, False),
}


def test_every_mode_says_whether_it_is_dc_and_bidirectional() -> None:
    assert {mode.value: (is_dc_mode(mode), supports_bpt_mode(mode)) for mode in Mode} == MEANINGS


@pytest.mark.parametrize(
    ("text", "expected"),
    [("DC_FUTURE_BPT", (True, True)), ("MCS_2", (True, False)), ("AC_BPTX", (False, False))],
)
def test_a_mode_of_a_later_version_is_read_by_its_words(text: str, expected: tuple[bool, bool]) -> None:
    assert (is_dc_mode(Mode(text)), supports_bpt_mode(Mode(text))) == expected


def test_an_evse_is_dc_when_all_its_modes_are() -> None:
    assert is_dc([Mode.DC_CORE, Mode.DC_BPT])
    assert not is_dc([Mode.DC_CORE, Mode.AC_TWO_PHASE])
    assert not is_dc([])


def test_one_bidirectional_mode_is_enough() -> None:
    assert supports_bpt([Mode.DC_CORE, Mode.DC_BPT])
    assert not supports_bpt([Mode.DC_CORE])
