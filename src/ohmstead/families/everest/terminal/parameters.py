"""Parameters as people write them: NAME=VALUE, or a whole JSON object."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from ohmstead.families.everest.console import ALL
from ohmstead.model import ConfigError


def given_params(method: str, words: Sequence[str]) -> dict[str, object] | None:
    """None for no words at all. Raises `ConfigError` for what cannot be read."""
    if not words:
        return None
    if words[0].lstrip().startswith("{"):
        return _object(" ".join(words))
    known = ALL.get(method)
    kinds = {p.name: p.kind for p in (*known.parameters, *known.extra)} if known is not None else {}
    return dict(_pair(word, kinds) for word in words)


def _object(text: str) -> dict[str, object]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise ConfigError(f"the parameters are no JSON: {error}.") from error
    if not isinstance(found, dict):
        raise ConfigError("the parameters are to be a JSON object.", example='{"evse_index": 1}')
    return found


def _pair(word: str, kinds: Mapping[str, str]) -> tuple[str, object]:
    name, equals, text = word.partition("=")
    if not equals or not name:
        raise ConfigError(f"{word!r} is no parameter.", example="evse_index=1")
    if kinds.get(name) == "string":
        return name, text
    try:
        return name, json.loads(text)
    except ValueError:
        if name in kinds:
            raise ConfigError(f"{name} is to be of the type {kinds[name]}, not {text!r}.") from None
        return name, text
