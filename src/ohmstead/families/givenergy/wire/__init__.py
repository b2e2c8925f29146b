"""The wire, pure: frames and messages from either end, no socket and no clock."""

from __future__ import annotations

from ohmstead.families.givenergy.wire.conversation import LIMIT_BYTES, Conversation
from ohmstead.families.givenergy.wire.frames import MOST_WORDS, Role, decode_frame, encode_frame
from ohmstead.families.givenergy.wire.messages import (
    BANK_OF,
    FUNCTION_OF,
    SERIAL,
    BadFrame,
    ErrorReply,
    Flaw,
    Function,
    Heartbeat,
    LanConfiguration,
    Message,
    NullMessage,
    ReadReply,
    ReadRequest,
    Received,
    Reply,
    Request,
    TransparentRequest,
    WriteReply,
    WriteRequest,
)

PORT = 8899

__all__ = [
    "BANK_OF",
    "FUNCTION_OF",
    "LIMIT_BYTES",
    "MOST_WORDS",
    "PORT",
    "SERIAL",
    "BadFrame",
    "Conversation",
    "ErrorReply",
    "Flaw",
    "Function",
    "Heartbeat",
    "LanConfiguration",
    "Message",
    "NullMessage",
    "ReadReply",
    "ReadRequest",
    "Received",
    "Reply",
    "Request",
    "Role",
    "TransparentRequest",
    "WriteReply",
    "WriteRequest",
    "decode_frame",
    "encode_frame",
]
