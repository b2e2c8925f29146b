"""The service's own command, started where it may write one folder and do nothing: as its unit confines it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.request import urlopen

import pytest

from tests.packaging.services import confining

pytestmark = pytest.mark.packaging

UNIT: Final = Path(__file__).parents[2] / "packaging" / "systemd" / "ohmstead.service"


@pytest.fixture
def confined(installed: Path) -> tuple[str, ...]:
    """Begins a command that is to be confined."""
    installed.parent.chmod(0o755)  # a test's own folder is for nobody else, and what is installed is for all
    return confining.words(installed.parent)


@contextmanager
def started(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            yield process
        finally:
            process.kill()  # `--kill-child` takes the program along


def of_program(process: subprocess.Popen[str]) -> int:
    """`unshare` has one child, which the program has become."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text("ascii")
    return int(children)


def test_the_confinement_confines(confined: tuple[str, ...]) -> None:
    tried = "id -u; touch /etc/x; touch /opt/x; ls /home; grep -c . /proc/[0-9]*/comm; cat /proc/self/status; touch here"
    done = subprocess.run([*confined, "sh", "-c", tried], capture_output=True, text=True, check=False)
    assert done.stdout.startswith("65534\n")
    assert done.stderr.count("Read-only file system") == 2
    assert re.search(r"^CapBnd:\s+0+$", done.stdout, re.MULTILINE)
    assert done.returncode == 0, done.stderr


def test_the_service_starts_serves_and_ends_as_its_unit_confines_it(
    installed: Path, confined: tuple[str, ...]
) -> None:
    """S20. The port alone is another, since the usual one may be taken here."""
    (line,) = re.findall(r"^ExecStart=\S+ (.*)$", UNIT.read_text("utf-8"), re.MULTILINE)
    with started([*confined, str(installed / "ohmstead"), *line.split(), "--port", "0"]) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        url = re.search(r"http://[\d.:]+", said)
        assert url, said + process.stdout.read()
        with urlopen(f"{url[0]}/api/v1/health") as answer:  # noqa: S310 - its own words
            assert json.load(answer)["is_good"]
        os.kill(of_program(process), signal.SIGTERM)
        assert process.wait(timeout=60) == 0, process.stdout.read()
