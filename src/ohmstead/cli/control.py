"""The control interface of a simulator, the same for all families.

`GET /` lists the actions with their parameters, `GET /state` says how the simulated device is, `POST /<action>` with a
JSON object of parameters does something to it; what the device itself refuses is a 409 with its code. Meant for tests and for play, so it listens on loopback only.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any, Final

import msgspec
from aiohttp import web

from ohmstead.kit.console import json_bytes
from ohmstead.kit.link.ports import why
from ohmstead.model import ConfigError, OhmsteadError, Refused, Simulator

LOOPBACK: Final = "127.0.0.1"
LARGEST_BODY: Final = 4 * 1024 * 1024

log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def serve_control(simulator: Simulator, port: int) -> AsyncIterator[int]:
    """Serves the interface inside the context; yields the port it listens on."""
    runner = web.AppRunner(control_application(simulator), access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        site = web.TCPSite(runner, LOOPBACK, port)
        try:
            await site.start()
        except OSError as error:
            raise ConfigError(f"cannot listen on {LOOPBACK}:{port}: {why(error)}.") from error
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


def control_application(simulator: Simulator) -> web.Application:
    async def describe(_request: web.Request) -> web.Response:
        return answer({"actions": simulator.actions})

    async def state(_request: web.Request) -> web.Response:
        return answer(simulator.state())

    async def act(request: web.Request) -> web.Response:
        action = request.match_info["action"]
        if action not in simulator.actions:
            return problem(HTTPStatus.NOT_FOUND, f"no action is called {action!r}; GET / lists them.")
        parameters = await parameters_of(request)
        if unknown := set(parameters) - set(simulator.actions[action].parameters):
            known = ", ".join(simulator.actions[action].parameters) or "none"
            raise ConfigError(f"{action} has no parameter {', '.join(sorted(unknown))}; there are: {known}.")
        try:
            return answer(await simulator.act(action, **parameters))
        except Refused as error:
            return answer({"error": error.code, "message": str(error)}, HTTPStatus.CONFLICT)
        except (TypeError, ValueError, ArithmeticError) as error:
            raise ConfigError(f"{action} cannot be done with {parameters}: {error}.") from error

    application = web.Application(middlewares=[speak_json], client_max_size=LARGEST_BODY)
    application.router.add_get("/", describe)
    application.router.add_get("/state", state)
    application.router.add_post("/{action}", act)
    return application


async def parameters_of(request: web.Request) -> dict[str, Any]:  # Any: JSON
    body = await request.read()
    return msgspec.json.decode(body, type=dict[str, Any]) if body else {}


@web.middleware
async def speak_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Whatever was wrong with the request is said in JSON as well."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        return problem(HTTPStatus(error.status), error.reason)
    except (OhmsteadError, msgspec.DecodeError, RecursionError) as error:
        return problem(HTTPStatus.BAD_REQUEST, str(error))
    except Exception:  # the root of a request: the simulated device lives on
        log.exception("%s %s failed", request.method, request.path)
        return problem(
            HTTPStatus.INTERNAL_SERVER_ERROR, "This is a fault in the simulator; its log says more."
        )


def problem(status: HTTPStatus, detail: str) -> web.Response:
    document = {"status": status, "title": status.phrase, "detail": detail}
    return answer(document, status, "application/problem+json")


def answer(
    document: object, status: HTTPStatus = HTTPStatus.OK, content_type: str = "application/json"
) -> web.Response:
    return web.Response(body=json_bytes(document), status=status, content_type=content_type)
