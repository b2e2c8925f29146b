"""What every view can do: values by attribute, whole dumps, and where each value comes from and how old it is.

A view is one moment. It holds pages that never change and decodes a value when it is asked for. For everything at once it
asks the follower that all views of a device share, which decodes no more than what has changed since it was last asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, ClassVar, Final, Self, TypeVar, cast

import msgspec

from ohmstead.families.givenergy.views.derived import Derived, Formulas
from ohmstead.families.givenergy.views.following import Follower, dump
from ohmstead.kit.wire.tables import Block, Field, Pages, Values, Window
from ohmstead.kit.wire.tables.page import EMPTY
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


class View(Block):
    """See the module."""

    derived: ClassVar[Mapping[str, Derived[Any]]] = MappingProxyType({})
    """The attributes without registers of their own, in the order in which they build on each other."""
    formulas: ClassVar[Formulas] = Formulas({}, ())
    _corrected_by: ClassVar[tuple[Window, ...]] = ()
    """What its corrections follow from."""

    def __init_subclass__(cls, **others: Any) -> None:  # Any: what a block takes
        super().__init_subclass__(**others)
        found: dict[str, Derived[Any]] = {}
        for base in reversed(cls.__mro__):
            found |= {name: line for name, line in vars(base).items() if isinstance(line, Derived)}
        cls.derived = MappingProxyType(found)
        cls.formulas = Formulas(found, cls.lines)
        cls._marks = cls.formulas.marks

    def __init__(self, pages: Pages, *, address: int = 0, times: Mapping[str, datetime] = NO_TIMES) -> None:
        super().__init__(pages)
        self._times = times
        self._follower: Follower | None = None
        """Shared by all views of a device, from the first on that was asked for everything."""
        self._everything: Values | None = None
        self.corrected = self._corrections()
        """Values that are not what the registers say, by name."""
        self.device_address: Final = address
        """Where the device is on the bus."""

    def later(self, pages: Pages, times: Mapping[str, datetime]) -> Self:
        """The same device at another moment."""
        view = object.__new__(type(self))
        view.__dict__.update(self.__dict__)
        view._times, view._follower = times, self.follower
        if pages is not self._pages:
            view.move(pages)
            view._everything = None
        return view

    def move(self, pages: Pages) -> bool:
        """Turn to another moment. Whether other values are corrected then, or corrected otherwise.

        Only for a view that nobody else holds.
        """
        before, self._pages = self._pages, pages
        for window in self._corrected_by:
            was, page = before.get(window.key, EMPTY), pages.get(window.key, EMPTY)
            if was is not page and was.words[window.place] != page.words[window.place]:
                corrected, self.corrected = self.corrected, self._corrections()
                return corrected is not self.corrected
        return False

    def _corrections(self) -> Mapping[str, object]:
        return NO_CORRECTIONS

    def read(self, field: Field[T]) -> T | None:
        if field.name in self.corrected:
            return cast(T | None, self.corrected[field.name])  # a correction is of its field's type
        return field.read(self._pages)

    @property
    def values(self) -> Mapping[str, object]:
        """Everything by name, as the attributes have it."""
        return MappingProxyType(self._values())

    def _values(self) -> Values:
        if self._everything is None:
            self._everything = self.follower.at(self._pages).values.copy()
        return self._everything

    @property
    def follower(self) -> Follower:
        """What keeps all values of this device, for whoever wants them of every moment."""
        if self._follower is None:
            twin = object.__new__(type(self))
            twin.__dict__.update(self.__dict__)
            self._follower = Follower(twin, type(self))
        return self._follower

    def model_dump(self, *, enum_names: bool = False) -> dict[str, object]:
        """Everything by name as plain values: times as ISO text, enumerations as integers or by name."""
        return dump(self.follower.at(self._pages), enum_names=enum_names)

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
        found = [self._times.get(window.key) for window in field.windows]
        known = [at for at in found if at is not None]
        return min(known) if len(known) == len(found) else None
