"""What a request to a simulated device is: one that only asks, or one that may change something."""

from __future__ import annotations

import re
from typing import Final

from ohmstead.families.tesla_wall_connector.simulator.channel import is_change
from ohmstead.kit.wire.websocket import FrameReader, Message

READS: Final = {
    # Information, live data, alarms, heartbeats, configuration; commands (a3 05) only to have data and alarms sent; and
    # who a storage gateway is, as a DTU that was silent may be one.
    "hoymiles": re.compile(
        rb"HM(?:\xdb\x01|\xa3(?:[\x01\x04\x06\x09\x11]|\x05.{6}(?:\x08.{1,5})?\x10[!2] ))", re.DOTALL
    ),
    # Holding and input registers, and its heartbeats given back.
    "givenergy": re.compile(rb"YY(?:.{25}[\x03\x04]|\x00\x01\x00\x0d\x01\x01)", re.DOTALL),
    # Its documents; and what the access point knows, asked once: `is_change` tells which call that is.
    "tesla-wall-connector": re.compile(
        rb"GET /api/1/(vitals|lifetime|version|wifi_status) |GET /tedapi/din |POST /tedapi/v1 "
    ),
    "everest": re.compile(
        rb'\{"id":\d+,"jsonrpc":"2.0","method":"(API\.(?:Hello|GetSnapshot)|EVSE\.Get\w+|ChargePoint\.Get\w+)"'
    ),
    # The log-in; the time-of-use list and tunnelled reads have bodies, and so are posted.
    "franklinwh": re.compile(
        rb"GET |POST /hes-gateway/terminal/initialize/appUserOrInstallerLogin "
        rb"|POST /hes-gateway/terminal/tou/getGatewayTouListV2\?"
        rb'|POST /hes-gateway/terminal/sendMqtt\?.*(?:"cmdType":(?:203|211|327|353)\D|"dataArea":\{"opt":0\})',
        re.DOTALL,
    ),
}
"""By family: what a request that only asks begins with."""

LIMIT_BYTES: Final = 65_536


def only_asks(family: str, data: bytes) -> bool:
    """Whether a request can change nothing."""
    if family == "tesla-wall-connector":
        return READS[family].match(data) is not None and not is_change(data.partition(b"\r\n\r\n")[2])
    if family != "everest":
        return READS[family].match(data) is not None
    if data.startswith(b"GET / "):
        return True  # opens the WebSocket
    said = FrameReader(is_server=True, limit_bytes=LIMIT_BYTES).receive(data)
    return all(READS[family].match(message.data) for message in said if isinstance(message, Message))
