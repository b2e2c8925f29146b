"""Schemathesis, unmodified and in an environment of its own, asks every call what its document promises."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

pytestmark = pytest.mark.compat

PATIENCE_S: Final = 600.0
LEFT_OUT: Final = (
    "/api/v1/live",  # no answer but a stream
    "/api/v1/discover",  # asks the whole network
    "/api/v1/session",  # made-up tokens lock their address out, as they should
)
CHECKS_LEFT_OUT: Final = (
    "ignored_auth",  # as above; every call is walked without and with each scope by tests of our own
    "positive_data_acceptance",  # a device of the right shape need not be there
)


@pytest.fixture(scope="module")
def schemathesis(peer_python: Callable[[str], Path]) -> Path:
    return peer_python("schemathesis").with_name("st")


def test_every_call_answers_as_its_document_says_and_none_is_a_fault_of_ours(
    schemathesis: Path, tmp_path: Path
) -> None:
    program = Path(__file__).parent / "toys" / "locked_home.py"
    with (
        (tmp_path / "log").open("w") as log,
        subprocess.Popen(
            [sys.executable, program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as home,
    ):
        assert home.stdout is not None
        served = json.loads(home.stdout.readline())
        asked = subprocess.run(
            [schemathesis, *arguments(served["url"], served["token"])],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        home.communicate()
    assert asked.returncode == 0, asked.stdout
    assert "Traceback" not in (tmp_path / "log").read_text()


def arguments(url: str, token: str) -> list[str]:
    return [
        *("run", f"{url}/api/v1/openapi.json", "--url", url, "-H", f"Authorization: Bearer {token}"),
        *("--phases", "coverage,fuzzing", "--max-examples", "30", "--seed", "1", "--no-color"),
        *("--suppress-health-check", "all", "--exclude-checks", ",".join(CHECKS_LEFT_OUT)),
        *(part for path in LEFT_OUT for part in ("--exclude-path", path)),
    ]
