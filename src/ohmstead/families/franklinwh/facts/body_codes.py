"""The code inside each answer's body. HTTP itself says 200 to nearly everything. Sources: captures and both clients."""

from __future__ import annotations

from enum import IntEnum
from typing import Final


class BodyCode(IntEnum):
    DEVICE_TIMEOUT = 102
    """The gateway did not answer the cloud in time; a read may be asked once more."""
    OFFLINE = 136
    QUEUED = 176
    """A write was accepted and waits for the gateway to come back."""
    NO_PERMISSION = 181
    """The accessory is not provisioned, or the firmware does not know the command."""
    OK = 200
    BAD_REQUEST = 400
    TOKEN = 401
    BUSY = 429
    TOKEN_NEW = 10009
    """As 401, of newer builds. Source: owner."""
    NO_ACCOUNT = 10086


SUCCESSES: Final = frozenset({BodyCode.OK, BodyCode.QUEUED})
TOKEN_REFUSED: Final = frozenset({BodyCode.TOKEN, BodyCode.TOKEN_NEW})

OFFLINE_MESSAGE: Final = "Current gateway offline"
UNKNOWN_GATEWAY_MESSAGE: Final = "No vpn gateway vpn!"
MISSING_MESSAGE: Final = "must not be null"
READ_MESSAGE: Final = "Query success!"
WRITE_MESSAGE: Final = "Operate success!"
UPDATE_MESSAGE: Final = "UpdateSuccess!"

RETRY_AFTER_S: Final = 30.0
"""How long to leave the cloud alone when it says 429 without saying how long. Source: both clients."""
