"""Writes what the manual can take from the code itself: commands, endpoints, configuration keys, devices.

`python tools/reference.py` writes; with `--check` it says which page is not what the code says. The table of devices
in README.md stands between two markers, the rest are pages of their own under docs/reference.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from http import HTTPStatus
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, get_type_hints

import click
import msgspec

from ohmstead.accounting import Period, Tariff
from ohmstead.api.contract import PREFIX, Route
from ohmstead.api.routes import ROUTES
from ohmstead.api.settings import ApiSettings
from ohmstead.app.commands import COMMANDS
from ohmstead.bridges import InfluxSettings, MqttSettings
from ohmstead.cli import root
from ohmstead.history import Retention
from ohmstead.kit.console import ExitCode
from ohmstead.kit.registry import families, load
from ohmstead.kit.registry.meanings import meanings
from ohmstead.model import Circuit, DeviceConfig, Site

ROOT = Path(__file__).resolve().parent.parent
START, END = "<!-- devices -->", "<!-- /devices -->"


def main(arguments: Sequence[str]) -> int:
    stale = [path for path, text in pages().items() if not path.exists() or path.read_text("utf-8") != text]
    if arguments == ["--check"]:
        for path in stale:
            print(f"stale: {path.relative_to(ROOT)}; run `make reference`")
        return 1 if stale else 0
    for path in stale:
        path.write_text(pages()[path], encoding="utf-8")
        print(f"written: {path.relative_to(ROOT)}")
    return 0


def pages() -> Mapping[Path, str]:
    reference = ROOT / "docs" / "reference"
    return {
        reference / "cli.md": page("Command line", commands()),
        reference / "api.md": page("HTTP API", endpoints()),
        reference / "configuration.md": page("Site file", configuration()),
        ROOT / "README.md": readme(),
        **{
            reference / name: page(title, lines)
            for manual in manuals()
            for name, (title, lines) in manual.pages().items()
        },
    }


def manuals() -> Iterator[Any]:
    """Modules called `manual` of the families in the tree: pages that come from a family's own tables."""
    for card in families().values():
        name = f"ohmstead.families.{card.name.replace('-', '_')}.manual"
        try:
            found = find_spec(name)
        except ModuleNotFoundError:  # a family of another package
            continue
        if found is not None:
            yield import_module(name)


def page(title: str, lines: Iterable[str]) -> str:
    made = "Made from the code by `make reference`; change it there."
    return "\n".join([f"# {title}", "", f"<!-- {made} -->", "", *lines]).rstrip() + "\n"


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    rows = list(rows)
    if rows:
        yield "| " + " | ".join(headings) + " |"
        yield "|" + "---|" * len(headings)
        yield from ("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)
        yield ""


# Commands


def commands() -> Iterator[str]:
    yield from (
        "`--json` prints one document, or one per line while watching, and nothing else on standard output.",
        "",
        "Every command ends with one of these codes:",
        "",
    )
    yield from table(
        ("code", "meaning"), ((str(code.value), code.name.lower().replace("_", " ")) for code in ExitCode)
    )
    group = root(COMMANDS)
    with click.Context(group, info_name="ohmstead") as context:
        yield from command(group, context, "ohmstead")


def command(found: click.Command, context: click.Context, path: str) -> Iterator[str]:
    if path != "ohmstead":
        yield from (f"## {path}", "", "    " + " ".join((path, *found.collect_usage_pieces(context))), "")
        yield from (inspect.cleandoc(found.help or "").replace("\b\n", ""), "")
        yield from table(("option", "meaning", "default"), options(found, context))
    if isinstance(found, click.Group):
        for name in found.list_commands(context):
            child = found.get_command(context, name)
            if child is not None:
                with click.Context(child, info_name=name, parent=context) as inner:
                    yield from command(child, inner, f"{path} {name}")


def options(found: click.Command, context: click.Context) -> Iterator[tuple[str, str, str]]:
    for parameter in found.params:
        if isinstance(parameter, click.Option) and not parameter.hidden:
            default = parameter.to_info_dict().get("default")
            shown = "" if default in (None, "", (), False) or parameter.is_flag else f"`{default}`"
            record = parameter.get_help_record(context)
            name = ", ".join(f"`{option}`" for option in parameter.opts)
            choices = (
                f" One of {', '.join(parameter.type.choices)}."
                if isinstance(parameter.type, click.Choice)
                else ""
            )
            meaning = (parameter.help or (record[1] if record else "")).strip()
            yield name, f"{meaning}{choices}", shown


# Endpoints


def endpoints() -> Iterator[str]:
    yield from (
        "JSON over HTTP, under `"
        + PREFIX
        + "`. Instants are ISO 8601 in UTC; units stand in the names; an error is a",
        "problem document (RFC 9457). The machine-readable description is served at `"
        + PREFIX
        + "/openapi.json`.",
        "",
    )
    for route in ROUTES:
        yield from endpoint(route)


def endpoint(route: Route) -> Iterator[str]:
    method = "WS" if HTTPStatus.SWITCHING_PROTOCOLS in route.statuses else route.method
    yield from (f"## {method} {PREFIX}{route.path}", "", route.summary, "")
    yield from table(
        ("parameter", "type", "default", "meaning"),
        ((f"`{name}`", kind, default, meaning) for name, kind, default, meaning in fields(route.ask)),
    )
    yield from table(
        ("status", "when"), ((str(status.value), when) for status, when in route.statuses.items())
    )


# Configuration


def configuration() -> Iterator[str]:
    yield from (
        "One TOML file describes a home. A key that is not known is an error that names the line and a suggestion.",
        "",
        "```toml",
        "[site]",
        'name = "Our house"',
        'time_zone = "Europe/Berlin"',
        "",
        "[[device]]",
        'url = "hoymiles://192.0.2.7"',
        'name = "roof"',
        "```",
        "",
        "## [site]",
        "",
    )
    yield from keys(Site)
    yield from ("## [[site.circuits]]", "")
    yield from keys(Circuit)
    yield from ("## [history]", "")
    yield from keys(Retention)
    yield from ("## [tariff]", "")
    yield from keys(Tariff)
    yield from ("## [[tariff.periods]]", "")
    yield from keys(Period)
    yield from ("## [api]", "")
    yield from keys(ApiSettings)
    yield from ("## [mqtt]", "", "See [MQTT and Home Assistant](../home-assistant.md).", "")
    yield from keys(MqttSettings)
    yield from ("## [influxdb]", "", "See [metrics](../metrics.md).", "")
    yield from keys(InfluxSettings)
    for card in families().values():
        if card.table:
            yield from (f"## [{card.table}]", "", "Without it in the file this server is not started.", "")
            yield from keys(load(card.settings))
    yield from ("## [[device]]", "", "Every device has these keys; its URL decides the family.", "")
    yield from keys(DeviceConfig)
    for card in families().values():
        own = load(card.config)
        schemes = ", ".join(f"`{scheme}://`" for scheme in card.schemes)
        yield from (f"### {card.title}", "", f"URLs: {schemes}", "")
        yield from keys(own, but=set(DeviceConfig.__struct_fields__))


def keys(kind: type[msgspec.Struct], but: set[str] | frozenset[str] = frozenset()) -> Iterator[str]:
    rows = [
        (f"`{name}`", shape, default, meaning)
        for name, shape, default, meaning in fields(kind)
        if name not in but
    ]
    yield from table(("key", "type", "default", "meaning"), rows) if rows else ("No keys of its own.", "")


# Structs


def fields(kind: type[msgspec.Struct]) -> Iterator[tuple[str, str, str, str]]:
    """Name, type, default and meaning of each field; the meaning is the string below it."""
    hints = get_type_hints(kind)
    below = meanings(kind)
    described = {
        name: meaning
        for name, annotation in get_type_hints(kind, include_extras=True).items()
        if (meaning := description(annotation))
    }
    for field in msgspec.structs.fields(kind):
        default = "" if field.required else f"`{shown(field)}`"
        meaning = below.get(field.name) or described.get(field.name, "")
        yield field.name, type_name(hints[field.name]), default, " ".join(meaning.split())


def description(annotation: object) -> str:
    for part in (annotation, *getattr(annotation, "__args__", ())):
        for meta in getattr(part, "__metadata__", ()):
            if isinstance(meta, msgspec.Meta) and meta.description:
                return meta.description
    return ""


def shown(field: msgspec.structs.FieldInfo) -> str:
    value = field.default_factory() if field.default is msgspec.NODEFAULT else field.default
    if value is None:
        return "not set"
    return msgspec.json.encode(list(value) if isinstance(value, tuple) else value).decode()


def type_name(hint: object) -> str:
    text = hint.__name__ if isinstance(hint, type) and not getattr(hint, "__args__", ()) else str(hint)
    for module in (
        "typing.",
        "collections.abc.",
        "datetime.",
        "ohmstead.model.site.",
        "ohmstead.model.device.",
    ):
        text = text.replace(module, "")
    text = re.sub(r"Optional\[(.*)\]", r"\1 | None", text)
    return f"`{text}`"


# Devices


def readme() -> str:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    rows = (
        (card.title, "<br>".join(card.hardware), f"`{card.schemes[0]}://`") for card in families().values()
    )
    return "\n".join([before + START, "", *table(("family", "devices", "URL"), rows), END + after])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
