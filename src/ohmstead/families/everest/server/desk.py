"""What a method of our own mode has at hand."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from ohmstead.families.everest.server.attending import Client
from ohmstead.families.everest.server.backend import Control
from ohmstead.families.everest.server.charge_point import ChargePoint
from ohmstead.families.everest.server.evse import Evse
from ohmstead.families.everest.server.settings import RpcSettings
from ohmstead.model import Clock


class Desk(msgspec.Struct, frozen=True):
    """The charge point, who asks, and by what each EVSE is controlled."""

    point: ChargePoint
    client: Client
    settings: RpcSettings
    clock: Clock
    control: Callable[[Evse], Control]


def connector_indexes(evse: Evse) -> tuple[int, ...]:
    return tuple(one.index for one in evse.info.available_connectors) if evse.info is not None else ()
