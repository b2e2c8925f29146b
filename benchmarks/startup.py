"""How long the command line takes to answer, what importing costs beside a bare interpreter and the bare libraries in the
same run, what a gateway without devices holds in memory, and what is installed.

Run again with: .venv/bin/python benchmarks startup
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from importlib.metadata import distribution
from pathlib import Path
from statistics import median
from typing import Final

from machine import load_words, resident_mib
from packaging.requirements import Requirement

ROUNDS = 15
OHMSTEAD = str(Path(sys.executable).with_name("ohmstead"))
HELP_MS = 150.0
IMPORT_MS = 250.0
SETTLING_S: Final = 5.0

TRUSTING: Final = (
    "import ssl; [ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).set_default_verify_paths() for _ in range(2)]"
)
"""What importing aiohttp does for clients that nobody has asked for: it reads all certificate authorities of the machine."""

CASES = {
    "bare interpreter": [sys.executable, "-c", "pass"],
    "ohmstead --help": [OHMSTEAD, "--help"],
    "ohmstead --version": [OHMSTEAD, "--version"],
    "import ohmstead": [sys.executable, "-c", "import ohmstead"],
    "import ohmstead.model": [sys.executable, "-c", "import ohmstead.model"],
    "import a family": [sys.executable, "-c", "from ohmstead.families.hoymiles import Client"],
    "import aiohttp and msgspec": [sys.executable, "-c", "import aiohttp.web, msgspec"],
    "read who is trusted, twice": [sys.executable, "-c", TRUSTING],
    "import gateway and API": [sys.executable, "-c", "import ohmstead.gateway, ohmstead.api"],
}
GOALS_MS = {"ohmstead --help": HELP_MS, "import gateway and API": IMPORT_MS}
INSTALLED: Final = (
    ("ohmstead", "goal 20 MB and 12 packages"),
    ("ohmstead[cli]", ""),
    ("ohmstead[encryption]", ""),
    ("ohmstead[site]", ""),
)
"""What `pip install` is told, and what is to come of it."""


def main() -> None:
    samples: dict[str, list[tuple[float, float]]] = {name: [] for name in CASES}
    for _ in range(ROUNDS):  # in turns, so that a slow moment of the machine hits all alike
        for name, command in CASES.items():
            samples[name].append(taken_ms(command))
    floor_ms = median(cpu_ms for _, cpu_ms in samples["bare interpreter"])
    print(load_words())
    print(f"{'':28}{'median':>10}{'best':>10}{'CPU':>10}{'x floor':>9}  goal")
    for name, taken in samples.items():
        wall_ms, cpu_ms = median(wall for wall, _ in taken), median(cpu for _, cpu in taken)
        goal = f"{GOALS_MS[name]:.0f} ms" if name in GOALS_MS else ""
        print(
            f"{name:28}{wall_ms:7.0f} ms{min(taken)[0]:7.0f} ms{cpu_ms:7.0f} ms{cpu_ms / floor_ms:9.1f}  {goal}"
        )
    print(f"a gateway without devices holds {idle_mib():.0f} MiB (goal 60)")
    for wanted, goal in INSTALLED:
        packages = installed(wanted)
        size_mb = sum(packages.values()) + own_mb()
        count = len(packages.keys() - {"ohmstead"})
        print(f"pip install {wanted:21}{count:3} packages, {size_mb:.1f} MB with ourselves  {goal}")


def taken_ms(command: list[str]) -> tuple[float, float]:
    """By the clock, and of the processor."""
    start_s, start = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "COLUMNS": "100"})
    end = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = end.ru_utime - start.ru_utime + end.ru_stime - start.ru_stime
    return (time.perf_counter() - start_s) * 1000, cpu_s * 1000


def idle_mib() -> float:
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site.toml"
        site.write_text('[site]\nname = "Empty"\n', encoding="utf-8")
        command = [OHMSTEAD, "run", str(site), "--port", "0", "--data", folder]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(SETTLING_S)
            held_mib = resident_mib(str(process.pid))
            process.terminate()
    return held_mib


def installed(wanted: str) -> dict[str, float]:
    """Megabytes of each package that comes with it on this interpreter, without compiled bytecode."""
    found: dict[str, float] = {}
    waiting, seen = [wanted], set[str]()
    while waiting:
        if (line := waiting.pop()) in seen:
            continue
        seen.add(line)
        requirement = Requirement(line)
        package = distribution(requirement.name)
        files = [Path(str(package.locate_file(file))) for file in package.files or ()]
        found[package.metadata["Name"].lower()] = sum(
            file.stat().st_size / 1e6 for file in files if file.is_file() and file.suffix != ".pyc"
        )
        for needed in map(Requirement, package.requires or ()):
            extras = requirement.extras or {""}
            if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in extras):
                needed.marker = None
                waiting.append(str(needed))
    return found


def own_mb() -> float:
    """Our own files, which an editable installation does not list."""
    files = (Path(__file__).parents[1] / "src" / "ohmstead").rglob("*")
    return sum(file.stat().st_size / 1e6 for file in files if file.is_file() and file.suffix != ".pyc")


if __name__ == "__main__":
    main()
