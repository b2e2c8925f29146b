"""The published programs that tests meet and benchmarks race, unmodified, each in a virtual environment of its own.

`tools/peers.py [NAME ...]` makes their environments beforehand; tests and benchmarks make what is not there yet.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from collections.abc import Mapping
from pathlib import Path
from typing import Final

ENVIRONMENTS: Final = Path(__file__).resolve().parent.parent / ".venvs"
INSTALLING_S: Final = 600.0
PEERS: Final[Mapping[str, tuple[str, ...]]] = {
    "franklinwh": ("franklinwh==2026.3.0",),
    "franklinwh-cloud": ("franklinwh-cloud==0.6.4",),
    "givenergy-modbus": ("givenergy-modbus==2.13.0",),
    "homeassistant": (
        "homeassistant==2024.3.3",  # the newest that runs on Python 3.11
        "fnv-hash-fast==0.5.0",
        "janus==1.0.0",
        "numpy==1.26.0",
        "paho-mqtt==1.6.1",
        "psutil-home-assistant==0.0.1",
        "sqlalchemy==2.0.28",
    ),
    "hoymiles-wifi": ("hoymiles-wifi==0.6.0", "protobuf", "crcmod"),
    "schemathesis": ("schemathesis==4.32.5",),
    "tesla-wall-connector": ("tesla-wall-connector==1.2.0",),
    "websockets": ("websockets==15.0.1",),
}


class NotInstalled(Exception):
    """Says what the installer said last."""


def main(names: list[str]) -> int:
    if unknown := [name for name in names if name not in PEERS]:
        print(f"no peer is called {', '.join(unknown)}; there are {', '.join(PEERS)}")
        return 2
    failed = 0
    for name in names or PEERS:
        try:
            print(peer_python(name))
        except NotInstalled as error:
            print(error, file=sys.stderr)
            failed += 1
    return 1 if failed else 0


def peer_python(name: str) -> Path:
    """The interpreter that has this peer, installed when it is not there as pinned. Raises `NotInstalled`."""
    environment = ENVIRONMENTS / name
    python, stamp = environment / "bin" / "python", environment / ".complete"
    wanted = "\n".join(PEERS[name])
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        venv.create(environment, with_pip=True, clear=True)
        _install(name, python)
        stamp.write_text(wanted, encoding="utf-8")
    return python


def _install(name: str, python: Path) -> None:
    command = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "--quiet", *PEERS[name]]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter, our own names
            command, capture_output=True, text=True, check=False, timeout=INSTALLING_S
        )
    except subprocess.TimeoutExpired:
        raise NotInstalled(f"{name} was not installed in {INSTALLING_S:g} s") from None
    if done.returncode != 0:
        raise NotInstalled(f"{name} cannot be installed: {done.stderr.strip()[-300:]}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
