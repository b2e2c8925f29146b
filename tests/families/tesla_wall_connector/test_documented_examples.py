"""The examples of the documentation, as they stand there."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest

import ohmstead.families.tesla_wall_connector as library
from ohmstead.testing import warped

Open = Callable[[], AbstractAsyncContextManager[Any]]  # Any: the conftest's Unit and what is connected to it
README = Path(library.__file__).with_name("README.md")


@warped
async def test_the_example_of_the_readme_runs(
    wall_connector: Open, capsys: pytest.CaptureFixture[str]
) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    async with wall_connector() as (_, client, _):
        port = client._session._host.rpartition(":")[2]
        code = code.replace('"192.0.2.7"', f'"127.0.0.1", {port}')
        scope: dict[str, Any] = {}
        exec(f"async def example():\n{indent(code, '    ')}", scope)  # noqa: S102 - our own words
        await scope["example"]()

    assert capsys.readouterr().out == "charging\n"


@pytest.mark.parametrize("name", library.__all__)
def test_every_public_name_can_be_imported(name: str) -> None:
    assert getattr(library, name) is not None


def test_a_name_that_is_not_there_is_said_so() -> None:
    with pytest.raises(AttributeError, match="no attribute 'vitals_of_mars'"):
        library.vitals_of_mars  # noqa: B018 - asking is what is tested
