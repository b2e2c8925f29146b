"""What every view can do: values by attribute, whole dumps, and where each value comes from and how old it is.

A view is one moment. It holds pages that never change, decodes a value when it is asked for, and a page at a time when
everything is asked for; the next view takes over what earlier pages gave and decodes only those that have changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from types import MappingProxyType
from typing import Any, ClassVar, Final, Self, TypeVar, cast

import msgspec

from ohmstead.families.givenergy.views.derived import Derived, Formulas
from ohmstead.kit.wire.tables import Block, Field, Pages, Values, plain
from ohmstead.kit.wire.tables.page import page_key
from ohmstead.model import Quality

T = TypeVar("T")

NO_TIMES: Final[Mapping[str, datetime]] = MappingProxyType({})
NO_CORRECTIONS: Final[Mapping[str, object]] = MappingProxyType({})
STALE_AFTER_S: Final = 300.0
"""Battery pages of idle packs stay the same for up to 190 s, but they do arrive."""


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """One value with all that is known about it."""

    name: str
    value: object
    unit: str = ""
    received_at: datetime | None = None
    """When its registers last came in; None where nobody noted it, or where it is worked out from others."""
    quality: Quality = Quality.GOOD
    evidence: str = ""
    """How the register is known."""
    source: str = ""
    registers: tuple[str, ...] = ()


class _Decoded(msgspec.Struct, frozen=True):
    """All that some pages say."""

    pages: Pages
    values: Values
    plain: Values
    """Those values that a dump shows in another form. Kept apart: a second copy of everything costs more than decoding."""


NOTHING: Final = _Decoded({}, {}, {})


class View(Block):
    """See the module."""

    derived: ClassVar[Mapping[str, Derived[Any]]] = MappingProxyType({})
    """The attributes without registers of their own, in the order in which they build on each other."""
    _formulas: ClassVar[Formulas] = Formulas({}, ())
    _corrected_by: ClassVar[tuple[str, ...]] = ()
    """The keys of the pages that its corrections follow from."""

    def __init_subclass__(cls, **others: Any) -> None:  # Any: what a block takes
        super().__init_subclass__(**others)
        found: dict[str, Derived[Any]] = {}
        for base in reversed(cls.__mro__):
            found |= {name: line for name, line in vars(base).items() if isinstance(line, Derived)}
        cls.derived = MappingProxyType(found)
        cls._formulas = Formulas(found, cls.lines)

    def __init__(self, pages: Pages, *, address: int = 0, times: Mapping[str, datetime] = NO_TIMES) -> None:
        super().__init__(pages)
        self._times = times
        self._start: _Decoded | None = None
        """An earlier view of the device, as far as it was decoded."""
        self._decoded: _Decoded | None = None
        self._corrected = self._corrections()
        """Values that are not what the registers say, by name."""
        self.device_address: Final = address
        """Where the device is on the bus."""

    def later(self, pages: Pages, times: Mapping[str, datetime]) -> Self:
        """The same device at another moment. What has not changed since is taken over as far as it was decoded."""
        view = object.__new__(type(self))
        view.__dict__.update(self.__dict__)
        view._times = times
        if pages is not self._pages:
            view._pages = pages
            for key in self._corrected_by:
                if pages.get(key) is not self._pages.get(key):
                    view._corrected = view._corrections()
            view._start = (self._decoded or self._start) if view._corrected is self._corrected else None
            view._decoded = None
        return view

    def _corrections(self) -> Mapping[str, object]:
        return NO_CORRECTIONS

    def read(self, field: Field[T]) -> T | None:
        if field.name in self._corrected:
            return cast(T | None, self._corrected[field.name])  # a correction is of its field's type
        return field.read(self._pages)

    @property
    def values(self) -> Mapping[str, object]:
        """Everything by name, as the attributes have it."""
        return MappingProxyType(self._values())

    def _values(self) -> Values:
        return self._everything().values

    def _everything(self) -> _Decoded:
        decoded = self._decoded
        if decoded is None:
            decoded = self._decoded = self._decode_after(self._start or NOTHING)
            self._start = None
        return decoded

    def _decode_after(self, start: _Decoded) -> _Decoded:
        values = start.values.copy() or self.plan().nothing()
        touched = self.plan().update(values, start.pages, self._pages)
        values.update(self._corrected)
        self._formulas.update(self, values, None if start is NOTHING else touched)
        return _Decoded(self._pages, values, plain(values, start.plain, touched))

    def model_dump(self, *, enum_names: bool = False) -> dict[str, object]:
        """Everything by name as plain values: times as ISO text, enumerations as integers or by name."""
        everything = self._everything()
        dump = everything.values.copy()
        dump.update(everything.plain)
        if enum_names:
            dump.update(
                (name, value.name) for name, value in everything.values.items() if isinstance(value, Enum)
            )
        return dump

    def model_dump_json(self, *, enum_names: bool = False) -> str:
        return msgspec.json.encode(self.model_dump(enum_names=enum_names)).decode()

    # Freshness, source, quality.
    @property
    def received_at(self) -> datetime | None:
        """When the newest part of it came in."""
        return max((self._times[key] for key in self.plan().pages if key in self._times), default=None)

    def age_s(self, now: datetime) -> float | None:
        at = self.received_at
        return None if at is None else (now - at).total_seconds()

    def value_of(
        self, name: str, *, now: datetime | None = None, stale_after_s: float = STALE_AFTER_S
    ) -> Value:
        """One value with all that is known about it. Raises `LookupError` for a name that the view has not."""
        value = self._values().get(name)
        if name in self.derived:
            return Value(name=name, value=value, unit=self.derived[name].unit, quality=Quality.ESTIMATED)
        field = self.field(name)
        at = self._field_received_at(field)
        is_stale = now is not None and at is not None and (now - at).total_seconds() > stale_after_s
        return Value(
            name=name,
            value=value,
            unit=field.unit,
            received_at=at,
            quality=Quality.STALE if is_stale else self._quality(field),
            evidence=field.facts.evidence,
            source=field.source,
            registers=self.registers_of(name),
        )

    def _quality(self, field: Field[Any]) -> Quality:
        return Quality.SUSPECT if "unconfirmed" in field.facts.models else Quality.GOOD

    def _field_received_at(self, field: Field[Any]) -> datetime | None:
        found = [self._times.get(page_key(field.bank, address)) for address in field.registers]
        known = [at for at in found if at is not None]
        return min(known) if len(known) == len(found) else None
