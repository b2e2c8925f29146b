"""What the tests of the API hold: a served gateway, and a client that asks it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import aiohttp

from ohmstead.api import Served
from ohmstead.gateway import Gateway
from ohmstead.kit.tokens import Gate


class Asked:
    """A served gateway, and a client that asks it."""

    def __init__(self, gateway: Gateway, served: Served, session: aiohttp.ClientSession, gate: Gate) -> None:
        self.gateway = gateway
        self.gate = gate
        self.served = served
        self.session = session

    async def get(self, path: str, **options: Any) -> tuple[int, Any]:  # Any: JSON
        async with self.session.get(f"/api/v1{path}", **options) as response:
            return response.status, await response.json(content_type=None)

    async def post(self, path: str, body: object, **options: Any) -> tuple[int, Any]:  # Any: JSON
        async with self.session.post(f"/api/v1{path}", json=body, **options) as response:
            return response.status, await response.json(content_type=None)


Open = Callable[..., AbstractAsyncContextManager[Asked]]
