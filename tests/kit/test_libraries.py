"""A library that is missing ends in a sentence that says how to get it."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from ohmstead.kit.libraries import brought_by
from ohmstead.model import ConfigError


def test_a_missing_library_is_named_with_the_extra_that_brings_it(without: Callable[[str], None]) -> None:
    without("cryptography")
    with pytest.raises(ConfigError) as caught, brought_by("encryption", "A DTU that encrypts"):
        from cryptography import x509  # noqa: F401, PLC0415 - it is the import that is tested

    assert str(caught.value) == (
        "A DTU that encrypts needs cryptography, which is not installed: pip install 'ohmstead[encryption]'."
    )


def test_a_module_of_ours_that_is_missing_is_a_fault_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ohmstead.kit.files", None)
    with pytest.raises(ModuleNotFoundError), brought_by("site", "A site file"):
        from ohmstead.kit.files import replace_file  # noqa: F401, PLC0415 - it is the import that is tested
