"""Runs every benchmark, each in a process of its own: `python benchmarks [NAME ...]`."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

FOLDER = Path(__file__).parent


def main(names: list[str]) -> int:
    found = {path.stem: path for path in sorted(FOLDER.glob("*.py")) if is_benchmark(path)}
    if unknown := [name for name in names if name not in found]:
        print(f"no benchmark is called {', '.join(unknown)}; there are {', '.join(found)}")
        return 2
    failed = [name for name in names or found if not ran(found[name])]
    if failed:
        print(f"\nfailed: {', '.join(failed)}")
    return 1 if failed else 0


def is_benchmark(path: Path) -> bool:
    """What one of them shares with another is no benchmark itself."""
    return path != Path(__file__) and '__name__ == "__main__"' in path.read_text(encoding="utf-8")


def ran(path: Path) -> bool:
    print(f"\n== {path.stem} ==", flush=True)
    start_s = time.perf_counter()
    # What is kept of the user's real devices is no business of simulated ones.
    with TemporaryDirectory() as state:
        surroundings = os.environ | {"XDG_STATE_HOME": state}
        code = subprocess.run([sys.executable, path], check=False, env=surroundings).returncode
    print(
        f"({time.perf_counter() - start_s:.1f} s; again: .venv/bin/python benchmarks {path.stem})", flush=True
    )
    return code == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
