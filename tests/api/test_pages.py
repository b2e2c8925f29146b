from __future__ import annotations

import gzip

import aiohttp
import pytest
from asked import Open
from yarl import URL

from ohmstead.dashboard import pages
from ohmstead.testing import warped

APP = next(path for path in pages() if path.endswith("/page/app.js"))


@warped
async def test_the_page_comes_with_a_tag_and_is_not_sent_again(opened: Open) -> None:
    async with opened() as asked:
        async with asked.session.get("/") as response:
            body, tag = await response.read(), response.headers["ETag"]
        async with asked.session.get("/", headers={"If-None-Match": f'"other", {tag}'}) as again:
            nothing = await again.read()
    assert response.status == 200
    assert response.content_type == "text/html"
    assert body == pages()["/"].body
    assert (again.status, nothing) == (304, b"")


@warped
async def test_what_changes_its_path_with_its_content_is_kept_for_ever(opened: Open) -> None:
    async with opened() as asked, asked.session.get(APP) as response:
        body = await response.read()
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert response.headers["Content-Encoding"] == "gzip"
    assert body == pages()[APP].body


@warped
async def test_who_cannot_unpack_gets_it_as_it_is(opened: Open) -> None:
    async with opened() as asked, aiohttp.ClientSession(asked.served.url, auto_decompress=False) as plain:
        async with plain.get(APP, headers={"Accept-Encoding": "identity"}) as response:
            body = await response.read()
        async with plain.get(APP, headers={"Accept-Encoding": "gzip"}) as packed:
            assert gzip.decompress(await packed.read()) == pages()[APP].body
    assert "Content-Encoding" not in response.headers
    assert body == pages()[APP].body


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/assets/../manifest.py",
        "/assets/..%2f..%2fmanifest.py",
        "/assets/page/types.d.ts",
        APP + "%00.txt",
        APP + "/..",
        APP.replace("app.js", "..\\manifest.py"),
        "//etc/passwd",
        "/file:///etc/passwd",
    ],
)
@warped
async def test_only_what_the_manifest_names_is_served(opened: Open, path: str) -> None:
    async with opened() as asked:
        target = URL(f"{asked.served.url}{path}", encoded=True)
        async with aiohttp.ClientSession() as session, session.get(target) as response:
            body = await response.text()
    assert response.status == 404
    assert "root:" not in body
