from __future__ import annotations

from pathlib import Path

import pytest

from ohmstead.cli.site_files import EXAMPLE, begun_site_file, find_site_file
from ohmstead.gateway import read_site_file
from ohmstead.model import ConfigError


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "config/ohmstead").mkdir(parents=True)
    return tmp_path


def test_the_given_file_is_taken(home: Path) -> None:
    (home / "mine.toml").touch()
    assert find_site_file(Path("mine.toml")) == Path("mine.toml")


def test_a_given_file_that_is_missing_is_not_replaced_by_another(home: Path) -> None:
    (home / "site.toml").touch()
    with pytest.raises(ConfigError, match=r"there is no file mine\.toml"):
        find_site_file(Path("mine.toml"))


def test_the_folder_comes_before_the_user(home: Path) -> None:
    (home / "config/ohmstead/site.toml").touch()
    assert find_site_file(None) == home / "config/ohmstead/site.toml"
    (home / "site.toml").touch()
    assert find_site_file(None) == Path("site.toml")


def test_without_any_it_shows_how_to_write_one(home: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        find_site_file(None)
    assert EXAMPLE in str(caught.value)
    assert "ohmstead demo" in str(caught.value)


def test_the_example_it_shows_is_a_site_file(home: Path) -> None:
    (home / "site.toml").write_text(EXAMPLE)
    assert [device.name for device in read_site_file(Path("site.toml")).devices] == ["roof"]


def test_a_new_home_begins_with_a_file_without_devices_and_an_old_one_is_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    path = tmp_path / "homes" / "mill.toml"
    assert begun_site_file(path) == path
    assert path.read_text() == '[site]\nname = "Home"\ntime_zone = "Europe/Berlin"\n'
    path.write_text('[site]\nname = "Mill"\n')
    assert begun_site_file(path) == path
    assert path.read_text() == '[site]\nname = "Mill"\n'
    with pytest.raises(ConfigError, match="cannot begin"):
        begun_site_file(path / "below")


def test_a_folder_is_no_site_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        find_site_file(tmp_path)
    assert str(raised.value) == f"{tmp_path} is a folder, not a site file. For example: {tmp_path}/site.toml"
    with pytest.raises(ConfigError, match="is a folder"):
        begun_site_file(tmp_path)
