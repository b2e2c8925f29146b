"""A notification on its way to many clients: made into a frame once, however many there are."""

from __future__ import annotations

from collections.abc import Callable

from ohmstead.families.everest.schema.extensions import SubscriptionTopicEnum as Topic
from ohmstead.families.everest.schema.members import Object
from ohmstead.families.everest.schema.methods import NOTIFICATIONS
from ohmstead.families.everest.server.outbox import Key

Written = Callable[[str, Object], bytes]


class News:
    """`detailed` are the params for clients with `details`, where they differ."""

    def __init__(self, name: str, params: Object, detailed: Object | None, written: Written) -> None:
        self.topic = Topic(name)
        self.extension = NOTIFICATIONS[name].extension
        self.evse_index: int | None = getattr(params, "evse_index", None)
        self.key: Key = (name, self.evse_index, getattr(params, "connector_index", None))
        self._params = params
        self._detailed = detailed
        self._written = written
        self._frames: dict[bool, bytes] = {}

    def frame(self, *, has_details: bool) -> bytes:
        has_more = has_details and self._detailed is not None
        if has_more not in self._frames:
            params = self._detailed if has_more and self._detailed is not None else self._params
            self._frames[has_more] = self._written(self.topic.value, params)
        return self._frames[has_more]
