"""The published library `websockets`, unmodified, in an environment and a process of its own."""

from __future__ import annotations

import asyncio
import subprocess
import venv
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import pytest

ROOT: Final = Path(__file__).parents[3]
ENVIRONMENT: Final = ROOT / ".venvs" / "websockets"
REQUIREMENTS: Final = ("websockets==15.0.1",)
INSTALLING_S: Final = 300.0
HAS_IT: Final = "import websockets; assert websockets.__version__ == '15.0.1'"


@asynccontextmanager
async def started(*arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        ENVIRONMENT / "bin" / "python",
        Path(__file__).with_name("driver.py"),
        *arguments,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@pytest.fixture(scope="session")
def peer() -> None:
    """The environment, made at the first run."""
    python = ENVIRONMENT / "bin" / "python"
    if python.exists() and not subprocess.run([python, "-c", HAS_IT], check=False).returncode:
        return
    venv.create(ENVIRONMENT, with_pip=True, clear=True)
    installed = subprocess.run(
        [python, "-m", "pip", "install", "--quiet", *REQUIREMENTS],
        capture_output=True,
        text=True,
        check=False,
        timeout=INSTALLING_S,
    )
    if installed.returncode != 0:
        pytest.skip(f"websockets cannot be installed: {installed.stderr.strip()[-300:]}")


@pytest.fixture
def driven(peer: None) -> Any:
    """`async with driven(*arguments) as process`: conftests cannot be imported."""
    return started
