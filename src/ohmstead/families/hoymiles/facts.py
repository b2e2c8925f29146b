"""Reads the facts that stand beside each field in the `.proto` files, and compiles decoders from them.

A decoder turns a message into one of our structs: each struct field is named after its protobuf field, with the unit
behind it (`voltage` in V becomes `voltage_v`). The scale stands once, in the `.proto`; the decoder is plain Python made
from it once, because live data is decoded for every inverter of every poll.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Final, TypeVar

import msgspec
from google.protobuf.descriptor import Descriptor
from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto
from google.protobuf.message import Message

from ohmstead.families.hoymiles.identifiers import SERIAL_TEXTS
from ohmstead.families.hoymiles.protos import facts_pb2
from ohmstead.families.hoymiles.protos.facts_pb2 import Secrecy

S = TypeVar("S", bound=msgspec.Struct)

SUFFIXES: Final[Mapping[str, str]] = MappingProxyType(
    {"": "", "°C": "_c", "%": "_pct", "ct": "_ct", "kOhm": "_kohm"}
)
"""How a unit is written in a name; every other unit in small letters."""

TEXT: Final = FieldDescriptorProto.TYPE_STRING
WIDE_INTEGERS: Final = (FieldDescriptorProto.TYPE_INT64, FieldDescriptorProto.TYPE_UINT64)


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one field."""

    field: str
    type: int
    """Of `FieldDescriptorProto`."""
    is_list: bool
    unit: str = ""
    per: int = 1
    """Value = raw / per, or raw * times."""
    times: int = 1
    positive: str = ""
    secrecy: Secrecy = Secrecy.UNSTATED
    zero_is_absent: bool = False

    @property
    def name(self) -> str:
        """Ours: the field with its unit."""
        return self.field + SUFFIXES.get(self.unit, "_" + self.unit.lower().replace(" ", "_"))

    def value(self, raw: float) -> float:
        return raw / self.per if self.per != 1 else raw * self.times

    def raw(self, value: float) -> int:
        """The wire's integer, rounded half to even."""
        return round(value * self.per) if self.per != 1 else round(value / self.times)


def facts(message: type[Message]) -> Mapping[str, Fact]:
    """The facts of a message's fields, by protobuf name."""
    return _facts_of(message.DESCRIPTOR)


@cache
def _facts_of(descriptor: Descriptor) -> Mapping[str, Fact]:
    plain = DescriptorProto()
    descriptor.CopyToProto(plain)
    return MappingProxyType({field.name: _fact(field) for field in plain.field})


def _fact(field: FieldDescriptorProto) -> Fact:
    # protoc writes no type arguments for extensions, so the checker cannot know what this one holds.
    stated: facts_pb2.Facts = field.options.Extensions[facts_pb2.facts]  # type: ignore[index]
    return Fact(
        field=field.name,
        type=field.type,
        is_list=field.label == FieldDescriptorProto.LABEL_REPEATED,
        unit=stated.unit,
        per=stated.per or 1,
        times=stated.times or 1,
        positive=stated.positive,
        secrecy=stated.secrecy,
        zero_is_absent=stated.zero_is_absent,
    )


def text(value: str | bytes) -> str:
    """A text field as text: bytes that are no UTF-8 come out of the runtime as bytes, stray control characters go."""
    decoded = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
    return decoded if decoded.isprintable() else "".join(c for c in decoded if c.isprintable())


def construction(message: type[Message], struct: type[msgspec.Struct], *, read: Collection[str] = ()) -> str:
    """The Python source that makes the struct of a message called `m`. Fields in `read` stand in variables of their
    names already. Raises `LookupError` for a struct field no protobuf field stands for.
    """
    known = {fact.name: fact for fact in facts(message).values()}
    arguments = [
        field.name if field.name in read else _expression(known[field.name], is_number=field.type is int)
        for field in msgspec.structs.fields(struct)
    ]
    return f"{struct.__name__}({', '.join(arguments)})"


def expression(message: type[Message], name: str) -> str:
    """The Python source of one field of `m` by our name, such as `dtu_power_w`. Raises `LookupError`."""
    return _expression({fact.name: fact for fact in facts(message).values()}[name])


def compiled(source: str, name: str, names: Mapping[str, object]) -> Any:  # Any: whichever function it is
    """The function `name` of a source with constructions in it; it sees what they need, and `names`."""
    scope: dict[str, Any] = {"serial_texts": SERIAL_TEXTS, "text": text, **names}  # Any: a namespace
    # The source is made of the names and numbers of our own .proto files and of text of ours, and nothing else.
    exec(source, scope)  # noqa: S102
    return scope[name]


def _expression(fact: Fact, *, is_number: bool = False) -> str:
    """`is_number`: a serial stays one, as those of storages are, which are printed in decimal."""
    raw = f"m.{fact.field}"
    if fact.is_list:
        return f"tuple({raw})"
    if fact.type == TEXT:
        return f"text({raw})"
    if fact.secrecy == Secrecy.SERIAL and fact.type in WIDE_INTEGERS and not is_number:
        return f"serial_texts[{raw}]"
    if fact.per != 1:
        raw = f"{raw} / {fact.per}"
    elif fact.times != 1:
        raw = f"{raw} * {fact.times}"
    return f"({raw} or None)" if fact.zero_is_absent else raw


def encoder(message: type[Message]) -> Callable[..., None]:
    """A function that writes our values (`voltage_v=231.2`) into a message of this type, quantised as the wire is."""
    known = {fact.name: fact for fact in facts(message).values()}

    def write(target: Message, **values: float) -> None:
        for name, value in values.items():
            fact = known[name]
            if not math.isfinite(value):
                raise ValueError(f"{message.DESCRIPTOR.name}.{name} is {value}")
            setattr(target, fact.field, fact.raw(value))

    return write
