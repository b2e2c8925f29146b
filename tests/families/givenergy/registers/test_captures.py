"""What nine captures end with: every page that came with a valid CRC, decoded by the tables."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ohmstead.families.givenergy.cache import RegisterCache
from ohmstead.families.givenergy.registers import TABLES
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.wire import Conversation, ReadReply, WriteReply

CAPTURES = json.loads((Path(__file__).parent.parent / "data" / "vectors.json").read_text(encoding="utf-8"))[
    "captures"
]
STATE = "final_state_if_every_crc_valid_frame_is_applied_unguarded"


def replayed(capture: dict[str, Any]) -> dict[int, RegisterCache]:
    conversation = Conversation()
    caches: dict[int, RegisterCache] = {}
    for _, direction, data in capture["lines"]:
        for message in conversation.receive(bytes.fromhex(data)) if direction == "rx" else ():
            if isinstance(message, ReadReply):
                caches.setdefault(message.device, RegisterCache()).store(
                    message.bank, message.base, message.words
                )
            elif isinstance(message, WriteReply):
                caches.setdefault(message.device, RegisterCache()).store(
                    Bank.HR, message.register, (message.value,)
                )
    return caches


@pytest.mark.parametrize("capture", CAPTURES, ids=lambda capture: capture["source"])
def test_the_last_words_of_each_device_decode_as_expected(
    capture: dict[str, Any], shown: Callable[[object], object]
) -> None:
    caches = replayed(capture)
    for device, kinds in capture["expect"][STATE].items():
        for kind, expected in kinds.items():
            decoded = TABLES[kind].decode(caches[int(device, 16)].pages())
            values = {name: shown(value) for name, value in decoded.items()}
            assert {name: values[name] for name in expected} == expected, (device, kind)
            assert {name for name, value in values.items() if tells(value)} <= set(expected), (device, kind)


def tells(value: object) -> bool:
    """The vectors list what is not zero."""
    return bool(value) and value not in ("0000", "00000000", "00:00-00:00")
