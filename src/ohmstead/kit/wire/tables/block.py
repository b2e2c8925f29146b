"""A table of registers. A subclass's lines are its facts; an instance reads them from pages.

    class Live(Block, bank="IR", source="Acme register guide 3.1, section 4; captures of a hybrid"):
        p_grid = watts(106, signed=True)
        soc    = percent(121)

    Live.p_grid.unit          # the line
    Live(pages).p_grid        # the value: a number, or None

Tables are put together by inheritance: a device's table is a class that inherits the blocks it is made of, and a
variant is a subclass with the lines that differ. `inherited_models` says for which models the lines it inherits are. A
map that is not read in pages from 0 on says so once, in a table without lines that the others inherit: `paging`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, ClassVar, TypeVar

from ohmstead.kit.wire.tables.drawing import NO_MARKS, Marks
from ohmstead.kit.wire.tables.field import Field
from ohmstead.kit.wire.tables.page import FROM_ZERO, Pages, Paging
from ohmstead.kit.wire.tables.plan import Plan

T = TypeVar("T")

Lines = Mapping[str, Field[Any]]  # Any: a table's lines are of every kind


class Block:
    """See the module."""

    lines: ClassVar[Lines] = MappingProxyType({})
    """The table, by name, in the order of inheritance and then of the file."""
    paging: ClassVar[Paging] = FROM_ZERO
    """Where the pages begin that its lines lie in."""
    _own: ClassVar[Lines] = MappingProxyType({})
    _plan: ClassVar[Plan | None] = None
    _marks: ClassVar[Marks] = NO_MARKS
    """What its plan says of what it has drawn; see there."""

    def __init_subclass__(
        cls,
        *,
        paging: Paging | None = None,
        bank: str = "",
        source: str = "",
        models: str = "",
        evidence: str = "",
        inherited_models: str = "",
        **others: object,
    ) -> None:
        super().__init_subclass__(**others)
        if paging is not None:
            cls.paging = paging
        own = dict(_restated(cls, inherited_models)) if inherited_models else {}
        for name, field in vars(cls).items():
            if isinstance(field, Field) and not field.name:
                if not bank or not source:
                    raise TypeError(
                        f"{cls.__name__} has lines of its own and must name its bank and its source"
                    )
                own[name] = field.placed(
                    name, bank, cls.paging, source=source, models=models, evidence=evidence
                )
        for name, field in own.items():
            setattr(cls, name, field)
        cls._own = own
        cls.lines = MappingProxyType(_lines(cls))
        cls._plan = None

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def read(self, field: Field[T]) -> T | None:
        """One value. Decodes nothing else."""
        return field.read(self._pages)

    @classmethod
    def plan(cls) -> Plan:
        if cls._plan is None:
            cls._plan = Plan(tuple(cls.lines.values()), cls._marks)
        return cls._plan

    @classmethod
    def decode(cls, pages: Pages) -> dict[str, object]:
        """All values by name, as the table has them."""
        return cls.plan().decode(pages)

    @classmethod
    def field(cls, name: str) -> Field[Any]:
        """Raises `LookupError` for a name that is not in the table."""
        if name not in cls.lines:
            raise LookupError(f"{cls.__name__} has no {name!r}")
        return cls.lines[name]

    @classmethod
    def precision_of(cls, name: str) -> int | None:
        """Decimals worth showing; None for what is no number."""
        return cls.field(name).precision

    @classmethod
    def registers_of(cls, name: str) -> tuple[str, ...]:
        """The registers a value is made of: `("IR(52)",)`."""
        field = cls.field(name)
        return _named(field.bank, field.registers)


@cache
def _named(bank: str, registers: range) -> tuple[str, ...]:
    """Made once: whoever asks with all that is known of a value asks for every value."""
    return tuple(f"{bank}({address})" for address in registers)


def _lines(cls: type[Block]) -> dict[str, Field[Any]]:
    lines: dict[str, Field[Any]] = {}
    for base in reversed(cls.__mro__):
        if issubclass(base, Block):
            lines.update(base._own)  # noqa: SLF001 - a class of ours
    return lines


def _restated(cls: type[Block], models: str) -> Iterator[tuple[str, Field[Any]]]:
    for base in reversed(cls.__mro__[1:]):
        if issubclass(base, Block):
            yield from ((name, field.restated(models)) for name, field in base._own.items())  # noqa: SLF001
