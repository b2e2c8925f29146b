"""Values of a site file as what TOML holds."""

from __future__ import annotations

from typing import Any

import msgspec


def beyond_defaults(value: msgspec.Struct) -> dict[str, Any]:  # Any: TOML values
    """What a value says beyond its defaults, as TOML can hold it."""
    said = {}
    for field in msgspec.structs.fields(value):
        found = getattr(value, field.name)
        default = field.default_factory() if field.default_factory is not msgspec.NODEFAULT else field.default
        if found != default and found is not None:
            said[field.encode_name] = _plain(found)
    return said


def _plain(value: Any) -> Any:  # Any: TOML values
    if isinstance(value, msgspec.Struct):
        return beyond_defaults(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return msgspec.to_builtins(value)
