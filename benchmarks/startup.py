"""How long the command line takes to answer, and what importing costs, beside a bare interpreter in the same run.

Run again with: .venv/bin/python benchmarks startup
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROUNDS = 15
OHMSTEAD = str(Path(sys.executable).with_name("ohmstead"))
HELP_MS = 150.0
IMPORT_MS = 250.0

CASES = {
    "bare interpreter": [sys.executable, "-c", "pass"],
    "ohmstead --help": [OHMSTEAD, "--help"],
    "ohmstead --version": [OHMSTEAD, "--version"],
    "import ohmstead": [sys.executable, "-c", "import ohmstead"],
    "import ohmstead.model": [sys.executable, "-c", "import ohmstead.model"],
    "import a family": [sys.executable, "-c", "from ohmstead.families.hoymiles import Client"],
    "import gateway and API": [sys.executable, "-c", "import ohmstead.gateway, ohmstead.api"],
}
GOALS_MS = {"ohmstead --help": HELP_MS, "import gateway and API": IMPORT_MS}


def main() -> None:
    samples: dict[str, list[float]] = {name: [] for name in CASES}
    for _ in range(ROUNDS):  # in turns, so that a slow moment of the machine hits all alike
        for name, command in CASES.items():
            samples[name].append(taken_ms(command))
    floor_ms = statistics.median(samples["bare interpreter"])
    print(f"{'':24}{'median':>10}{'best':>10}{'x floor':>9}{'above floor':>14}  goal")
    for name, taken in samples.items():
        median_ms = statistics.median(taken)
        goal = f"{GOALS_MS[name]:.0f} ms" if name in GOALS_MS else ""
        print(
            f"{name:24}{median_ms:7.0f} ms{min(taken):7.0f} ms{median_ms / floor_ms:9.1f}"
            f"{median_ms - floor_ms:11.0f} ms  {goal}"
        )


def taken_ms(command: list[str]) -> float:
    start_s = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "COLUMNS": "100"})
    return (time.perf_counter() - start_s) * 1000


if __name__ == "__main__":
    main()
