"""Puts the contract on sockets: on loopback always, to the network if its owner wants, until its context is left."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Final

import msgspec
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from ohmstead.api.asking import LONGEST_BODY, ask_of
from ohmstead.api.callers import CALLER, Door, require
from ohmstead.api.contract import PREFIX, Download, Route
from ohmstead.api.entrances import entrance_of
from ohmstead.api.feeds import Feed, add_feeds
from ohmstead.api.guarding import guard, server_log
from ohmstead.api.headers import add_headers
from ohmstead.api.hub import Hub
from ohmstead.api.live import stream
from ohmstead.api.manual import MANUAL_PATHS, manual
from ohmstead.api.messages import ENCODER
from ohmstead.api.openapi import document
from ohmstead.api.pacing import Pace
from ohmstead.api.pages import Page, add_pages
from ohmstead.api.reception import IDLE_S, Reception
from ohmstead.api.routes import CLOSE_SESSION, LIVE, OPEN_SESSION, ROUTES
from ohmstead.api.sessions import close_session, open_session
from ohmstead.api.settings import ApiSettings
from ohmstead.gateway import Gateway
from ohmstead.kit.tokens import Gate

ENDING_S: Final = 2.0
"""For requests under way when the server stops."""
LOOPBACK: Final = "127.0.0.1"
OTHER_PORT: Final = "Another program may use it; choose another. For example: --port 8421"
OTHER_NETWORK: Final = (
    "In [api], network is an address of this machine, and network_port one that no other program has. "
    "For example: network_port = 8445"
)
LOCAL: Final = ApiSettings()
NO_PAGES: Final[Mapping[str, Page]] = {}
NO_FEEDS: Final[Mapping[str, Feed]] = {}


class Served(msgspec.Struct, frozen=True):
    url: str
    """On this machine."""
    port: int
    network_url: str = ""
    """For other machines, if they may come in."""
    fingerprint: str = ""
    """Of the certificate that others are shown."""


@asynccontextmanager
async def serve(
    gateway: Gateway,
    *,
    gate: Gate,
    directory: Path,
    settings: ApiSettings = LOCAL,
    port: int = 0,
    pages: Mapping[str, Page] = NO_PAGES,
    feeds: Mapping[str, Feed] = NO_FEEDS,
) -> AsyncIterator[Served]:
    """Serve the API, and `pages` and `feeds` by their paths: on loopback, and to the network if the settings say so.

    Port 0 is a free one. `gate` judges tokens; a certificate that has to be made is kept in `directory`. Raises
    `ConfigError` for a port that is taken, and for a network without any token that could open the door.
    """
    entrance = entrance_of(settings, gate, directory)
    door = Door(gate, frozenset(settings.loopback_scopes))
    reception = Reception(gateway.scarcity)
    runner = web.AppRunner(
        _application(gateway, door, guard(entrance.names, Pace(), reception.spoke), pages, feeds),
        access_log=None,
        logger=server_log(),
        shutdown_timeout=ENDING_S,
        keepalive_timeout=IDLE_S,
    )
    await runner.setup()
    try:
        bound = await reception.open(_server(runner), LOOPBACK, port, otherwise=OTHER_PORT)
        network_url = ""
        if settings.network:
            bound_wide = await reception.open(
                _server(runner),
                settings.network,
                settings.network_port,
                entrance.tls,
                otherwise=OTHER_NETWORK,
            )
            network_url = f"{'https' if entrance.tls else 'http'}://{entrance.shown}:{bound_wide}"
        yield Served(f"http://{LOOPBACK}:{bound}", bound, network_url, entrance.fingerprint)
    finally:
        reception.close()
        await runner.cleanup()


def _server(runner: web.AppRunner) -> web.Server:
    if runner.server is None:
        raise AssertionError("a runner that is set up has a server")
    return runner.server


def _application(
    gateway: Gateway,
    door: Door,
    guarded: Middleware,
    pages: Mapping[str, Page],
    feeds: Mapping[str, Feed],
) -> web.Application:
    application = web.Application(middlewares=[guarded], client_max_size=LONGEST_BODY)
    application.on_response_prepare.append(add_headers)
    hub = Hub()
    for route in ROUTES:
        _add(application.router, route, _handler(route, gateway, door, hub))
    application.router.add_get(f"{PREFIX}/openapi.json", _openapi)
    for path in MANUAL_PATHS:
        application.router.add_get(path, _manual)
    add_pages(application.router, pages)
    add_feeds(application.router, feeds, door)
    application.cleanup_ctx.append(partial(_run_hub, hub=hub, gateway=gateway))
    application.on_shutdown.append(partial(_close_hub, hub=hub))
    return application


def _add(router: web.UrlDispatcher, route: Route, handler: Handler) -> None:
    path = PREFIX + route.path.replace("{id}", f"{{id:{route.id_pattern}}}")
    if route.method == "GET":
        router.add_get(path, handler, allow_head=route is not LIVE)
    else:
        router.add_route(route.method, path, handler)


def _handler(route: Route, gateway: Gateway, door: Door, hub: Hub) -> Handler:
    """Who asks is known before anything is done."""
    answer = _special(route, gateway, door, hub) or partial(_answer, route, gateway)

    async def handle(request: web.Request) -> web.StreamResponse:
        if route.scope is not None:
            caller = door.caller(request)
            require(caller, route.scope)
            CALLER.set(caller)
        return await answer(request)

    return handle


def _special(route: Route, gateway: Gateway, door: Door, hub: Hub) -> Handler | None:
    """What is more than one answer to one question."""
    if route is LIVE:

        async def listen(request: web.Request) -> web.StreamResponse:
            return await stream(request, gateway, hub, partial(door.is_still_in, CALLER.get()))

        return listen
    if route is OPEN_SESSION:
        return partial(open_session, route=route, door=door)
    if route is CLOSE_SESSION:
        return partial(close_session, door=door)
    return None


async def _answer(route: Route, gateway: Gateway, request: web.Request) -> web.Response:
    if route.handler is None:
        raise AssertionError(f"{route.path} has no handler")
    found = await route.handler(gateway, await ask_of(request, route))
    if isinstance(found, Download):
        kept = {"Content-Disposition": f'attachment; filename="{found.name}"'}
        return web.Response(body=found.body, content_type=found.content_type, headers=kept)
    if route.answer is None:
        return web.Response(status=HTTPStatus.NO_CONTENT)
    return web.Response(
        body=ENCODER.encode(found), status=route.status(found), content_type="application/json"
    )


async def _openapi(_: web.Request) -> web.Response:
    return web.Response(body=document(), content_type="application/json")


async def _manual(request: web.Request) -> web.Response:
    found = manual()[request.path]
    return web.Response(body=found.body, headers={"Content-Type": found.content_type})


async def _run_hub(_: web.Application, hub: Hub, gateway: Gateway) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as group:
        running = group.create_task(hub.run(gateway.watch(), gateway.clock))
        yield
        running.cancel()


async def _close_hub(_: web.Application, hub: Hub) -> None:
    hub.close()
