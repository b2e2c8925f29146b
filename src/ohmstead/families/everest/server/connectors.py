"""The connectors of one EVSE, each by itself: what was reported of them, or else what follows from the EVSE's status."""

from __future__ import annotations

from collections.abc import Callable

from ohmstead.families.everest.schema.extensions import ConnectorStatusObj, EVSEConnectorStatusChangedObj
from ohmstead.families.everest.schema.members import Object
from ohmstead.families.everest.schema.objects import EVSEInfoObj, EVSEStatusObj
from ohmstead.families.everest.server.figures import connector_status

Announce = Callable[[str, Object], None]


class Connectors:
    """`seen` is in the order of the connectors' indexes as the EVSE lists them."""

    def __init__(self, evse_index: int, announce: Announce) -> None:
        self.seen: dict[int, ConnectorStatusObj] = {}
        self._reported: set[int] = set()
        self._evse_index = evse_index
        self._announce = announce

    def reported(self, status: ConnectorStatusObj) -> None:
        """Of one connector. From now on nothing is concluded for it from its EVSE."""
        self._reported.add(status.index)
        self._put(status)

    def follow(self, status: EVSEStatusObj, info: EVSEInfoObj | None) -> None:
        """The EVSE's status, or its list of connectors, may have changed."""
        for connector in info.available_connectors if info is not None else ():
            if connector.index not in self._reported:
                self._put(connector_status(status, connector.index))

    def _put(self, status: ConnectorStatusObj) -> None:
        if self.seen.get(status.index) == status:
            return
        self.seen[status.index] = status
        self._announce(
            "EVSE.ConnectorStatusChanged",
            EVSEConnectorStatusChangedObj(
                evse_index=self._evse_index, connector_index=status.index, connector_status=status
            ),
        )
