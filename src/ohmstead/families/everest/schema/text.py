"""Enumerations that stay open: a text of a newer version is kept and shown as it came."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Self


class Text(StrEnum):
    """Members are texts. A text that is no member is accepted, and is then not `is_known`."""

    @property
    def is_known(self) -> bool:
        return self.name in type(self).__members__

    @classmethod
    def aliases(cls) -> Mapping[str, str]:
        """Other spellings that peers may use."""
        return {}

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        if value in cls.aliases():
            return cls(cls.aliases()[value])
        other = str.__new__(cls, value)
        # Not a name that code could be written against, and so never a member's.
        other._name_ = f"({value})"
        other._value_ = value
        return other
