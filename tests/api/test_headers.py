from __future__ import annotations

import pytest
from asked import Open

from ohmstead.testing import warped

EXPECTED = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "Server": "ohmstead",
    "X-Content-Type-Options": "nosniff",
}


@pytest.mark.parametrize(
    ("path", "caching"),
    [
        ("/", "no-cache"),
        ("/api/v1/state", "no-store"),
        ("/api/v1/openapi.json", "no-store"),
        ("/api/v1/nothing", "no-store"),
        ("/nothing", "no-store"),
    ],
)
@warped
async def test_every_answer_carries_the_security_headers(opened: Open, path: str, caching: str) -> None:
    async with opened() as asked, asked.session.get(path) as response:
        headers = dict(response.headers)
    assert {name: headers[name] for name in EXPECTED} == EXPECTED
    assert headers["Cache-Control"] == caching
    assert not [name for name in headers if name.lower().startswith("access-control")]
    assert "Set-Cookie" not in headers
