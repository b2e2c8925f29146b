"""The only sockets to devices and as devices. No other library's exception leaves this room."""

from __future__ import annotations

from ohmstead.kit.link.capture import Capture, CaptureHeader, CaptureWriter, Record, read_capture, read_header
from ohmstead.kit.link.keeper import Keeper
from ohmstead.kit.link.link import Dial, Hearer, Link, Listen, Listener, Serve
from ohmstead.kit.link.listen import listen
from ohmstead.kit.link.pacing import Pacer
from ohmstead.kit.link.retry import Backoff, retry
from ohmstead.kit.link.scope import TaskScope
from ohmstead.kit.link.serving import Breakable, Serving
from ohmstead.kit.link.tcp import tcp

__all__ = [
    "Backoff",
    "Breakable",
    "Capture",
    "CaptureHeader",
    "CaptureWriter",
    "Dial",
    "Hearer",
    "Keeper",
    "Link",
    "Listen",
    "Listener",
    "Pacer",
    "Record",
    "Serve",
    "Serving",
    "TaskScope",
    "listen",
    "read_capture",
    "read_header",
    "retry",
    "tcp",
]
