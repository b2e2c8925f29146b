"""Registers as text that people paste."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ohmstead.families.givenergy.cache import RegisterCache
from ohmstead.families.givenergy.compact import parse_compact, to_compact

CASES = json.loads((Path(__file__).parent / "data" / "vectors.json").read_text(encoding="utf-8"))[
    "compact_parse"
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["source"])
def test_text_becomes_registers(case: dict[str, Any]) -> None:
    found = {f"0x{device:02x}": dict(cache) for device, cache in parse_compact(case["text"]).items()}
    assert found == case["expect"]


def test_comments_progress_and_dots_are_passed_over() -> None:
    text = "# dump of a hybrid\nProbing 0x32\n..\n\n0X32:ir(60,1) 0CA0\n"
    assert dict(parse_compact(text)[0x32]) == {"IR(60)": 0x0CA0}


def test_an_old_row_takes_its_device_from_the_comment_above() -> None:
    text = "# HR probe @ device 0x11 (60 registers)\nHR(0,2): 20010003\n"
    assert dict(parse_compact(text)[0x11]) == {"HR(0)": 0x2001, "HR(1)": 3}


def test_blocks_are_split_at_pages_and_gaps_and_come_in_order() -> None:
    cache = RegisterCache({"IR(61)": 3, "HR(59)": 1, "HR(60)": 2, "IR(63)": 4})
    assert to_compact({0x32: cache, 0x11: RegisterCache({"MR(60)": 0xFFFF})}) == (
        "0x11:MR(60,1) ffff\n0x32:HR(59,1) 0001\n0x32:HR(60,1) 0002\n0x32:IR(61,1) 0003\n0x32:IR(63,1) 0004\n"
    )


def test_a_row_that_is_too_short_or_beyond_the_last_register_is_skipped() -> None:
    assert parse_compact("0x11:HR(0,2) 0001\n0x11:HR(65535,2) 00010002\n0x11:HR(5,0)\n") == {}
