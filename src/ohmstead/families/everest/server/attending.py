"""One client of the server: what it may, what it asked for, and what it is still to be sent."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Final

import msgspec

from ohmstead.families.everest.schema.extensions import SubscriptionTopicEnum as Topic
from ohmstead.families.everest.schema.methods import METHODS, OUR_METHODS, Method
from ohmstead.families.everest.server.access import Access
from ohmstead.families.everest.server.news import News
from ohmstead.families.everest.server.outbox import Outbox
from ohmstead.kit.link.messages import POLICY, Message, ServedMessages
from ohmstead.model import ConnectionLost


class Subscription(msgspec.Struct, frozen=True, kw_only=True):
    """`evse_indexes` None: all, and those to come."""

    topics: frozenset[Topic] = frozenset(Topic)
    evse_indexes: tuple[int, ...] | None = None
    min_interval_ms: int = 0

    def wants(self, news: News) -> bool:
        if news.topic not in self.topics:
            return False
        return news.evse_index is None or self.evse_indexes is None or news.evse_index in self.evse_indexes


WHOLE: Final = Subscription()
"""Everything, as it happens."""


class Client:
    def __init__(self, link: ServedMessages, access: Access) -> None:
        self.link = link
        self.access = access
        self.outbox = Outbox(link.send_now)
        self.session_id = secrets.token_hex(8)
        self.name = ""
        """What it calls itself."""
        self.extensions: frozenset[str] = frozenset()
        self.methods: Mapping[str, Method] = METHODS
        """What exists for it."""
        self.has_opted_in = False
        self.sends_text = False
        self._subscription = WHOLE

    def grant(self, extensions: frozenset[str]) -> None:
        self.has_opted_in = True
        self.extensions = extensions
        ours = {name: method for name, method in OUR_METHODS.items() if method.extension in extensions}
        self.methods = {**METHODS, **ours}

    @property
    def subscription(self) -> Subscription:
        return self._subscription

    def subscribe(self, subscription: Subscription) -> None:
        self._subscription = subscription
        self.outbox.throttle(subscription.min_interval_ms / 1000)

    @property
    def origin(self) -> str:
        """What its wishes are shown under."""
        return self.access.user if self.access.is_authenticated else self.name

    def tell(self, news: News) -> None:
        if news.extension and news.extension not in self.extensions:
            return
        if (self._subscription is WHOLE or self._subscription.wants(news)) and self.access.may_read():
            message = news.as_usual
            if self.has_opted_in or message is None:
                message = news.message("details" in self.extensions, self.takes_text)
            self.outbox.tell(news.key, message, is_throttled=news.is_throttled)

    def answer(self, frame: bytes) -> None:
        self.outbox.answer(Message(frame, self.takes_text))

    @property
    def takes_text(self) -> bool:
        """Frames are binary, as the reference's; who opted in gets what it uses itself."""
        return self.sends_text and self.has_opted_in

    async def send(self) -> None:
        """Send until the connection ends; whoever receives hears of that, too."""
        try:
            while (message := await self.outbox.next()) is not None:
                await self.link.send(message)
            await self.link.close(POLICY, "too many wrong tokens")
        except ConnectionLost:
            return
