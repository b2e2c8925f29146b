"""The published clients `franklinwh` and `franklinwh-cloud`, unmodified, in environments and processes of their own."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.request import Request, urlopen

import msgspec
import pytest

PATIENCE_S: Final = 120.0
SPEED: Final = "60"
"""A minute takes a second."""
ACCOUNT: Final = "user@example.com"
PASSWORD: Final = "secret"

Until = Callable[[Callable[[], bool]], object]


class Answer(msgspec.Struct, frozen=True):
    """What the client gave, or the name of what it raised, and what it warned of."""

    gave: Any = None
    raised: str = ""
    said: str = ""
    warnings: list[str] = []

    def __getitem__(self, name: str) -> Any:
        assert not self.raised, f"{self.raised}: {self.said}"
        return self.gave[name]


class Scene:
    """A simulated cloud, started as its user would, and a client in its process."""

    def __init__(self, ready: Mapping[str, Any], client: subprocess.Popen[str], until: Until) -> None:
        self.ready = ready
        self.until = until
        """Waits for the simulated home, whose minutes are seconds."""
        self.serial: str = ready["gateways"][0]
        self._client = client
        self._trust = ssl.create_default_context(cafile=ready["certificate"])

    def ask(self, call: str, *args: Any, **kwargs: Any) -> Answer:
        assert self._client.stdin is not None
        assert self._client.stdout is not None
        self._client.stdin.write(json.dumps({"call": call, "args": args, "kwargs": kwargs}) + "\n")
        self._client.stdin.flush()
        return msgspec.json.decode(self._client.stdout.readline(), type=Answer)

    def state(self) -> dict[str, Any]:
        return self._sim("state", None)

    def plant(self) -> dict[str, Any]:
        found: dict[str, Any] = self.state()["gateways"][0]
        return found

    def act(self, action: str, **parameters: Any) -> None:
        self._sim("state", {"action": action, **parameters})

    def fault(self, name: str, **parameters: Any) -> None:
        self._sim("fault", {"name": name, **parameters})

    def _sim(self, what: str, told: Mapping[str, Any] | None) -> dict[str, Any]:
        body = None if told is None else json.dumps(told).encode()
        request = Request(f"{self.ready['base_url']}__sim__/{what}", data=body)  # noqa: S310 - our own
        with urlopen(request, context=self._trust, timeout=PATIENCE_S) as reply:  # noqa: S310
            found: dict[str, Any] = json.loads(reply.read())
            return found


@contextmanager
def cloud(model: str, told: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    options = {"latency": "0", "speed": SPEED, "at": "2026-06-20T16:00", "delay-scale": "0", **told}
    command = [Path(sys.executable).parent / "ohmstead", "simulate", "franklinwh", "--model", model]
    command += [f"--{name.replace('_', '-')}={text}" for name, text in options.items()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()
            process.wait(PATIENCE_S)


@contextmanager
def client(
    python: Path, package: str, ready: Mapping[str, Any], home: Path
) -> Iterator[subprocess.Popen[str]]:
    names = [str(ready["port"]), package, ready["gateways"][0], ACCOUNT, PASSWORD]
    with subprocess.Popen(
        [python, Path(__file__).with_name("driver.py"), *names],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "SSL_CERT_FILE": ready["certificate"], "HOME": str(home)},
    ) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.wait(PATIENCE_S)


@pytest.fixture
def scene(peer_python: Callable[[str], Path], until: Until, tmp_path: Path) -> Callable[..., Any]:
    """`with scene(package, model, **options) as cloud:`; conftests cannot be imported."""

    @contextmanager
    def open_it(package: str, model: str = "us_v1_full", **told: str) -> Iterator[Scene]:
        python = peer_python(package.replace("_", "-"))
        with cloud(model, told) as ready, client(python, package, ready, tmp_path) as process:
            yield Scene(ready, process, until)

    return open_it
