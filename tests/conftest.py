"""What holds for every test: CI skips nothing, and long proofs run their share."""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import Final

import pytest

REQUIRE_ALL: Final = os.environ.get("REQUIRE_ALL") == "1"
"""A test that cannot run is a failure: CI must not be green because something is missing."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # Playwright's synchronous interface leaves a loop running in this thread, in which no other can be run.
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and nothing may be: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if REQUIRE_ALL and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"{collector.nodeid} was skipped, and nothing may be: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def soak() -> float:
    """The share of its full length that a long proof runs: 1.0 in `make soak`, little elsewhere."""
    return float(os.environ.get("SOAK", "0.05"))
