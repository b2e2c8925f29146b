from __future__ import annotations

import pytest

pytest.register_assert_rewrite(
    *(f"tests.families.everest.features.{name}" for name in ("doors", "telling", "wishes"))
)
