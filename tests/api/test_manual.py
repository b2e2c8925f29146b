"""The API's own manual page: whole, safe to show, and nothing in it comes from elsewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from asked import Open

from ohmstead.api import ROUTES
from ohmstead.api.manual import manual, page, type_words
from ohmstead.api.openapi import described
from ohmstead.testing import warped

TEXT = manual()["/docs"].body.decode()
VOID = {"meta", "link", "br"}


class Outline(HTMLParser):
    """Its ids and links. Fails on a tag that is left open or ends another."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        named = dict(attributes)
        self.ids += [named["id"] or ""] if "id" in named else []
        self.links += [named[name] or "" for name in ("href", "src") if name in named]
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def read(self, text: str) -> Outline:
        self.feed(text)
        assert self._open == []
        return self


def test_every_call_has_its_section() -> None:
    for route in ROUTES:
        assert f"{route.method}</b> <code>{route.path}</code></h2>" in TEXT, route.path


def test_every_link_leads_somewhere_on_this_host() -> None:
    outline = Outline().read(TEXT)
    assert len(set(outline.ids)) == len(outline.ids)
    inner = {link.removeprefix("#") for link in outline.links if link.startswith("#")}
    assert inner <= set(outline.ids)
    assert {link for link in outline.links if not link.startswith("#")} == {
        "/docs.css",
        "/api/v1/openapi.json",
    }


def test_there_is_no_script_and_no_style_in_it() -> None:
    assert re.findall(r"<script|<style|style=|\son\w+=|javascript:", TEXT) == []


def test_words_of_the_document_are_text() -> None:
    document = described(ROUTES)
    document["paths"]["/api/v1/health"]["get"]["summary"] = "<script>alert(1)</script>"
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page(document)


def test_types_are_said_in_words() -> None:
    assert type_words({"type": "number", "minimum": 1, "maximum": 3600}) == "number ≥ 1 ≤ 3600"
    assert type_words({"anyOf": [{"type": "string"}, {"type": "null"}]}) == "string or null"
    listed = {"type": "array", "items": {"$ref": "#/components/schemas/DeviceView"}}
    assert type_words(listed) == 'list of <a href="#DeviceView">DeviceView</a>'
    assert type_words({"enum": ["read", "<b>"]}) == "<code>read</code>, <code>&lt;b&gt;</code>"


@warped
async def test_it_is_served_with_its_style(opened: Open) -> None:
    async with opened() as asked:
        async with asked.session.get("/docs") as response:
            assert (response.status, response.content_type) == (200, "text/html")
            assert "default-src 'self'" in response.headers["Content-Security-Policy"]
            assert await response.text() == TEXT
        async with asked.session.get("/docs.css") as response:
            assert (response.status, response.content_type) == (200, "text/css")
