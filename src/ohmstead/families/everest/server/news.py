"""A notification on its way to many clients: made into a message once, however many there are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ohmstead.families.everest.schema.extensions import SubscriptionTopicEnum as Topic
from ohmstead.families.everest.schema.members import Object
from ohmstead.families.everest.schema.methods import NOTIFICATIONS
from ohmstead.families.everest.server.outbox import Key
from ohmstead.kit.link.messages import Message

Written = Callable[[str, Object], bytes]


THROTTLED: Final = frozenset({Topic.STATUS, Topic.METER_DATA})


class News:
    """`detailed` are the params for clients with `details`, where they differ."""

    def __init__(self, name: str, params: Object, detailed: Object | None, written: Written) -> None:
        self.topic = Topic(name)
        self.extension = NOTIFICATIONS[name].extension
        self.is_throttled = self.topic in THROTTLED
        self.evse_index: int | None = getattr(params, "evse_index", None)
        self.key: Key = (name, self.evse_index, getattr(params, "connector_index", None))
        self.as_usual: Message | None = None
        """The message of a client that did not ask for anything, once one was told."""
        self._params = params
        self._detailed = detailed
        self._written = written
        self._messages: dict[tuple[bool, bool], Message] = {}

    def message(self, has_details: bool, is_text: bool) -> Message:  # noqa: FBT001 - two kinds of clients, twice
        found = self._messages.get((has_details, is_text))
        if found is None:
            params = self._detailed if has_details and self._detailed is not None else self._params
            found = Message(self._written(self.topic.value, params), is_text)
            self._messages[has_details, is_text] = found
            if not has_details and not is_text:
                self.as_usual = found
        return found
