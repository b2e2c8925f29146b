"""The judges of what is written know what only asks."""

from __future__ import annotations

import pytest

from tests.site.hearing import only_asks

WHO_IS_A_STORAGE_GATEWAY = (
    "484ddb0123bae98a0022000e00000000000000000000000000ff10a286f7d1061880e101"  # of a month that was soaked
)


@pytest.mark.parametrize(
    ("start", "asks"),
    [
        ("484da301", True),
        ("484da311", True),
        (WHO_IS_A_STORAGE_GATEWAY, True),
        ("484da310", False),
        ("484ddb07", False),
    ],
    ids=["information", "live data", "storage gateway's information", "settings", "storage's settings"],
)
def test_a_request_of_hoymiles_asks_or_writes(start: str, asks: bool) -> None:
    assert only_asks("hoymiles", bytes.fromhex(start)) is asks
