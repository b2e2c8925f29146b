"""The published library `websockets`, unmodified, in an environment and a process of its own."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest


@asynccontextmanager
async def started(python: Path, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        python,
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


@pytest.fixture
def driven(peer_python: Callable[[str], Path]) -> Any:
    """`async with driven(*arguments) as process`: conftests cannot be imported."""
    return partial(started, peer_python("websockets"))
