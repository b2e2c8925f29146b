"""Register tables: one line one fact, read lazily, decoded by the page, written through the same line."""

from __future__ import annotations

from ohmstead.kit.wire.tables.block import Block
from ohmstead.kit.wire.tables.codec import Codec, ReadOnly, through
from ohmstead.kit.wire.tables.drawing import NO_MARKS, Marks, Picture, Values
from ohmstead.kit.wire.tables.field import Facts, Field, Write
from ohmstead.kit.wire.tables.page import (
    PAGE_WORDS,
    UNKNOWN,
    Page,
    Pages,
    Paging,
    Window,
    Words,
)
from ohmstead.kit.wire.tables.plan import Plan

__all__ = [
    "NO_MARKS",
    "PAGE_WORDS",
    "UNKNOWN",
    "Block",
    "Codec",
    "Facts",
    "Field",
    "Marks",
    "Page",
    "Pages",
    "Paging",
    "Picture",
    "Plan",
    "ReadOnly",
    "Values",
    "Window",
    "Words",
    "Write",
    "through",
]
