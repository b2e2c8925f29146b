"""What other rooms let programs fetch beside the contract, such as metrics: made anew for each request, for readers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from aiohttp import web
from aiohttp.typedefs import Handler

from ohmstead.api.callers import Door, require
from ohmstead.kit.tokens import Scope


class Feed(Protocol):
    """Whoever makes it has its own type for it."""

    @property
    def content_type(self) -> str: ...
    def body(self) -> bytes: ...


def add_feeds(router: web.UrlDispatcher, feeds: Mapping[str, Feed], door: Door) -> None:
    for path, feed in feeds.items():
        router.add_get(path, _handler(feed, door))


def _handler(feed: Feed, door: Door) -> Handler:
    async def answer(request: web.Request) -> web.Response:
        require(door.caller(request), Scope.READ)
        headers = {"Content-Type": feed.content_type, "Cache-Control": "no-store"}
        return web.Response(body=feed.body(), headers=headers)

    return answer
