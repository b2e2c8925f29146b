"""Words for codes, known and unknown."""

from __future__ import annotations

from typing import Any

import pytest

from ohmstead.families.franklinwh import const
from ohmstead.families.franklinwh.facts import codes
from ohmstead.families.franklinwh.facts.labels import Labels


def test_generator_and_vehicle_states_read_as_documented(vectors: dict[str, Any]) -> None:
    for labels, documented in (
        (codes.GENERATOR_STATE, vectors["generator"]["states"]),
        (codes.V2L_RUN_STATE, vectors["generator"]["v2l_states"]),
    ):
        assert {str(code): word for code, word in labels.items()} == documented


def test_an_unknown_code_has_a_word_and_is_not_added() -> None:
    assert const.GENERATOR_STATE[9] == "Unknown (9)"
    assert const.GENERATOR_STATE.get(9) == "Unknown (9)"
    assert const.GENERATOR_STATE.get(9, "else") == "Unknown (9)"
    assert 9 not in const.GENERATOR_STATE
    assert list(const.GENERATOR_STATE) == [0, 1, 2, 3]
    assert len(const.GENERATOR_STATE) == 4


def test_a_table_of_words_is_read_only() -> None:
    with pytest.raises(TypeError):
        const.V2L_RUN_STATE[9] = "x"  # type: ignore[index]  # that is the point


def test_the_packs_count_their_states_five_later() -> None:
    for run, word in ((0, "Standby"), (1, "Charging"), (2, "Discharging")):
        assert codes.RUN_STATUS[run] == codes.BMS_STATE[run + 5] == word


@pytest.mark.parametrize(("raw", "connected"), [(1, True), (0, False), (2, False)])
def test_a_relay_shown_open_is_connected(raw: int, connected: bool) -> None:
    assert codes.relay_connected(raw) is connected
    assert isinstance(codes.RELAY, Labels)
