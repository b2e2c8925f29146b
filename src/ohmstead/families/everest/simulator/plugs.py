"""The connectors of one EVSE: at which of them the car is, and which are in service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from ohmstead.families.everest.schema.enums import ConnectorTypeEnum, EVSEStateEnum
from ohmstead.families.everest.schema.extensions import ConnectorStatusObj
from ohmstead.families.everest.schema.objects import ConnectorInfoObj, EVSEStatusObj
from ohmstead.families.everest.simulator.enabling import Enabling, Say

ALL: Final = 0
"""The index that stands for every connector."""
FIRST: Final = 1


class Plugs:
    """`used` is the index of the connector that a car is at, or was last."""

    def __init__(self, types: tuple[ConnectorTypeEnum, ...]) -> None:
        self.used = FIRST
        self.infos = tuple(
            ConnectorInfoObj(index=index, type=kind) for index, kind in enumerate(types, FIRST)
        )
        self._enabling: Mapping[int, Enabling] = {info.index: Enabling() for info in self.infos}

    @property
    def is_enabled(self) -> bool:
        """Whether the EVSE is in service: one of them is."""
        return any(enabling.is_enabled for enabling in self._enabling.values())

    @property
    def is_used_enabled(self) -> bool:
        return self._enabling[self.used].is_enabled

    def __contains__(self, index: object) -> bool:
        return index in self._enabling

    def say(self, index: int, source: str, say: Say) -> bool:
        """Whether the connector, or all of them, are then as was said: another say may be stronger."""
        said = self._enabling.values() if index == ALL else (self._enabling[index],)
        for enabling in said:
            enabling.say(source, say)
        return all(enabling.is_enabled is say.is_enabled for enabling in said)

    def statuses(self, evse: EVSEStatusObj, *, is_plugged: bool) -> Iterator[ConnectorStatusObj]:
        """Each of them by itself."""
        for index, enabling in self._enabling.items():
            is_connected = is_plugged and index == self.used
            is_active = is_connected and enabling.is_enabled
            idle = EVSEStateEnum.UNPLUGGED if enabling.is_enabled else EVSEStateEnum.DISABLED
            is_reserved = enabling.is_enabled and evse.state is EVSEStateEnum.RESERVED
            yield ConnectorStatusObj(
                index=index,
                available=enabling.is_enabled,
                connected=is_connected,
                active=is_active,
                state=evse.state if is_active or is_reserved else idle,
                error_present=evse.error_present,
            )
