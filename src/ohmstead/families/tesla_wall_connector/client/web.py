"""A unit's web server, as everybody here reaches it."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Final

from ohmstead.families.tesla_wall_connector.bodies import LIMIT_BYTES
from ohmstead.kit.link.http import HttpSession, http
from ohmstead.kit.link.scan import written
from ohmstead.model import Tap

CONNECT_S: Final = 5.0
ANSWER_S: Final = 15.0


def web_session(
    host: str,
    port: int,
    *,
    keep_alive_s: float | None,
    connect_s: float = CONNECT_S,
    limit_bytes: int = LIMIT_BYTES,
    tap: Tap | None = None,
) -> AbstractAsyncContextManager[HttpSession]:
    """Nothing is sent before the first question. IPv6 addresses without brackets will do."""
    return http(
        f"http://{written(host, port, usual=0)}",
        connect_s=connect_s,
        total_s=ANSWER_S,
        limit_bytes=limit_bytes,
        keep_alive_s=keep_alive_s,
        tap=tap,
    )
