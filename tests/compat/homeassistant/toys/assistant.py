"""A process with Home Assistant in it, asked one thing after the other."""

from __future__ import annotations

import json
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Self

DRIVER: Final = Path(__file__).parents[1] / "driver.py"
PATIENCE_S: Final = 120.0


class HomeAssistant:
    def __init__(self, peer: Path, folder: Path, port: int) -> None:
        self._command = [peer, DRIVER, folder, str(port)]
        self._log = folder / "stderr.txt"
        self._marks = 0
        self._process: subprocess.Popen[str] | None = None

    def start(self, at: datetime) -> None:
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                [*self._command, at.isoformat()],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self._answer() == {"ready": True}

    def stop(self) -> None:
        if self._process is not None:
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            self._process.stdin.close()
            self._process.wait(PATIENCE_S)
            self._process.stdout.close()
            self._process = None

    def ask(self, do: str, **what: Any) -> Any:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, **what}, default=str) + "\n")
        self._process.stdin.flush()
        return self._answer()["found"]

    def next_mark(self) -> str:
        self._marks += 1
        return str(self._marks)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _answer(self) -> dict[str, Any]:
        assert self._process is not None
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, self._log.read_text()[-2000:]
        found: dict[str, Any] = json.loads(line)
        return found
