"""Static files from a table that is made once: no path of a request ever reaches a disk."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from typing import Final, Protocol

from aiohttp import web
from aiohttp.typedefs import Handler

FOREVER: Final = "public, max-age=31536000, immutable"
ASK_FIRST: Final = "no-cache"
WORTH_PACKING: Final = 1400
"""Bytes: what fits into one packet anyway gains nothing."""


class Page(Protocol):
    """One file to serve. Whoever makes the pages has its own type for it."""

    @property
    def body(self) -> bytes: ...
    @property
    def content_type(self) -> str: ...
    @property
    def integrity(self) -> str: ...
    @property
    def is_immutable(self) -> bool: ...


def add_pages(router: web.UrlDispatcher, pages: Mapping[str, Page]) -> None:
    for path, page in pages.items():
        router.add_get(path, _handler(page))


def _handler(page: Page) -> Handler:
    packed = gzip.compress(page.body, mtime=0) if len(page.body) > WORTH_PACKING else page.body
    tag = f'"{page.integrity}"'
    headers = {
        "Cache-Control": FOREVER if page.is_immutable else ASK_FIRST,
        "ETag": tag,
        "Content-Type": page.content_type,
        "Vary": "Accept-Encoding",
    }

    async def answer(request: web.Request) -> web.Response:
        if tag in request.headers.get("If-None-Match", ""):
            return web.Response(status=304, headers=headers)
        if packed is not page.body and "gzip" in request.headers.get("Accept-Encoding", ""):
            return web.Response(body=packed, headers={**headers, "Content-Encoding": "gzip"})
        return web.Response(body=page.body, headers=headers)

    return answer
