"""A run of the gateway that is killed at a moment nobody in it knows."""

from __future__ import annotations

import json
import re
import signal
import threading
from datetime import UTC, datetime
from http.client import HTTPException
from typing import Any, Final
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from ohmstead.history.times import to_ms

Json = Any  # Any: JSON
PATIENCE_S: Final = 60.0


class Killed(Exception):
    """In the middle of what it was asked."""


class Life:
    """One run of the gateway. Whatever it is asked raises `Killed` from its end on."""

    def __init__(self, gateway: Any) -> None:  # Any: the conftest's Running
        self.began_ms = to_ms(datetime.now(UTC))
        self.gateway = gateway
        self._timer = threading.Timer(0.0, gateway.process.kill)
        self._url = ""

    def kill_after(self, seconds: float) -> None:
        self._timer.interval = seconds
        self._timer.start()

    def close(self) -> None:
        self._timer.cancel()
        self.gateway.close()

    def ask(self, path: str, body: Json = None, method: str = "GET") -> Json:
        data = None if body is None else json.dumps(body).encode()
        url = f"{self._where()}/api/v1{path}"
        request = Request(url, data, {"Content-Type": "application/json"}, method=method)  # noqa: S310 - our own
        try:
            with urlopen(request, timeout=PATIENCE_S) as response:  # noqa: S310 - as above
                return json.load(response)
        except HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.read().decode()}") from error
        except (OSError, HTTPException) as error:
            self._require_killed()
            raise Killed from error

    def _where(self) -> str:
        if not self._url:
            try:
                self._url = re.findall(r"http://[\d.:]+", self.gateway.line())[0]
            except AssertionError:  # it says nothing
                self._require_killed()
                raise Killed from None
        return self._url

    def _require_killed(self) -> None:
        """By the timer: it did not fall by itself."""
        assert self.gateway.process.wait(PATIENCE_S) == -signal.SIGKILL, self.gateway.errors
