"""What passes the wire, as values: the requests, the replies and what else an adapter says."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Final

import msgspec

from ohmstead.families.givenergy.types import Bank
from ohmstead.kit.wire import Damage

SERIAL: Final = "AB1234G567"
"""What local clients send as the adapter's serial; no adapter compares it."""
ERROR_BIT: Final = 0x80


class Function(IntEnum):
    NULL = 0
    READ_HOLDING = 3
    READ_INPUT = 4
    WRITE = 6
    READ_METER_PRODUCT = 0x16


FUNCTION_OF: Final = {
    Bank.HR: Function.READ_HOLDING,
    Bank.IR: Function.READ_INPUT,
    Bank.MR: Function.READ_METER_PRODUCT,
}
BANK_OF: Final[dict[int, Bank]] = {int(function): bank for bank, function in FUNCTION_OF.items()}


class TransparentRequest(msgspec.Struct, frozen=True):
    """Anything that can be asked of a device on the bus. Equal when all they say is equal."""

    device: int

    @property
    def device_address(self) -> int:
        return self.device

    if TYPE_CHECKING:
        # Each kind of request has these, as fields or as properties.
        @property
        def function(self) -> Function: ...
        @property
        def register(self) -> int: ...
        @property
        def value(self) -> int: ...


class ReadRequest(TransparentRequest, frozen=True):
    bank: Bank
    base: int
    count: int
    serial: str = SERIAL

    @property
    def function(self) -> Function:
        return FUNCTION_OF[self.bank]

    @property
    def register(self) -> int:
        return self.base

    @property
    def value(self) -> int:
        """How many registers, which stands where a write has its value."""
        return self.count

    def __str__(self) -> str:
        return f"{self.bank}({self.base},{self.count}) at 0x{self.device:02x}"


class WriteRequest(TransparentRequest, frozen=True):
    register: int
    value: int
    serial: str = SERIAL

    @property
    def function(self) -> Function:
        return Function.WRITE

    def __str__(self) -> str:
        return f"HR({self.register}) = {self.value} at 0x{self.device:02x}"


Request = ReadRequest | WriteRequest


class ReadReply(msgspec.Struct, frozen=True, gc=False):
    device: int
    bank: Bank
    base: int
    words: tuple[int, ...]
    envelope_serial: str
    adapter_serial: str

    @property
    def count(self) -> int:
        return len(self.words)


class WriteReply(msgspec.Struct, frozen=True):
    """The echo of a write, with the value that is stored now."""

    device: int
    register: int
    value: int
    envelope_serial: str
    adapter_serial: str


class ErrorReply(msgspec.Struct, frozen=True):
    """Refused, for no stated reason. The echoed count is 0 now and then, whatever was asked."""

    device: int
    function: int
    base: int
    """The register, where a write was refused."""
    count: int
    """The value, where a write was refused."""
    envelope_serial: str
    adapter_serial: str


class Heartbeat(msgspec.Struct, frozen=True):
    """Sent by the adapter, and returned with the same type, which says nothing."""

    adapter_serial: str
    type: int = 1


class LanConfiguration(msgspec.Struct, frozen=True):
    """Ethernet adapters push their address as plain text, in the place of a Modbus frame. Never log it."""

    text: str
    adapter_serial: str
    is_intact: bool = True
    """Whether the CRC fits, which nobody has to require."""

    @property
    def addresses(self) -> tuple[str, str, str]:
        """Address, mask and gateway."""
        address, mask, gateway = self.text.strip().split(",")
        return address, mask, gateway

    def __repr__(self) -> str:
        return "LanConfiguration(…)"


class NullMessage(msgspec.Struct, frozen=True):
    """An artefact of the adapter; to be ignored."""

    device: int
    adapter_serial: str


Reply = ReadReply | WriteReply | ErrorReply
Message = Request | Reply | Heartbeat | LanConfiguration | NullMessage


class Flaw(StrEnum):
    CRC = "wrong CRC"
    ZERO_TAIL = "zeros from the middle to the end, the CRC included"
    LENGTH = "the length does not fit what the frame holds"
    FUNCTION = "unknown function"
    INNER_LENGTH = "wrong inner length"
    UNREADABLE = "unreadable"


class BadFrame(Damage, frozen=True):
    """A whole frame that may not be believed."""

    flaw: Flaw
    device: int
    """As the frame says, for counting."""
    frame: bytes

    def __repr__(self) -> str:
        return f"BadFrame({self.flaw}, device=0x{self.device:02x}, {self.size} bytes)"


Received = Message | Damage
