"""How a program is confined here as the service's unit has systemd confine it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

SCRIPT: Final = Path(__file__).with_name("confined.sh")
NAMESPACES: Final = ("unshare", "--mount", "--pid", "--ipc", "--fork", "--kill-child")


def words(installed: Path) -> tuple[str, ...]:
    """What begins a command that is to be confined, with a folder that it may read wherever that lies."""
    return (*NAMESPACES, "sh", str(SCRIPT), sys.base_prefix, str(installed))


def is_possible() -> bool:
    """It takes the rights of root and a kernel that gives namespaces away."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            done = subprocess.run([*words(Path(folder)), "true"], capture_output=True, check=False)
        except FileNotFoundError:
            return False
        return done.returncode == 0
