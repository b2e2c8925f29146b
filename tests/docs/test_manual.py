"""The manual says what the code says: nothing that users can reach is left out."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec
import pytest

from ohmstead.api.contract import PREFIX
from ohmstead.api.routes import ROUTES
from ohmstead.app.commands import COMMANDS
from ohmstead.bridges import InfluxSettings, MqttSettings
from ohmstead.cli import root
from ohmstead.kit.registry import families, load
from ohmstead.model import Circuit, DeviceConfig, Site

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"


def test_the_pages_made_from_the_code_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "reference.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_every_command_and_option_is_documented() -> None:
    text = (REFERENCE / "cli.md").read_text(encoding="utf-8")
    found = list(commands(root(COMMANDS), "ohmstead"))

    assert [path for path, _ in found if f"## {path}\n" not in text] == []
    assert [option for _, options in found for option in options if f"`{option}`" not in text] == []


def test_every_endpoint_is_documented() -> None:
    text = (REFERENCE / "api.md").read_text(encoding="utf-8")

    assert [route.path for route in ROUTES if f" {PREFIX}{route.path}\n" not in text] == []


def test_every_configuration_key_is_documented() -> None:
    text = (REFERENCE / "configuration.md").read_text(encoding="utf-8")
    kinds: list[type[msgspec.Struct]] = [Site, Circuit, DeviceConfig, MqttSettings, InfluxSettings]
    kinds += [load(card.config) for card in families().values()]
    keys = {name for kind in kinds for name in kind.__struct_fields__}

    assert [key for key in sorted(keys) if f"`{key}`" not in text] == []


def test_every_family_stands_in_the_readme_and_has_one_of_its_own() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")

    for card in families().values():
        assert f"| {card.title} |" in text
        assert all(hardware in text for hardware in card.hardware)
        folder = card.config.partition(":")[0].split(".")[2]
        assert (ROOT / "src" / "ohmstead" / "families" / folder / "README.md").is_file()


def test_the_readme_is_one_screen() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 60


def test_every_link_between_our_own_pages_leads_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]

    assert broken == []


@pytest.mark.parametrize(
    "page", ["docs/getting-started.md", "docs/writing-a-family.md", "docs/testing.md", "docs/franklinwh.md"]
)
def test_python_examples_are_python(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    examples = re.findall(r"```python\n(.*?)```", text, re.DOTALL)

    assert examples
    for example in examples:
        compile(example, page, "exec")


def test_the_warp_example_runs() -> None:
    text = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    names: dict[str, object] = {}

    exec(example, names)  # noqa: S102 - our own page
    test = names["test_an_hour_passes"]
    assert callable(test)
    test()


def commands(command: click.Command, path: str) -> Iterator[tuple[str, list[str]]]:
    context = click.Context(command, info_name=path)
    if path != "ohmstead":
        yield path, [option for parameter in command.params for option in parameter.opts if option[0] == "-"]
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            yield from commands(child, f"{path} {name}")
