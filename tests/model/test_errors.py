"""The errors: which may get better, and what they carry."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ohmstead import model
from ohmstead.model import (
    AuthFailed,
    BudgetSpent,
    Busy,
    ConfigError,
    DeviceError,
    DeviceId,
    OhmsteadError,
    Refused,
    WireError,
)


def everything(kind: type[OhmsteadError]) -> set[type[OhmsteadError]]:
    return {kind}.union(*map(everything, kind.__subclasses__()))


def test_these_and_no_others_may_get_better_by_trying_again() -> None:
    ours = {kind for kind in everything(OhmsteadError) if kind.__module__.startswith("ohmstead.model")}

    assert {kind.__name__ for kind in ours if kind.retryable} == {
        "BadAnswer",
        "Busy",
        "ConnectionLost",
        "TimedOut",
        "TurnedAway",
        "Unreachable",
    }
    assert all(getattr(model, kind.__name__) is kind for kind in ours), "each is a public name"


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ConfigError("no."), "no."),
        (ConfigError("no.", example="x = 1"), "no. For example: x = 1"),
        (ConfigError("no.", file="SITE.toml"), "SITE.toml: no."),
        (
            ConfigError("no.", file="SITE.toml", line=3, example="x = 1"),
            "SITE.toml:3: no. For example: x = 1",
        ),
    ],
)
def test_a_wrong_setting_names_its_place_and_an_example(error: ConfigError, text: str) -> None:
    assert str(error) == text


def test_errors_carry_what_their_catcher_needs() -> None:
    device = DeviceId("roof/1121")

    assert DeviceError("x", device=device).device == device
    assert Busy("x", after=timedelta(seconds=3), device=device).after == timedelta(seconds=3)
    assert Refused("x", code=7).code == 7
    assert isinstance(AuthFailed("x", code="403", device=device), Refused)
    assert WireError("x", b"\x68").data == b"\x68"
    assert BudgetSpent("x", after=timedelta(hours=1)).after == timedelta(hours=1)
