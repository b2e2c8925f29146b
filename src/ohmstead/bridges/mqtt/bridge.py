"""Keeps a broker holding what the board says, for as long as the site runs; and takes commands from it."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Final, NoReturn

from ohmstead.bridges.mqtt.board import Board
from ohmstead.bridges.mqtt.broker import Broker, connected
from ohmstead.bridges.mqtt.leftovers import MIGRATE, Leftovers
from ohmstead.bridges.mqtt.orders import Orders
from ohmstead.bridges.mqtt.projection import OFFLINE, ONLINE, Projection
from ohmstead.bridges.mqtt.topics import topics_of
from ohmstead.bridges.settings import MqttSettings
from ohmstead.bridges.telling import Recalled
from ohmstead.gateway import DeviceStatus, Gateway, LedgerError, Order
from ohmstead.kit.link import Backoff, TaskScope
from ohmstead.model import Flows, OhmsteadError, Receipt, TimedOut

LONGEST_PAUSE_S: Final = 60.0
ENDING_S: Final = 2.0
RECALLED: Final = 500
"""Entries of the ledger from which settings in force are known again after a restart."""

log = logging.getLogger(__name__)


class MqttBridge:
    def __init__(self, gateway: Gateway, settings: MqttSettings, password: str = "") -> None:
        self._gateway = gateway
        self._settings = settings
        self._password = password
        self._topics = topics_of(settings)
        self._board = Board()
        self._leftovers = Leftovers(self._board, self._topics, settings)
        self._projection = Projection(self._board, self._topics, settings, Recalled(gateway.devices()))
        gateway.commands.listen(self._heard_receipt)

    @property
    def is_told(self) -> bool:
        """Whether the broker has everything that is known of the site."""
        return self._board.is_told

    async def run(self) -> None:
        """Until the gateway ends, or cancelled; then the broker is told that we are gone."""
        watch = self._gateway.watch()
        await self._recall()
        self._show(self._gateway.devices(), self._gateway.flows())
        async with TaskScope() as scope:
            orders = Orders(self._gateway, self._topics, self._projection, scope)
            scope.start(self._stay_connected(orders))
            async for change in watch:
                self._projection.gone(change.gone)
                self._show(change.devices, change.flows)

    def _show(self, devices: tuple[DeviceStatus, ...], flows: Flows) -> None:
        site = self._gateway.site_file.site
        self._projection.home(flows, site)
        for status in devices:
            self._projection.device(status, site)
        if self._leftovers.are_there:
            self._leftovers.clear(self._gateway.devices())

    async def _recall(self) -> None:
        try:
            for entry in await self._gateway.commands.ledger(RECALLED):
                if entry.receipt is not None:
                    self._projection.recall(entry.receipt)
        except LedgerError as error:
            log.warning("settings in force are unknown until the next command: %s", error)

    def _heard_receipt(self, order: Order, receipt: Receipt) -> None:
        self._projection.receipt(receipt)
        if (status := self._gateway.device(order.device)) is not None:
            self._projection.device(status, self._gateway.site_file.site)

    async def _stay_connected(self, orders: Orders) -> NoReturn:
        backoff, unreached = Backoff(cap_s=LONGEST_PAUSE_S), self._gateway.unreached
        name = f"The MQTT broker at {self._settings.host}, port {self._settings.port_number}"
        while True:
            try:
                async with connected(self._settings, self._topics, self._password) as broker:
                    backoff.reset()
                    unreached.reached(name)
                    await self._serve(broker, orders)
            except OhmsteadError as error:
                unreached.lost(name, str(error))
            await asyncio.sleep(backoff.next_s())

    async def _serve(self, broker: Broker, orders: Orders) -> None:
        """Until the connection is lost: raises `OhmsteadError` then."""
        await self._look_for_leftovers(broker)
        await broker.publish(self._topics.status, ONLINE)
        self._board.all_again()
        await broker.subscribe(self._topics.commands, self._topics.birth)
        try:
            async with TaskScope() as scope:
                scope.start(self._listen(broker, orders))
                await self._tell(broker)
        except ExceptionGroup as group:  # of the listener
            raise group.exceptions[0] from None
        except asyncio.CancelledError:
            await _say_goodbye(broker, self._topics.status)
            raise

    async def _tell(self, broker: Broker) -> NoReturn:
        while True:
            topic, text = await self._board.due()
            await broker.publish(topic, text)
            self._board.done(topic, text)

    async def _listen(self, broker: Broker, orders: Orders) -> None:
        async for heard in broker.messages():
            if heard.topic == self._topics.birth:
                if heard.text == ONLINE:
                    self._board.all_again()
            else:
                orders.take(heard.topic, heard.text, is_retained=heard.is_retained)

    async def _look_for_leftovers(self, broker: Broker) -> None:
        try:
            found = await broker.retained(self._topics.ours, f"{self._topics.prefix}/mark")
        except TimedOut:
            log.warning("the broker does not let us look for what earlier runs left there")
            return
        self._leftovers.found(found)
        devices = self._gateway.devices()
        for topic in self._leftovers.moving(devices):
            await broker.publish(topic, MIGRATE, retain=False)
        for status in devices:
            self._projection.withdraw(status, self._leftovers.unwanted(status))
        self._show(devices, self._gateway.flows())


async def _say_goodbye(broker: Broker, status: str) -> None:
    """A connection that is ended in order has no last will."""
    with suppress(OhmsteadError, TimeoutError):
        async with asyncio.timeout(ENDING_S):
            await broker.publish(status, OFFLINE)
