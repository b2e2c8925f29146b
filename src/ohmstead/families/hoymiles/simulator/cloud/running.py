"""A cloud simulator that runs: on a port, with the control interface every simulator has."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from types import MappingProxyType
from typing import Any, Final

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message

from ohmstead.families.hoymiles.identifiers import serial_number, serial_text
from ohmstead.families.hoymiles.protos.device_config_pb2 import DevConfigFetchToDtu, DevConfigPutToDtu
from ohmstead.families.hoymiles.simulator.addresses import server
from ohmstead.families.hoymiles.simulator.cloud.relay import relay
from ohmstead.families.hoymiles.simulator.cloud.service import CloudService, Manners
from ohmstead.families.hoymiles.simulator.cloud.store import DtuRecord
from ohmstead.families.hoymiles.simulator.faults import KINDS, PARAMETERS, Faults
from ohmstead.families.hoymiles.simulator.grid_profile import RULE_GRID_PROFILE
from ohmstead.kit.link import Listener, Serve, listen, tcp
from ohmstead.kit.wire import crc16_modbus
from ohmstead.kit.world import World
from ohmstead.model import Action, ConfigError, SimulatorOptions

CLOUD_FAULTS: Final = tuple(kind for kind in KINDS if kind.startswith("cloud-"))
SERIAL: Final = "of the DTU"

ACTIONS: Final[Mapping[str, Action]] = MappingProxyType(
    {
        "command": Action(
            help="Have a DTU do something.",
            parameters={
                "serial": SERIAL,
                "number": "of the action",
                "text": "parameter text",
                "inverters": "serials",
            },
        ),
        "fetch": Action(
            help="Read the grid profile of an inverter.",
            parameters={"serial": SERIAL, "device": "the inverter's"},
        ),
        "put": Action(
            help="Write the grid profile of an inverter.",
            parameters={"serial": SERIAL, "device": "the inverter's", "data": "hex digits"},
        ),
        "drop": Action(help="End the link of a DTU.", parameters={"serial": SERIAL}),
        "fault": Action(
            help=f"Misbehave from now on: {', '.join(CLOUD_FAULTS)}.",
            parameters={"name": "which", **PARAMETERS},
        ),
        "clear_faults": Action(help="Behave again."),
    }
)


class RunningCloud:
    """What `simulate` yields for the role of a cloud."""

    def __init__(self, service: CloudService, listener: Listener, relayed: Counter[str]) -> None:
        self.service = service
        self._listener = listener
        self._relayed = relayed
        self._doing: Mapping[str, Callable[..., Awaitable[Mapping[str, Any]]]] = {  # Any: JSON
            "command": self._command,
            "fetch": self._fetch,
            "put": self._put,
            "drop": self._drop,
            "fault": self._fault,
            "clear_faults": self._clear_faults,
        }

    @property
    def endpoints(self) -> Mapping[str, int]:
        return {"cloud": self._listener.port}

    @property
    def actions(self) -> Mapping[str, Action]:
        return ACTIONS

    @property
    def ready(self) -> Mapping[str, str | None]:
        return {"role": "cloud"}

    def state(self) -> Mapping[str, Any]:  # Any: JSON
        service = self.service
        return {
            "connected": list(service.connected),
            "connections": service.connections,
            "rejected": service.rejected,
            "damaged_bytes": service.damaged_bytes,
            "frames": dict(service.frames),
            "faults": dict(service.faults.happened),
            "relayed_bytes": dict(self._relayed),
            "dtus": {serial: _shown(record) for serial, record in service.store.dtus.items()},
        }

    async def act(self, action: str, **parameters: Any) -> Mapping[str, Any]:  # Any: JSON
        if action not in self._doing:
            raise ConfigError(f"no action is called {action!r}; there are {', '.join(self._doing)}.")
        said = await self._doing[action](**parameters)
        return {**self.state(), **said}

    async def _command(
        self, serial: str, number: int, text: str = "", inverters: tuple[str, ...] = ()
    ) -> Mapping[str, Any]:  # Any: JSON
        targets = tuple(map(serial_number, inverters))
        return _answer(await self.service.command(serial, int(number), text, targets))

    async def _fetch(self, serial: str, device: str) -> Mapping[str, Any]:  # Any: JSON
        request = DevConfigFetchToDtu(dtu_serial=serial, device_serial=device, rule_type=RULE_GRID_PROFILE)
        return _answer(await self.service.fetch(serial, request))

    async def _put(self, serial: str, device: str, data: str) -> Mapping[str, Any]:  # Any: JSON
        blob = bytes.fromhex(data)
        request = DevConfigPutToDtu(
            data=blob,
            crc=crc16_modbus(blob),
            dtu_serial=serial,
            device_serial=device,
            packet_count=1,
            rule_type=RULE_GRID_PROFILE,
        )
        return _answer(await self.service.put(serial, request))

    async def _drop(self, serial: str) -> Mapping[str, Any]:  # Any: JSON
        await self.service.drop(serial)
        return {}

    async def _fault(self, name: object = None, **parameters: object) -> Mapping[str, Any]:  # Any: JSON
        self.service.faults.ask(name, parameters)
        return {}

    async def _clear_faults(self) -> Mapping[str, Any]:  # Any: JSON
        self.service.faults.clear()
        return {}


def _answer(message: Message) -> Mapping[str, Any]:  # Any: JSON
    return {"answer": MessageToDict(message, preserving_proto_field_name=True)}


def _shown(record: DtuRecord) -> Mapping[str, Any]:  # Any: JSON
    first = record.inventory.get(0)
    return {
        "heartbeats": record.heartbeats,
        "inverters": [
            serial_text(inverter.serial)
            for packet in record.inventory.values()
            for inverter in packet.inverters
        ],
        "software_version": first.dtu.software_version if first is not None else None,
        "data_sets": len(record.complete()),
        "old_data_sets": len(record.old_data),
        "live_packets": record.live,
        "late_packets": record.late,
        "repeated_packets": record.repeated,
        "power_w": record.power_w(),
        "alarms": len(record.alarms),
        "waves": len(record.waves),
        "statuses": len(record.statuses),
        "reports": len(record.reports),
    }


@asynccontextmanager
async def simulate_cloud(options: SimulatorOptions, world: World) -> AsyncIterator[RunningCloud]:
    """A cloud on a port of `options.host`, until the block is left."""
    name = options.name or "hoymiles-cloud"
    extras = options.extras
    manners = Manners(
        utc_offset_s=_number(extras.get("utc-offset", "")),
        acknowledges_alike=extras.get("acknowledge-alike") == "true",
        misnumbers_reports=extras.get("misnumber-reports") == "true",
    )
    service = CloudService(
        world.clock,
        Faults(world.random(f"{name}/faults"), options.faults),
        world.random(f"{name}/numbers"),
        manners,
    )
    relayed: Counter[str] = Counter()
    serve: Serve = service.serve
    if target := extras.get("relay", ""):
        host, port = server(target, "--relay", allow_vendor=extras.get("allow-vendor-cloud") == "true")
        serve = relay(tcp(host, port), lambda direction, data: relayed.update({direction: len(data)}))
    async with listen(serve, options.host, options.port) as listener:
        yield RunningCloud(service, listener, relayed)


def _number(text: str) -> int:
    try:
        return int(text or 3600)
    except ValueError:
        raise ConfigError(f"--utc-offset is a number of seconds, not {text!r}.", example="3600") from None
