"""A browser that may talk to nobody but the home it visits."""

from __future__ import annotations

from playwright.sync_api import Browser, BrowserContext, Page, Route
from served_home import ServedHome

SIZES = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1440, "height": 900}}
PATIENCE_MS = 60_000
"""When a test gives up. It is no limit of ours: machines are busy."""


class Visitor:
    """Somebody with a browser, who notices every error and every request that leaves the host."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self.errors: list[str] = []
        self.strangers: list[str] = []
        self.expects_errors = False
        """For the tests that take the gateway away."""

    def visit(
        self,
        house: ServedHome,
        size: str = "desktop",
        colours: str = "light",
        *,
        motion: str = "no-preference",
        place: str = "",
        awaited: str = "",
    ) -> Page:
        """`place`: what stands behind the # of the address, such as "/energy". `awaited`: a selector to be there first."""
        context = self._browser.new_context(
            viewport=SIZES[size],  # type: ignore[arg-type]  # a literal dict is its TypedDict
            color_scheme=colours,  # type: ignore[arg-type]  # one of its literals
            reduced_motion=motion,  # type: ignore[arg-type]  # one of its literals
        )
        context.set_default_timeout(PATIENCE_MS)
        self._contexts.append(context)
        context.route("**/*", lambda route: self._allow(route, house))
        page = context.new_page()
        page.on("console", lambda message: self._note(message.type, message.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(f"{house.url}/#{place}" if place else house.url)
        page.wait_for_selector(awaited or ("[data-connection=open]" if place else "[data-role=grid]"))
        return page

    def close(self) -> None:
        for context in self._contexts:
            context.close()

    def _note(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.errors.append(text)

    def _allow(self, route: Route, house: ServedHome) -> None:
        if route.request.url.startswith((house.url, "data:", "blob:")):
            route.continue_()
        else:
            self.strangers.append(route.request.url)
            route.abort()
