"""The API's own manual page at `/docs`, made from the OpenAPI document: plain HTML without any script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any, Final

import msgspec

from ohmstead.api.contract import PREFIX
from ohmstead.api.openapi import described
from ohmstead.api.routes import ROUTES

Json = Mapping[str, Any]  # Any: JSON

MANUAL_PATHS: Final = ("/docs", "/docs.css")
PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Ohmstead API {version}</title>
<link rel="stylesheet" href="/docs.css">
</head>
<body>
<header>
<h1>Ohmstead API <small>{version}</small></h1>
<p>{summary} The same as <a href="{prefix}/openapi.json">OpenAPI document</a>. Every path begins with <code>{prefix}</code>.
On the machine itself no token is needed unless its owner says so; elsewhere send <code>Authorization: Bearer …</code>, made
with <code>ohmstead token create</code>. What cannot be answered comes as a problem document (RFC 9457).</p>
</header>
<nav aria-label="Calls"><ul>
{contents}
</ul></nav>
<main>
{operations}
<h2 id="types">Types</h2>
{types}
</main>
</body>
</html>
"""


class Document(msgspec.Struct, frozen=True):
    """One file to serve."""

    body: bytes
    content_type: str


@cache
def manual() -> Mapping[str, Document]:
    """By their paths. Made when first asked for: it takes longer than all the rest of a start."""
    style = files("ohmstead.api").joinpath("manual.css").read_bytes()
    return {
        "/docs": Document(page(described(ROUTES)).encode(), "text/html; charset=utf-8"),
        "/docs.css": Document(style, "text/css; charset=utf-8"),
    }


def page(document: Json) -> str:
    operations = [
        (method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    schemas = document["components"]["schemas"]
    return PAGE.format(
        version=escape(document["info"]["version"]),
        summary=escape(document["info"]["summary"]),
        prefix=PREFIX,
        contents="\n".join(_entry(*operation) for operation in operations),
        operations="\n".join(_operation(*operation, schemas) for operation in operations),
        types="\n".join(_type(name, schema) for name, schema in schemas.items()),
    )


def _entry(method: str, path: str, operation: Json) -> str:
    name = escape(operation["operationId"])
    return f'<li><a href="#{name}"><b class="{method}">{method.upper()}</b> {_shown(path)}</a></li>'


def _operation(method: str, path: str, operation: Json, schemas: Json) -> str:
    scope = operation["x-scope"]
    parts = [
        f'<section aria-labelledby="{operation["operationId"]}">',
        f'<h2 id="{operation["operationId"]}"><b class="{method}">{method.upper()}</b> {_shown(path)}</h2>',
        f"<p>{escape(operation['summary'])}</p>",
        f"<p>Scope: <code>{scope}</code></p>" if scope else "<p>Anybody may ask.</p>",
        _table("Parameters", ("name", "in", "type", "meaning"), _parameters(operation)),
        _table("Body", ("member", "type", "meaning"), _body(operation, schemas)),
        _table("Answers", ("status", "content", "when"), _answers(operation)),
        "</section>",
    ]
    return "\n".join(part for part in parts if part)


def _parameters(operation: Json) -> Iterator[tuple[str, ...]]:
    for parameter in operation.get("parameters", ()):
        about = parameter["schema"].get("description", "")
        yield (
            f"<code>{escape(parameter['name'])}</code>{'' if parameter['required'] else ' (optional)'}",
            parameter["in"],
            type_words(parameter["schema"]),
            escape(about),
        )


def _body(operation: Json, schemas: Json) -> Iterator[tuple[str, ...]]:
    if "requestBody" not in operation:
        return
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    yield from _members(schema)


def _members(schema: Json) -> Iterator[tuple[str, ...]]:
    required = schema.get("required", ())
    for name, member in schema.get("properties", {}).items():
        optional = "" if name in required else " (optional)"
        yield (
            f"<code>{escape(name)}</code>{optional}",
            type_words(member),
            escape(member.get("description", "")),
        )


def _answers(operation: Json) -> Iterator[tuple[str, ...]]:
    for status, response in operation["responses"].items():
        content = [
            f"{escape(kind)}: {type_words(said['schema'])}"
            for kind, said in response.get("content", {}).items()
        ]
        yield status, "<br>".join(content) or "none", escape(response["description"])


def _type(name: str, schema: Json) -> str:
    about = f"<p>{escape(schema['description'])}</p>" if "description" in schema else ""
    rows = _table(name, ("member", "type", "meaning"), _members(schema))
    return f'<section><h3 id="{name}">{name}</h3>{about}{rows or f"<p>{type_words(schema)}</p>"}</section>'


def type_words(schema: Json) -> str:
    """A schema in a few words, with links to the types it names."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f'<a href="#{name}">{name}</a>'
    if "anyOf" in schema:
        return " or ".join(map(type_words, schema["anyOf"]))
    if "enum" in schema:
        return ", ".join(f"<code>{escape(str(value))}</code>" for value in schema["enum"])
    kind = schema.get("type", "anything")
    if kind == "array":
        return f"list of {type_words(schema['items'])}" if "items" in schema else "list"
    if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"{type_words(schema['additionalProperties'])} by name"
    return escape(" ".join([kind, *_limits(schema)]))


def _limits(schema: Json) -> Iterator[str]:
    for key, sign in (("minimum", "≥"), ("maximum", "≤"), ("maxLength", "up to")):
        if key in schema:
            yield f"{sign} {schema[key]:g}"


def _table(caption: str, columns: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    """Empty without rows. Cells are HTML."""
    body = "\n".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    if not body:
        return ""
    head = "".join(f'<th scope="col">{column}</th>' for column in columns)
    return f'<div class="wide" tabindex="0" role="group" aria-label="{escape(caption)}"><table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _shown(path: str) -> str:
    return f"<code>{escape(path.removeprefix(PREFIX))}</code>"
