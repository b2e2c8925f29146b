"""Turns "module:attribute" text into the thing."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def load(reference: str) -> Any:  # Any: the text says what it names, and each caller knows its type
    """The attribute a card's text names. A wrong text is a bug in the card and raises as such."""
    module, _, attribute = reference.partition(":")
    found: Any = import_module(module)
    for part in attribute.split("."):
        found = getattr(found, part)
    return found
