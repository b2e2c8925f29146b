from __future__ import annotations

from pathlib import Path

import pytest

from ohmstead.gateway import SiteFile, open_gateway
from ohmstead.gateway.locking import only_one
from ohmstead.model import ConfigError, RealClock
from ohmstead.testing.warp import warped


def test_a_second_gateway_in_a_folder_is_turned_away_until_the_first_ends(tmp_path: Path) -> None:
    with (
        only_one(tmp_path),
        pytest.raises(ConfigError, match=r"another Ohmstead, .*--data"),
        only_one(tmp_path),
    ):
        raise AssertionError("two gateways have one folder")
    with only_one(tmp_path):
        pass


def test_a_folder_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(ConfigError, match=r"data cannot be kept in .*: Not a directory\."),
        only_one(tmp_path / "file/data"),
    ):
        pass


def test_a_damaged_lock_may_be_removed(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    lock.write_bytes(b"left by a disk at its end")
    with (
        pytest.raises(ConfigError, match=rf"is damaged, and nothing is kept in it\. For example: rm {lock}$"),
        only_one(tmp_path),
    ):
        pass


@warped
async def test_an_open_gateway_holds_its_folder(tmp_path: Path) -> None:
    site_file = SiteFile(path=tmp_path / "site.toml")
    async with open_gateway(site_file, directory=tmp_path / "data", clock=RealClock(), threads=False):
        with pytest.raises(ConfigError, match="another Ohmstead"), only_one(tmp_path / "data"):
            pass
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
