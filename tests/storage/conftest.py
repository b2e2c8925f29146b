"""Both files of a gateway on disks that fail."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent / "disks"))
