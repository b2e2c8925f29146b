"""What to start a plant from: a recording, a compact dump, or register caches as JSON. The file says which it is.

A recording may be ours, lines of `<ISO time> <rx or tx> <hex>`, or a JSON object with such `lines`. Whatever was read
last from a register stands in it; damaged frames and requests say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any, Final

import msgspec

from ohmstead.families.givenergy.cache import RegisterCache
from ohmstead.families.givenergy.compact import parse_compact
from ohmstead.families.givenergy.models import resolve
from ohmstead.families.givenergy.simulator.numbering import number_units, numbered
from ohmstead.families.givenergy.simulator.plant import Plant
from ohmstead.families.givenergy.simulator.profiles import BY_MODEL, INVERTER, Profile, profile
from ohmstead.families.givenergy.simulator.store import Store
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.wire import Conversation, ErrorReply, ReadReply, WriteReply
from ohmstead.kit.link import read_capture
from ohmstead.model import ConfigError

LINE: Final = re.compile(r"^\S+\s+(rx|tx)\s+([0-9a-fA-F]+)$")
DEVICE: Final = re.compile(r"^0x[0-9a-fA-F]{1,2}$|^\d{1,3}$")
OURS: Final = b"ohmstead_capture"
AS_RECORDED: Final = 1
"""The seed that leaves the serials of a plant as its recording has them: without unit numbers."""


class Contents(msgspec.Struct, kw_only=True):
    store: Store
    adapter_serial: str = ""
    envelopes: dict[int, str] = msgspec.field(default_factory=dict)


def ready_plant(slug: str, seed: int = AS_RECORDED) -> Plant:
    """One of the plants we bring; another seed makes other units of it. Raises `ConfigError` for an unknown name."""
    found = profile(slug)
    text = resources.files(__package__).joinpath("plants", f"{found.slug}.txt").read_text()
    store = _from_caches(parse_compact(text)).store
    if seed == AS_RECORDED:
        return Plant(found, store)
    number_units(store, seed)
    return Plant(found, store, adapter_serial=numbered(found.adapter_serial, seed))


def plant_from(path: Path, slug: str = "") -> Plant:
    """A plant as it was recorded; `slug` says how it behaves on its bus, if not like its model usually does."""
    contents = read_contents(path)
    if not contents.store.devices:
        raise ConfigError("holds no registers we can read.", file=str(path))
    behaviour = profile(slug) if slug else _behaviour(contents.store)
    return Plant(
        behaviour, contents.store, adapter_serial=contents.adapter_serial, envelopes=contents.envelopes
    )


def read_contents(path: Path) -> Contents:
    """Raises `ConfigError` for a file that cannot be read or is nothing of all that."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}.", file=str(path)) from error
    first = data.lstrip().split(b"\n", 1)[0]
    if OURS in first:
        capture = read_capture(path)
        return from_stream(record.frame for record in capture.records if record.direction == "<")
    text = data.decode("utf-8", errors="replace")
    if first.startswith((b"{", b"[")):
        return _from_json(text, path)
    if lines := [match for match in map(LINE.match, map(str.strip, text.splitlines())) if match]:
        return from_stream(bytes.fromhex(found[2]) for found in lines if found[1] == "rx")
    return _from_caches(parse_compact(text))


def from_stream(chunks: Iterable[bytes]) -> Contents:
    """What an adapter said, cut as it may be."""
    contents = Contents(store=Store())
    conversation = Conversation()
    for reply in _replies(conversation, chunks):
        contents.adapter_serial = reply.adapter_serial
        # An error is no page, but its envelope names the device all the same.
        if not isinstance(reply, WriteReply):
            contents.envelopes[reply.device] = reply.envelope_serial
        if isinstance(reply, ReadReply):
            contents.store.declare(reply.device, reply.bank, reply.base, reply.words)
        elif isinstance(reply, WriteReply):
            contents.store.put(reply.device, Bank.HR, reply.register, (reply.value,))
    return contents


def _replies(
    conversation: Conversation, chunks: Iterable[bytes]
) -> Iterator[ReadReply | WriteReply | ErrorReply]:
    for chunk in chunks:
        for message in conversation.receive(chunk):
            if isinstance(message, ReadReply | WriteReply | ErrorReply):
                yield message


def _from_caches(caches: Mapping[int, RegisterCache]) -> Contents:
    store = Store()
    for device, cache in caches.items():
        for bank, base, words in cache.runs():
            store.declare(device, bank, base, words)
    return Contents(store=store)


def _from_json(text: str, path: Path) -> Contents:
    try:
        document = msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        raise ConfigError(f"is no JSON: {error}.", file=str(path)) from error
    if not isinstance(document, dict):
        raise ConfigError("holds JSON, but no object.", file=str(path))
    if isinstance(lines := document.get("lines"), list):
        return from_stream(_received(lines, path))
    if all(DEVICE.match(key) for key in document):
        return _from_caches({int(key, 0): _cache(value) for key, value in document.items()})
    return _from_caches({INVERTER: _cache(document)})


def _received(lines: list[Any], path: Path) -> Iterator[bytes]:  # Any: JSON, checked here
    for line in lines:
        match line:
            case [_, "rx", str(text)]:
                yield bytes.fromhex(text)
            case [_, "tx", str()]:
                continue
            case _:
                raise ConfigError(f"has a line that is none of a capture: {line!r}.", file=str(path))


def _cache(value: object) -> RegisterCache:
    return RegisterCache.from_json(msgspec.json.encode(value))


def _behaviour(store: Store) -> Profile:
    code = store.get(INVERTER, Bank.HR, 0)
    model = None if code is None else resolve(f"{code:04x}", store.get(INVERTER, Bank.HR, 21))
    return profile("" if model is None else BY_MODEL[model.name])
