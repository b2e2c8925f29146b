"""Where our own mode answers otherwise than the recorded reference, to a client that knows nothing of us: nowhere else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from ohmstead.testing import run
from tests.families.everest.bench import improved, raw_client

CODES = {
    "getinfo_positional_2": -32602,
    "getinfo_no_params": -32602,
    "getinfo_bool": -32602,
    "malformed": -32700,
}
"""A wrong number of parameters, a truth value in place of a number, and what is no JSON."""


def improved_answer(fixture: Any, one: Mapping[str, Any]) -> tuple[list[str], bool]:
    async def answered() -> tuple[list[str], bool]:
        greets = "before" not in one["name"]
        async with improved(fixture) as (_, network), raw_client(network, greets=greets) as client:
            return await client.asked(one["send"]), client.is_cut_off

    return run(answered())


def test_the_listed_exchanges_differ_and_no_others(fixture: Any, vectors: Mapping[str, Any]) -> None:
    loaded = [one for one in vectors["single"] if one["state"] == "fixture loaded"]
    found = {}
    for one in loaded:
        recorded = (one["receive"], one["expect"] == "connection_dropped")
        if (answer := improved_answer(fixture, one)) != recorded:
            ((frame,), is_cut_off) = answer
            assert not is_cut_off
            found[one["name"]] = json.loads(frame)["error"]["code"]

    assert len(loaded) >= 20
    assert found == CODES


@pytest.mark.parametrize("name", ["malformed"])
def test_what_is_no_json_is_answered_and_the_connection_stays(
    fixture: Any, vectors: Mapping[str, Any], name: str
) -> None:
    (one,) = (one for one in vectors["single"] if one["name"] == name)

    assert improved_answer(fixture, one) == (
        ['{"error":{"code":-32700,"message":"parse error"},"id":null,"jsonrpc":"2.0"}'],
        False,
    )
