"""Bytes to messages and back, pure: no socket, no clock, no task. A peer's bytes never make it raise."""

from __future__ import annotations

from ohmstead.kit.wire.checksum import crc16_modbus
from ohmstead.kit.wire.conversation import Conversation, Damage
from ohmstead.kit.wire.reassembly import Cut, Drop, Frame, NeedMore, Reassembler

__all__ = ["Conversation", "Cut", "Damage", "Drop", "Frame", "NeedMore", "Reassembler", "crc16_modbus"]
