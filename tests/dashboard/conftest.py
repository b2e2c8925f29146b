"""A home that is served, and somebody who visits it with a browser."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

sys.path += [str(Path(__file__).parent / "visits"), str(Path(__file__).parent.parent / "api" / "toys")]

from fresh_home import FreshHome
from live_home import LiveHome
from scripted_family import HOMES, install
from visiting import PATIENCE_MS, Visitor

from ohmstead.dashboard import StaticFile, pages
from ohmstead.kit.registry import families

expect.set_options(timeout=PATIENCE_MS)

Call = Callable[..., Any]  # Any: JSON
CALL = "async ([path, name, args]) => { const found = await import(path); return found[name](...args); }"
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(autouse=True)
def scripted_family_is_installed(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    install(tmp_path_factory.mktemp("installed"), monkeypatch.syspath_prepend)
    families.cache_clear()
    yield
    families.cache_clear()
    HOMES.clear()


@pytest.fixture
def house(tmp_path: Path, scripted_family_is_installed: None) -> Iterator[LiveHome]:
    """Not started yet, so that a test can say what kind of home it is."""
    made = LiveHome(tmp_path)
    yield made
    made.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Not for the whole session: while it is open this thread has a running loop, and no test could run its own."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no chromium on the path; install it to run the tests of the page")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
        yield launched
        launched.close()


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Visitor]:
    """Fails the test when the page logged an error or asked another host for anything."""
    made = Visitor(browser)
    yield made
    made.close()
    assert made.strangers == []
    assert made.expects_errors or made.errors == []


@pytest.fixture(scope="module")
def bare_page(browser: Browser) -> Iterator[Page]:
    """Any page with the modules' address; they are pure, so one is enough for all."""
    served = {f"http://page.test{path}": file for path, file in pages().items()}
    with browser.new_context() as context:
        made = context.new_page()
        made.route("**/*", lambda route: _fulfil(route, served))
        made.goto("http://page.test/assets/nothing")
        yield made


def _fulfil(route: Route, served: Mapping[str, StaticFile]) -> None:
    if file := served.get(route.request.url):
        route.fulfill(body=file.body, content_type=file.content_type)
    else:
        route.fulfill(body="<!doctype html>", content_type="text/html")


@pytest.fixture
def call(bare_page: Page) -> Call:
    def call_it(module: str, name: str, *arguments: object) -> Any:  # Any: JSON
        path = next(path for path in pages() if path.endswith(f"/page/{module}.js"))
        return bare_page.evaluate(CALL, [path, name, list(arguments)])

    return call_it


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[FreshHome]:
    """A home that nobody has set up yet."""
    made = FreshHome(tmp_path)
    made.start()
    yield made
    made.stop()
