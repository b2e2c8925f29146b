from __future__ import annotations

import socket

import pytest

from ohmstead.app.serving import require_free
from ohmstead.model import ConfigError
from ohmstead.testing import warped


@warped
async def test_a_taken_port_says_so_and_what_to_try() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(ConfigError) as caught:
            await require_free(port)
    assert str(caught.value) == (
        f"port {port} is taken by another program. Choose another one. For example: --port {port + 1}"
    )


@warped
async def test_any_port_is_free_when_any_will_do() -> None:
    await require_free(0)
