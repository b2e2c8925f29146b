"""What stands behind an EVSE of the server, and is told to do things. It reports back through its `Evse`."""

from __future__ import annotations

from typing import Protocol

import msgspec


class Limit(msgspec.Struct, frozen=True, kw_only=True):
    """Of what an EVSE may draw and give back. A total power stands in place of currents."""

    import_a: float | None = None
    export_a: float | None = None
    total_power_w: float | None = None
    phase_count: int | None = None
    """Fixed, or None where it is left to the charger."""


class EnergySink(Protocol):
    """Where limits go. What is in force afterwards comes back through `Evse.limits_enforced`."""

    async def limit(self, limit: Limit) -> None: ...


class EvseManager(Protocol):
    """Each call says whether it was done."""

    async def pause(self) -> bool: ...

    async def resume(self) -> bool: ...

    async def enable(self, connector_index: int, enable: bool, priority: int) -> bool:  # noqa: FBT001 - the wish itself
        """Whether the connector is afterwards as wished; a source of smaller `priority` may decide otherwise."""
        ...
