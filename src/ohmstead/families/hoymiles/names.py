"""`App.RealDataNew.Req`: every exchange by a name that does not depend on who calls what a request.

    frame = App.HistPower.Req            # HistPowerToDtu, with .msg_type 0xA315
    answer = App.HistPower.Res.FromString(payload)

`Req` is the first frame of an exchange and `Res` the second, whoever starts it. Nothing is listed here: all of it comes
from the table of exchanges. A name stands for the message class itself, so `isinstance` and decoding give the clear name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from google.protobuf.message import Message

from ohmstead.families.hoymiles.messages import EXCHANGES
from ohmstead.families.hoymiles.messages.exchange import Exchange, Role

ALIASES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "DevData": "DevInfo",
        "RealtimeData": "RealData",
        "RealtimeDataNew": "RealDataNew",
        "GetConfig": "ConfigGet",
        "SetConfig": "ConfigSet",
    }
)
"""Names that another library uses."""


class Side:
    """One frame of an exchange: called, it makes the message; it is the message's class in all but its id."""

    def __init__(self, message: type[Message], msg_type: int) -> None:
        self.message: Final = message
        self.msg_type: Final = msg_type

    def __call__(self, **fields: Any) -> Message:  # Any: whatever the message has
        return self.message(**fields)

    def __getattr__(self, name: str) -> Any:  # Any: the class's own attributes
        return getattr(self.message, name)

    def __instancecheck__(self, instance: object) -> bool:
        return isinstance(instance, self.message)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Side):
            return (self.message, self.msg_type) == (other.message, other.msg_type)
        return other is self.message

    def __hash__(self) -> int:
        return hash(self.message)

    def __repr__(self) -> str:
        return f"<{self.message.DESCRIPTOR.name} under {self.msg_type:04X}>"


class Pair:
    """`Req` and `Res` of one exchange."""

    def __init__(self, exchange: Exchange[Any, Any]) -> None:  # Any: each has its own two messages
        self.exchange: Final = exchange
        self.Req: Final = Side(exchange.request, exchange.request_id)
        self.Res: Final = Side(exchange.answer, exchange.answer_id)

    def __repr__(self) -> str:
        return f"<{self.exchange.name}: {self.Req}, {self.Res}>"


class Names:
    """The exchanges of one link."""

    def __init__(self, role: Role) -> None:
        self._pairs = {clear_name(e.name): Pair(e) for e in EXCHANGES if e.role is role}

    def __getattr__(self, name: str) -> Pair:
        try:
            return self._pairs[ALIASES.get(name, name)]
        except KeyError:
            raise AttributeError(
                f"no exchange is called {name}; there are {', '.join(self._pairs)}"
            ) from None

    def __iter__(self) -> Iterator[Pair]:
        return iter(self._pairs.values())

    def __dir__(self) -> list[str]:
        return [*self._pairs, *(alias for alias, name in ALIASES.items() if name in self._pairs)]


def clear_name(operation: str) -> str:
    """`real_data_new` is RealDataNew."""
    return "".join(word.capitalize() for word in operation.split("_"))


App: Final = Names(Role.APP)
Cloud: Final = Names(Role.CLOUD)
