"""What holds for every test: real-time tests share one worker, and CI skips nothing."""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import Final

import pytest

REAL_TIME: Final = ("browser", "compat", "process", "packaging")
"""Marks of tests that other processes and the wall clock take part in: one at a time, or they disturb each other."""

REQUIRE_ALL: Final = os.environ.get("REQUIRE_ALL") == "1"
"""A test that cannot run is a failure: CI must not be green because something is missing."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if any(item.get_closest_marker(mark) for mark in REAL_TIME):
            item.add_marker(pytest.mark.xdist_group("real time"))
    # They wait more than they compute, so they start first and the other worker does the rest meanwhile.
    items.sort(key=lambda item: item.get_closest_marker("xdist_group") is None)


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
