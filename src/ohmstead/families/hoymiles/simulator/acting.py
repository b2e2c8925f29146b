"""What the actions of a simulated DTU take, and what is said of anything else: the values come from JSON or a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, TypeVar

import msgspec

from ohmstead.kit.world.weather import CLOUDIEST
from ohmstead.model import ConfigError

S = TypeVar("S", bound=msgspec.Struct)

AlarmNumber = Annotated[int, msgspec.Meta(ge=1, le=0xFFFF)]
AlarmData = Annotated[int, msgspec.Meta(ge=-0x8000, le=0xFFFF)]


class Light(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    factor: Annotated[float, msgspec.Meta(ge=CLOUDIEST, le=1.0)]


class AlarmOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    number: AlarmNumber
    serial: Annotated[str, msgspec.Meta(pattern="^[0-9A-Fa-f]{0,12}$")] = ""
    state: Literal["active", "ended", "event"] = "active"
    data1: AlarmData = 0
    data2: AlarmData = 0


def understood(action: str, told: Mapping[str, object], kind: type[S]) -> S:
    """The parameters as values; numbers may come as texts. Raises `ConfigError`."""
    try:
        return msgspec.convert(dict(told), kind, strict=False)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{action}: {error}.") from None
