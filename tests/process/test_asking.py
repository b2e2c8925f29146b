"""A person at the terminal who does not want to answer."""

from __future__ import annotations

import os
import pty
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen, run

import pytest

pytestmark = pytest.mark.process

OHMSTEAD = str(Path(sys.executable).with_name("ohmstead"))
PATIENCE_S = 60.0
STATUS = ("franklinwh", "--email", "user@example.com", "status")
WIFI = ("hoymiles", "wifi", "127.0.0.1", "net")


@contextmanager
def asking(command: tuple[str, ...], home: Path) -> Iterator[tuple[Popen[bytes], int]]:
    """A command that has asked, and the terminal it waits at."""
    terminal, seat = pty.openpty()
    process = Popen(
        (OHMSTEAD, *command),
        stdin=seat,
        stdout=PIPE,
        stderr=PIPE,
        env={"HOME": str(home)},
        cwd=home,
        start_new_session=True,
    )
    try:
        assert process.stderr is not None
        said = b""
        while not said.endswith(b": "):  # the blank comes when the terminal keeps what is typed from then on
            said += (more := os.read(process.stderr.fileno(), 1000))
            assert more, "it ended without a question"
        yield process, terminal
    finally:
        process.kill()
        process.communicate()
        os.close(terminal)
        os.close(seat)


@pytest.mark.parametrize("command", [STATUS, WIFI])
@pytest.mark.parametrize("key", ["Ctrl-C", "Ctrl-D"])
def test_a_question_can_be_left(command: tuple[str, ...], key: str, tmp_path: Path) -> None:
    with asking(command, tmp_path) as (process, terminal):
        if key == "Ctrl-C":
            process.send_signal(signal.SIGINT)
        else:
            os.write(terminal, b"\x04")
        _, said = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, said.strip()) == (130, b"")


@pytest.mark.parametrize(
    ("command", "instead"), [(STATUS, "OHMSTEAD_FRANKLINWH_PASSWORD"), (WIFI, "OHMSTEAD_WIFI_KEY")]
)
def test_nobody_is_asked_where_nobody_sits(command: tuple[str, ...], instead: str, tmp_path: Path) -> None:
    result = run(
        (OHMSTEAD, *command),
        stdin=DEVNULL,
        capture_output=True,
        env={"HOME": str(tmp_path)},
        check=False,
        timeout=PATIENCE_S,
        text=True,
    )
    assert result.returncode == 2
    assert f"set {instead}" in result.stderr
