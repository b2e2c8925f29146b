"""Commands that come over MQTT: whatever a topic and a text say, they end in a receipt, and never in anything else."""

from __future__ import annotations

import logging
from typing import Final

from ohmstead.bridges.mqtt.controls import value_of
from ohmstead.bridges.mqtt.projection import Projection
from ohmstead.bridges.mqtt.topics import Topics
from ohmstead.gateway import Gateway, LedgerError, Order
from ohmstead.kit.link import TaskScope
from ohmstead.model import DeviceId, Outcome, Receipt, Unsafe

ORIGIN: Final = "mqtt"
AT_ONCE: Final = 16
"""Commands under way; a person has no more, a fault in an automation does."""

log = logging.getLogger(__name__)


class Orders:
    def __init__(self, gateway: Gateway, topics: Topics, projection: Projection, scope: TaskScope) -> None:
        """Commands live in `scope`: they go on when the broker is lost, and end with the bridge."""
        self._gateway = gateway
        self._topics = topics
        self._projection = projection
        self._scope = scope
        self._under_way = 0

    def take(self, topic: str, payload: bytes, *, is_retained: bool) -> None:
        """Returns at once. A retained command is an old one that a broker repeats: it is not carried out."""
        found = self._topics.command(topic)
        device = self._projection.slugs.get(found[0]) if found else None
        status = self._gateway.device(device) if device is not None else None
        if found is None or device is None or status is None or found[1] not in status.abilities:
            log.warning("over MQTT something was asked that no device of the home can do: %.120r", topic)
            return
        ability = found[1]
        if is_retained:
            self._refuse(device, ability, "a retained command is not carried out; publish it without retain")
            return
        if self._under_way >= AT_ONCE:
            self._refuse(device, ability, f"{AT_ONCE} commands are under way already")
            return
        try:
            value = value_of(ability, payload)
        except Unsafe as error:
            self._refuse(device, ability, str(error))
            return
        self._under_way += 1
        self._scope.start(self._execute(Order(device=device, ability=ability, value=value, origin=ORIGIN)))

    async def _execute(self, order: Order) -> None:
        """The gateway tells its listeners of the receipt, and the bridge is one of them."""
        try:
            await self._gateway.commands.execute(order)
        except LedgerError as error:  # the disk takes nothing, and memory holds as many as it may
            self._refuse(order.device, order.ability, str(error))
        finally:
            self._under_way -= 1

    def _refuse(self, device: DeviceId, ability: str, reason: str) -> None:
        log.warning("%s of %s, over MQTT, is refused: %s", ability, device, reason)
        self._projection.receipt(
            Receipt(
                device=device,
                ability=ability,
                at=self._gateway.clock.now(),
                outcome=Outcome.REFUSED,
                asked=None,
                reason=reason,
            )
        )
