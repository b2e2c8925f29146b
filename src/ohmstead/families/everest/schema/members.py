"""Kinds of members: a number says its unit, a text what it must hold. Declared for the documents and the checks; a
client accepts what a server sends.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct


class Object(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A JSON object of the interface. Members that are None by default are left out when they are."""


Volts = Annotated[float, Meta(extra={"unit": "V"})]
Amperes = Annotated[float, Meta(extra={"unit": "A"})]
Watts = Annotated[float, Meta(extra={"unit": "W"})]
WattHours = Annotated[float, Meta(extra={"unit": "Wh"})]
Hertz = Annotated[float, Meta(extra={"unit": "Hz"})]
WholeSeconds = Annotated[int, Meta(extra={"unit": "s"})]
WholePercent = Annotated[int, Meta(extra={"unit": "%"})]
Stamp = Annotated[str, Meta(extra={"unit": "RFC 3339 text"})]
Name = Annotated[str, Meta(extra={"min_length": 2})]
"""A text of at least two characters."""
