"""What is short is seen in time, by whichever limit is the lower, and told for a while."""

from __future__ import annotations

import resource
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ohmstead.gateway import Scarcity, scarcity
from ohmstead.model import ScaledClock
from ohmstead.polling import Trouble
from ohmstead.testing import elapse, warped

NOON = datetime(2026, 6, 21, 12, tzinfo=UTC)
MIB = 1 << 20


@pytest.fixture
def group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files as the system has them for the group of a service."""
    folder = tmp_path / "groups/system.slice/ohmstead.service"
    folder.mkdir(parents=True)
    (tmp_path / "cgroup").write_text("0::/system.slice/ohmstead.service\n")
    (tmp_path / "statm").write_text("1000 500 10 1 0 800 0\n")
    monkeypatch.setattr(scarcity, "PROCESS", tmp_path)
    monkeypatch.setattr(scarcity, "GROUPS", tmp_path / "groups")
    return folder


def fill(group: Path, *, limit: str, used: int, of_files: int) -> None:
    (group / "memory.max").write_text(f"{limit}\n")
    (group / "memory.current").write_text(f"{used}\n")
    (group / "memory.stat").write_text(f"anon 0\ninactive_file {of_files}\nactive_file 0\n")


@pytest.mark.parametrize(
    ("limit", "used_mib", "of_files_mib", "words"),
    [
        (f"{512 * MIB}", 480, 0, "480 MiB of the 512 MiB"),
        (f"{512 * MIB}", 480, 200, ""),
        (f"{512 * MIB}", 400, 0, ""),
        ("max", 4_000, 0, ""),
    ],
)
def test_memory_is_short_when_the_services_group_is_nearly_full(
    group: Path, limit: str, used_mib: int, of_files_mib: int, words: str
) -> None:
    fill(group, limit=limit, used=used_mib * MIB, of_files=of_files_mib * MIB)
    found = scarcity.short_of_memory()
    assert found.startswith(words)
    assert bool(found) is bool(words)


def test_where_no_group_is_told_nothing_is_short(group: Path) -> None:
    assert scarcity.short_of_memory() == ""


@pytest.mark.parametrize(("limit", "is_short"), [(8, True), (4_096, False)])
def test_descriptors_are_short_before_the_last_one_is_gone(limit: int, is_short: bool) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
    try:
        assert bool(scarcity.short_of_descriptors()) is is_short
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@warped
async def test_a_shortage_is_told_for_an_hour_and_no_visitor_let_in_meanwhile(group: Path) -> None:
    found = Scarcity(ScaledClock(NOON))
    assert (found.look(), found.findings(), found.allows_another()) == ("", (), True)
    fill(group, limit=f"{100 * MIB}", used=99 * MIB, of_files=0)
    assert found.look()
    assert not found.allows_another()
    fill(group, limit=f"{100 * MIB}", used=50 * MIB, of_files=0)
    assert (found.look(), found.allows_another()) == ("", True)
    (told,) = found.findings()
    assert (told.trouble, told.since) == (Trouble.SHORT, NOON)
    await elapse(timedelta(hours=2).total_seconds())
    assert found.findings() == ()
