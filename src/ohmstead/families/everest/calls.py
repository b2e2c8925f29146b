"""The interface's methods as calls of an open source, for the house's console."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

import msgspec

from ohmstead.families.everest.console import ALL, template
from ohmstead.families.everest.device import EverestSource
from ohmstead.families.everest.schema.extensions import ScopeEnum
from ohmstead.families.everest.schema.methods import HELLO, SUBSCRIBE, TOKEN, Method
from ohmstead.families.everest.schema.parameters import Parameter
from ohmstead.model import ConsoleMethod, Unsupported

OF_THE_CONNECTION: Final = (HELLO, SUBSCRIBE)
"""What our own connection needs for itself."""
CALL_S: Final = 10.0
"""A server may take five to find out whether a wish is in force."""
PYTHON_TYPES: Final[Mapping[str, type]] = {"integer": int, "number": float, "boolean": bool}
WORDS: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


def console() -> Mapping[str, ConsoleMethod]:
    """Everything but what the connection needs for itself, and no call takes a token."""
    return {
        name: ConsoleMethod(
            title=_title(method),
            call=partial(_call, method),
            ask=_ask(method),
            template=template(method),
            writes=method.scope is not ScopeEnum.READ,
        )
        for name, method in ALL.items()
        if method not in OF_THE_CONNECTION
    }


async def _call(method: Method, source: EverestSource, ask: msgspec.Struct) -> object:
    line = source.client.line
    if method.extension and method.extension not in source.client.granted:
        raise Unsupported(f"the charge point has no {method.name}")
    params = {
        name: value for name, value in msgspec.structs.asdict(ask).items() if value is not msgspec.UNSET
    }
    found = await line.call(method, params, line.kind(method), within_s=CALL_S)
    return msgspec.json.decode(msgspec.json.encode(found))


def _ask(method: Method) -> type[msgspec.Struct]:
    parameters = [parameter for parameter in (*method.parameters, *method.extra) if parameter is not TOKEN]
    fields = [_field(parameter) for parameter in sorted(parameters, key=lambda p: p.is_optional)]
    name = method.name.replace(".", "")
    return msgspec.defstruct(name, fields, frozen=True, kw_only=True, forbid_unknown_fields=True)


def _field(parameter: Parameter) -> Any:  # Any: as defstruct takes it, with a default or without
    kind: Any = PYTHON_TYPES.get(parameter.kind.strip("[]"), str)
    if parameter.kind.startswith("["):
        kind = tuple[kind, ...]
    return (
        (parameter.name, kind | msgspec.UnsetType, msgspec.UNSET)
        if parameter.is_optional
        else (parameter.name, kind)
    )


def _title(method: Method) -> str:
    """Words from a name such as `EVSE.GetMeterData`."""
    part, _, verb = method.name.partition(".")
    words = WORDS.sub(" ", verb).lower()
    return f"{part}: {words}" + (f" ({method.extension})" if method.extension else "")
