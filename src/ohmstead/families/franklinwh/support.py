"""The support report: what helps to find a fault, blanked by the same tables that know every field.

It fails closed: of the vendor's records numbers stay under names that a table calls public, and texts only where a
table says they are code, version or time. What is typed is blanked by the names of its fields.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any, Final

import msgspec

from ohmstead import __version__
from ohmstead.families.franklinwh.capture import FranklinWHCodec
from ohmstead.families.franklinwh.client.client import Client
from ohmstead.families.franklinwh.diagnosis import diagnosis
from ohmstead.families.franklinwh.discovery.redacting import redacted
from ohmstead.model import DeviceError

INFO, DIAG, NETTEST = "info", "diag", "nettest"
EVERYTHING: Final = frozenset({INFO, DIAG, NETTEST, "records"})

Json = dict[str, Any]
"""Any: JSON."""


async def gathered(
    client: Client, parts: frozenset[str], *, redact: bool, secrets: tuple[str, ...] = ()
) -> Json:
    """The bundle; without `parts` all of it. A part that fails says why, and the others are there.

    `secrets`: texts that are never to be in it, whatever field they come in, such as the account's e-mail.
    """
    wanted = parts or EVERYTHING
    bundle: Json = {"versions": {"ohmstead": __version__, "python": platform.python_version()}}
    snapshot = await client.discover(3 if not parts else 2)
    if INFO in wanted:
        bundle["info"] = snapshot.to_dict(redact=redact)
    if DIAG in wanted:
        bundle["diag"] = diagnosis(snapshot)
    if "records" in wanted:
        bundle["records"] = await _records(client, redact=redact)
    if NETTEST in wanted:
        bundle["timings_ms"] = await _timings(client)
    bundle["metrics"] = msgspec.to_builtins(client.get_metrics())
    shown: Json = msgspec.json.decode(msgspec.json.encode(redacted(bundle) if redact else bundle))
    return without(shown, secrets) if redact else shown


async def _records(client: Client, *, redact: bool) -> Json:
    """Raw answers, as the vendor names them."""
    blanked = FranklinWHCodec().blanked if redact else _same
    found: Json = {}
    for name, ask in (
        ("composite", client.get_device_composite_info),
        ("generator", client.get_generator_info),
        ("circuits", client.get_smart_circuits_info),
        ("metering", lambda: client.get_accessories_power_info(0)),
        ("power", client.get_power_info),
        ("modes", client.get_gateway_tou_list),
        ("device", client.get_device_info),
        ("alarms", client.get_gateway_alarm),
    ):
        found[name] = await _guarded(ask, blanked)
    return found


async def _guarded(ask: Callable[[], Awaitable[Any]], blanked: Callable[[Any], Any]) -> Any:  # Any: JSON
    try:
        return blanked(await ask())
    except DeviceError as error:
        return {"failed": f"{type(error).__name__}: {error}"}


async def _timings(client: Client) -> Json:
    return {
        "cloud": await _timed(client.get_home_gateway_list),
        "gateway": await _timed(client.get_device_composite_info),
        "tunnel": await _timed(client.get_power_info),
    }


async def _timed(ask: Callable[[], Awaitable[object]]) -> float | str:
    begun_s = time.monotonic()
    try:
        await ask()
    except DeviceError as error:
        return f"{type(error).__name__}: {error}"
    return round((time.monotonic() - begun_s) * 1000, 1)


def without(value: Any, secrets: tuple[str, ...]) -> Any:  # Any: JSON
    """Every text without those texts in it."""
    match value:
        case dict():
            return {key: without(part, secrets) for key, part in value.items()}
        case list():
            return [without(part, secrets) for part in value]
        case str():
            for secret in secrets:
                value = value.replace(secret, "•••")
            return value
    return value


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Where two bundles differ: path, what it was, what it is. Any: JSON."""
    was, is_now = dict(_leaves(before)), dict(_leaves(now))
    paths = [
        path
        for path in (*was, *(path for path in is_now if path not in was))
        if was.get(path) != is_now.get(path)
    ]
    return [(path, was.get(path, "–"), is_now.get(path, "–")) for path in paths]


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:  # Any: JSON
    match value:
        case Mapping():
            for key, part in value.items():
                yield from _leaves(part, f"{path}.{key}".removeprefix("."))
        case list():
            for index, part in enumerate(value):
                yield from _leaves(part, f"{path}[{index}]")
        case _:
            yield path, str(value)


def _same(value: Any) -> Any:  # Any: JSON
    return value
