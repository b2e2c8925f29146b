"""What a program pays for that only wants to ask its DTU."""

from __future__ import annotations

import json
import subprocess
import sys

SCRIPT = """
import json, sys
import asyncio, google.protobuf
before = set(sys.modules)
from ohmstead.families.hoymiles import Client, tcp
print(json.dumps(sorted(set(sys.modules) - before)))
"""


def test_a_client_loads_neither_the_house_nor_what_few_need() -> None:
    shown = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, check=True).stdout
    loaded = set(json.loads(shown))

    assert "ohmstead.families.hoymiles.client.client" in loaded
    assert loaded.isdisjoint(
        {"aiohttp", "click", "cryptography", "pathlib", "rich", "sqlite3", "urllib.parse"}
    )
    assert not [module for module in loaded if module.endswith("_pb2")]
