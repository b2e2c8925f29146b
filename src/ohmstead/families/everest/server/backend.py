"""What stands behind an EVSE of the server, and is told to do things. It reports back through its `Evse`.

There are two ways to stand there. An `EvseManager` with an `EnergySink` works as EVerest does, in both modes: the server
decides what a call means and tells them. A `Control` decides for itself, in our own mode: whatever charger it stands for
has limits of its own that the server cannot know.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from ohmstead.families.everest.schema.enums import ResponseErrorEnum
from ohmstead.families.everest.schema.extensions import AppliedObj, LimitedByEnum, LimitObj, UnitEnum


class Limit(msgspec.Struct, frozen=True, kw_only=True):
    """Of what an EVSE may draw and give back. A total power stands in place of currents."""

    import_a: float | None = None
    export_a: float | None = None
    total_power_w: float | None = None
    phase_count: int | None = None
    """Fixed, or None where it is left to the charger."""


class Ceiling(msgspec.Struct, frozen=True, kw_only=True):
    """A limit that does not come from this interface: `value` is in `unit`, A or W."""

    source: LimitedByEnum
    value: float
    unit: UnitEnum = UnitEnum.A
    phases: int | None = None
    valid_until: datetime | None = None


class EnergySink(Protocol):
    """Where limits go. What is in force afterwards comes back through `Evse.limits_enforced`."""

    async def limit(self, limit: Limit) -> None: ...

    def ceilings(self) -> Sequence[Ceiling]:
        """Everything else that limits this EVSE now."""
        ...


class EvseManager(Protocol):
    """Each call says whether it was done."""

    async def pause(self) -> bool: ...

    async def resume(self) -> bool: ...

    async def enable(self, connector_index: int, enable: bool, priority: int) -> bool:  # noqa: FBT001 - the wish itself
        """Whether the connector is afterwards as wished; a source of smaller `priority` may decide otherwise. In our own
        mode `connector_index` 0 stands for all.
        """
        ...


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What a client wants of an EVSE; None leaves things as they are. Several at once happen together or not at all."""

    charging_allowed: bool | None = None
    max_current_a: float | None = None
    max_power_w: float | None = None
    phase_count: int | None = None
    is_strict: bool = False
    """Rather nothing than something else."""
    valid_for_s: float | None = None
    """After so many civil seconds everything is as if it had not been wished."""
    origin: str = ""
    """Who wishes, to be shown."""


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a wish. The parts it named, and no others, say what is in force now."""

    error: ResponseErrorEnum = ResponseErrorEnum.NO_ERROR
    charging_allowed: AppliedObj | None = None
    max_current: AppliedObj | None = None
    max_power: AppliedObj | None = None
    phase_count: AppliedObj | None = None


class Control(Protocol):
    """Of one EVSE. The server has looked whether the EVSE, its status and its connector exist."""

    async def wish(self, wish: Wish) -> Effect: ...

    async def enable(self, connector_index: int, enable: bool, priority: int) -> ResponseErrorEnum:  # noqa: FBT001 - the wish itself
        """`connector_index` 0 stands for all; a smaller `priority`, from 0 to 10000, is stronger."""
        ...

    def limits(self) -> Sequence[LimitObj]:
        """Everything that limits this EVSE, and which of it decides."""
        ...
