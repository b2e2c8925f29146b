"""A disk that takes nothing makes the next start slower, and stops nothing."""

from __future__ import annotations

import pytest

from ohmstead.kit.notebook import Notebook
from ohmstead.kit.registry import LocalServices
from ohmstead.model import OhmsteadError
from ohmstead.testing import warped


class Disk(LocalServices):
    def __init__(self) -> None:
        super().__init__()
        self.is_full = False

    async def remember(self, key: str, text: str) -> None:
        if self.is_full:
            raise OhmsteadError("the disk is full")
        await super().remember(key, text)


@warped
async def test_what_is_noted_is_recalled() -> None:
    disk = Disk()
    assert await Notebook(disk, "what it is").note("roof", "two inverters")
    assert await disk.recall("roof") == "two inverters"


@warped
async def test_a_full_disk_is_told_once_until_it_takes_something_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    disk = Disk()
    notebook = Notebook(disk, "roof: what it is")
    for is_full in (True, True, False, True):
        disk.is_full = is_full
        assert await notebook.note("roof", "two inverters") is not is_full
    assert caplog.messages == ["roof: what it is could not be remembered: the disk is full"] * 2
