from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.process

Ohmstead = Callable[..., subprocess.CompletedProcess[str]]
Start = Callable[..., Any]  # Any: the conftest's Running


def test_what_was_captured_can_be_replayed(ohmstead: Ohmstead, dtu: int, tmp_path: Path) -> None:
    captured = ohmstead("capture", f"hoymiles://127.0.0.1:{dtu}", "roof.capture", "--duration", "1")
    assert captured.returncode == 0, captured.stderr
    assert captured.stdout == ""
    assert captured.stderr.startswith("Recorded ")

    replayed = ohmstead("replay", "roof.capture", "--json")
    assert replayed.returncode == 0, replayed.stderr
    assert replayed.stderr == ""
    document = json.loads(replayed.stdout)
    assert document["is_complete"] is True
    assert document["header"]["family"] == "hoymiles"
    assert {frame["direction"] for frame in document["frames"]} == {"<", ">"}
    assert all(frame["content"] for frame in document["frames"])
    assert "bytes" in ohmstead("replay", "roof.capture").stdout


def test_a_capture_holds_no_serial(ohmstead: Ohmstead, dtu: int, tmp_path: Path) -> None:
    read = json.loads(ohmstead("read", f"hoymiles://127.0.0.1:{dtu}", "--json").stdout)
    ohmstead("capture", f"hoymiles://127.0.0.1:{dtu}", "roof.capture", "--duration", "1")
    recorded = (tmp_path / "roof.capture").read_text()
    for device in read["devices"]:
        assert device["serial"] not in recorded
        assert device["serial"].encode().hex() not in recorded


def test_an_interrupted_capture_is_whole(
    start: Start, ohmstead: Ohmstead, dtu: int, tmp_path: Path, until: Callable[..., Any]
) -> None:
    capture = start("capture", f"hoymiles://127.0.0.1:{dtu}", "roof.capture")
    until((tmp_path / "roof.capture").exists)
    code = capture.end(signal.SIGINT)
    assert code == 0
    assert json.loads(ohmstead("replay", "roof.capture", "--json").stdout)["is_complete"] is True


def test_a_capture_is_never_overwritten(ohmstead: Ohmstead, tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("keep me")
    result = ohmstead("capture", "hoymiles://127.0.0.1:1", "precious")
    assert result.returncode == 2
    assert "exists already" in result.stderr
    assert (tmp_path / "precious").read_text() == "keep me"


def test_what_is_no_capture_is_a_sentence(ohmstead: Ohmstead, tmp_path: Path) -> None:
    (tmp_path / "picture").write_bytes(b"\x89PNG\r\n")
    result = ohmstead("replay", "picture")
    assert result.returncode == 2
    assert result.stderr.startswith("ohmstead: picture")
    assert "Traceback" not in result.stderr
