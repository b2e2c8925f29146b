"""Puts the contract on a socket: an HTTP server on loopback, until its context is left."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Final

import msgspec
from aiohttp import web
from aiohttp.typedefs import Handler

from ohmstead.api.asking import LONGEST_BODY, ask_of
from ohmstead.api.contract import PREFIX, Route
from ohmstead.api.guarding import guard, server_log
from ohmstead.api.headers import add_headers
from ohmstead.api.hosts import require_loopback
from ohmstead.api.hub import Hub
from ohmstead.api.live import stream
from ohmstead.api.messages import ENCODER
from ohmstead.api.openapi import document
from ohmstead.api.pages import Page, add_pages
from ohmstead.api.routes import LIVE, ROUTES
from ohmstead.gateway import Gateway
from ohmstead.model import ConfigError

ENDING_S: Final = 2.0
"""For requests under way when the server stops."""
NO_PAGES: Final[Mapping[str, Page]] = {}


class Served(msgspec.Struct, frozen=True):
    url: str
    port: int


@asynccontextmanager
async def serve(
    gateway: Gateway, *, host: str = "127.0.0.1", port: int = 0, pages: Mapping[str, Page] = NO_PAGES
) -> AsyncIterator[Served]:
    """Serve the API, and `pages` by their paths. Port 0 is a free one.

    Raises `ConfigError` for a host that other machines can reach, or a port that is taken.
    """
    require_loopback(host)
    runner = web.AppRunner(
        _application(gateway, host, pages),
        access_log=None,
        logger=server_log(),
        shutdown_timeout=ENDING_S,
    )
    await runner.setup()
    try:
        bound_port = await _listen(runner, host, port)
        yield Served(f"http://{f'[{host}]' if ':' in host else host}:{bound_port}", bound_port)
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, host: str, port: int) -> int:
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        raise ConfigError(
            f"cannot listen on {host}, port {port}: {error.strerror}. Another program may use it; choose another.",
            example="--port 8421",
        ) from error
    bound: int = runner.addresses[0][1]
    return bound


def _application(gateway: Gateway, host: str, pages: Mapping[str, Page]) -> web.Application:
    application = web.Application(middlewares=[guard(host)], client_max_size=LONGEST_BODY)
    application.on_response_prepare.append(add_headers)
    hub = Hub()
    for route in ROUTES:
        _add(application.router, route, _stream(gateway, hub) if route is LIVE else _handler(route, gateway))
    application.router.add_get(f"{PREFIX}/openapi.json", _openapi)
    add_pages(application.router, pages)
    application.cleanup_ctx.append(partial(_run_hub, hub=hub, gateway=gateway))
    application.on_shutdown.append(partial(_close_hub, hub=hub))
    return application


def _add(router: web.UrlDispatcher, route: Route, handler: Handler) -> None:
    path = PREFIX + route.path.replace("{id}", "{id:.+}")  # a device's id holds a slash of its own
    if route.method == "GET":
        router.add_get(path, handler, allow_head=route is not LIVE)
    else:
        router.add_route(route.method, path, handler)


def _stream(gateway: Gateway, hub: Hub) -> Handler:
    async def answer(request: web.Request) -> web.StreamResponse:
        return await stream(request, gateway, hub)

    return answer


def _handler(route: Route, gateway: Gateway) -> Handler:
    async def answer(request: web.Request) -> web.Response:
        if route.handler is None:
            raise AssertionError(f"{route.path} has no handler")
        found = await route.handler(gateway, await ask_of(request, route))
        return web.Response(
            body=ENCODER.encode(found), status=route.status(found), content_type="application/json"
        )

    return answer


async def _openapi(_: web.Request) -> web.Response:
    return web.Response(body=document(), content_type="application/json")


async def _run_hub(_: web.Application, hub: Hub, gateway: Gateway) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as group:
        running = group.create_task(hub.run(gateway))
        yield
        running.cancel()


async def _close_hub(_: web.Application, hub: Hub) -> None:
    hub.close()
