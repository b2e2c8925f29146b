"""The card of a family: everything the house knows of it without loading it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

if TYPE_CHECKING:
    from pathlib import Path  # who only wants a client does not pay for it


class Fault(msgspec.Struct, frozen=True):
    """One `--fault NAME[:k=v,…]` as the user gave it; the family knows its parameters."""

    name: str
    parameters: Mapping[str, str] = msgspec.field(default_factory=dict)


class Extra(msgspec.Struct, frozen=True, kw_only=True):
    """An option of `ohmstead simulate` that only this family has."""

    name: str
    help: str
    choices: tuple[str, ...] = ()
    default: str = ""
    flag: bool = False


class SimulatorOptions(msgspec.Struct, frozen=True, kw_only=True):
    name: str = ""
    """The simulator's name in its world; empty: the family's."""
    model: str = ""
    """A slug of the card's `models`; empty: the first."""
    host: str = "127.0.0.1"
    port: int = 0
    seed: int = 1
    faults: tuple[Fault, ...] = ()
    capture: str = ""
    """A capture to start from."""
    extras: Mapping[str, str] = msgspec.field(default_factory=dict)
    """The family's own options by name (`Extra`)."""


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """One thing the control interface can do to a simulator: name, parameters with their meaning, and the doing."""

    help: str
    parameters: Mapping[str, str] = msgspec.field(default_factory=dict)


class Simulator(Protocol):
    """A running simulated device."""

    @property
    def endpoints(self) -> Mapping[str, int]:
        """Port by name; the first is the main one."""
        ...

    @property
    def actions(self) -> Mapping[str, Action]: ...
    @property
    def ready(self) -> Mapping[str, str | None]:
        """What only this family adds to the ready line."""
        ...

    def state(self) -> Mapping[str, Any]: ...  # JSON, shaped by the family
    async def act(self, action: str, **parameters: Any) -> Mapping[str, Any]: ...  # JSON both ways


class CaptureCodec(Protocol):
    """How a family's traffic is cut into frames, blanked and read again. One per captured connection."""

    def frames(self, direction: str, data: bytes) -> Sequence[bytes]:
        """Whole frames, secrets and serials blanked. Bytes outside frames are held back or dropped."""
        ...

    def describe(self, direction: str, frame: bytes) -> Mapping[str, Any]:  # JSON, shaped by the family
        """A frame in words, for replay."""
        ...


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A device that discovery came across, or a way to one."""

    family: str
    url: str
    title: str
    serial: str = ""
    """Of the device that stands for the source; empty where it is not told before it is opened."""
    needs: tuple[str, ...] = ()
    """What the user still has to give, such as a password."""


class Serving(msgspec.Struct, frozen=True, kw_only=True):
    """What the house hands to a family's server."""

    table: Any
    """As the site file has it. Any: of the type that the card names."""
    directory: Path
    """For what the server keeps: the gateway's own."""
    site: str = ""
    """What the house is called."""


class Family(msgspec.Struct, frozen=True, kw_only=True):
    """In a family's `card.py`. Heavy parts are "module:attribute" text, loaded when used."""

    name: str
    title: str
    vendor: str = ""
    """Who makes the devices, as they write it themselves."""
    schemes: tuple[str, ...]
    config: str
    """Its subclass of `DeviceConfig`."""
    connect: str
    """(config, Services) -> AbstractAsyncContextManager[Source]"""
    simulate: str
    """(SimulatorOptions, World) -> AbstractAsyncContextManager[Simulator]"""
    capture: str = ""
    """() -> CaptureCodec"""
    commands: str = ""
    """Its click command group."""
    discover: str = ""
    """(network, Services, spared) -> AsyncIterator[Found]. What is in `spared`, written as in the URLs it would find, is
    already known to the house and left alone."""
    clouds: tuple[str, ...] = ()
    """Hosts of the vendor's that its clients talk to; families without any stay in the home network."""
    serve: str = ""
    """(ChargerBoard, Serving, Gate) -> AbstractAsyncContextManager[Mapping[str, int]]: a server for every charger of the
    house, with the ports it opened by name. The gate judges the tokens that clients show."""
    table: str = ""
    """The site file's table of that server; without it in the file, the server is not started."""
    settings: str = ""
    """The type of that table."""
    console: str = ""
    """() -> Mapping[str, ConsoleMethod]: raw calls of an open source, for the generic console."""
    models: tuple[str, ...] = ()
    """Simulator models, the default first."""
    extras: tuple[Extra, ...] = ()
    hardware: tuple[str, ...] = ()
    """What is supported, in words: the README's table is made from it."""
