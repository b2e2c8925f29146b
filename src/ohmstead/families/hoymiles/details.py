"""Every field of a decoded message as a person may see it, with unit and secrecy from the `.proto` files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

import msgspec
from google.protobuf.message import Message

from ohmstead.families.hoymiles.facts import Fact, facts
from ohmstead.families.hoymiles.protos.config_pb2 import ConfigGetFromDtu
from ohmstead.families.hoymiles.protos.facts_pb2 import Secrecy
from ohmstead.families.hoymiles.protos.inventory_pb2 import AppDtuInfo, AppMeterInfo, InverterInfo
from ohmstead.families.hoymiles.protos.live_pb2 import MeterData, PortData, SinglePhaseData, ThreePhaseData
from ohmstead.families.hoymiles.protos.network_pb2 import NetworkInfoFromDtu
from ohmstead.families.hoymiles.protos.storage_data_pb2 import (
    StorageBattery,
    StorageFlow,
    StorageGridPhase,
    StorageInverterPhase,
    StorageLoadPhase,
    StoragePv,
)
from ohmstead.families.hoymiles.results import (
    Config,
    Dtu,
    Inverter,
    Meter,
    MeterPhases,
    Network,
    Port,
    SinglePhase,
    ThreePhase,
)
from ohmstead.families.hoymiles.results.storages import (
    Battery,
    Flow,
    GridPhase,
    InverterPhase,
    LoadPhase,
    PvString,
)
from ohmstead.model import Detail

ORIGINS: Final[Mapping[type[msgspec.Struct], type[Message]]] = MappingProxyType(
    {
        Dtu: AppDtuInfo,
        Inverter: InverterInfo,
        Meter: AppMeterInfo,
        SinglePhase: SinglePhaseData,
        ThreePhase: ThreePhaseData,
        Port: PortData,
        MeterPhases: MeterData,
        PvString: StoragePv,
        Battery: StorageBattery,
        Flow: StorageFlow,
        GridPhase: StorageGridPhase,
        LoadPhase: StorageLoadPhase,
        InverterPhase: StorageInverterPhase,
        Network: NetworkInfoFromDtu,
    }
)
"""Which message a struct was decoded from."""

UNITS: Final[Mapping[str, str]] = MappingProxyType({"unix s": "s"})


def details(decoded: msgspec.Struct, prefix: str = "", skip: Iterable[str] = ("serial",)) -> list[Detail]:
    """One detail for each field of a struct in `ORIGINS`."""
    skipped = frozenset(skip)
    return [
        Detail(
            key=f"{prefix.replace(' ', '_')}{name}",
            label=f"{prefix}{label}",
            value=getattr(decoded, name),
            unit=unit,
        )
        for name, label, unit in _shapes(type(decoded))
        if name not in skipped
    ]


@cache
def _shapes(struct: type[msgspec.Struct]) -> tuple[tuple[str, str, str], ...]:
    known = {fact.name: fact for fact in facts(ORIGINS[struct]).values()}
    return tuple(
        (field.name, _label(known[field.name]), UNITS.get(known[field.name].unit, known[field.name].unit))
        for field in msgspec.structs.fields(struct)
    )


def _label(fact: Fact) -> str:
    return fact.field.replace("_", " ")


def config_details(config: Config) -> list[Detail]:
    """The configuration image, without its secrets: what a page never has it cannot show."""
    known = facts(ConfigGetFromDtu)
    return [
        Detail(
            key=f"config_{fact.name}",
            label=f"config {_label(fact)}",
            value=None if fact.secrecy == Secrecy.SECRET else shown,
            unit=UNITS.get(fact.unit, fact.unit),
            secret=fact.secrecy == Secrecy.SECRET,
        )
        for (field, _), shown in zip(config.image.ListFields(), config.shown().values(), strict=True)
        if (fact := known[field.name]).secrecy != Secrecy.SERIAL
    ]
