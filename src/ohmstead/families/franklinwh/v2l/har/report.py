"""The report beside a verdict, which its owner may attach to a public question as it is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from ohmstead.families.franklinwh.v2l.har.entries import Entry
from ohmstead.families.franklinwh.v2l.har.redacting import Redactor
from ohmstead.families.franklinwh.v2l.har.verdict import Verdict
from ohmstead.model import ConfigError

SUFFIX: Final = ".redacted.json"


def report(verdict: Verdict, entries: Sequence[Entry], redactor: Redactor) -> dict[str, Any]:
    """Verdict, evidence, and the exchanges concerned, redacted. Any: JSON."""
    concerned = {evidence.entry for evidence in verdict.evidence} | {
        seen.entry for seen in verdict.mode_choose
    }
    return {
        **msgspec.to_builtins(verdict),
        "entries": [_entry(entry, redactor) for entry in entries if entry.number in concerned],
        "without_body": [entry.number for entry in entries if entry.remark],
    }


def report_path(capture: Path, asked: Path | None) -> Path:
    """Where the report goes: as asked, or beside the capture."""
    name = capture.name.removesuffix(".gz").removesuffix(".har")
    return asked or capture.with_name(name + SUFFIX)


def write_report(document: dict[str, Any], path: Path, capture: Path, *, force: bool) -> None:
    """Never over the capture, and over another file only with `force`. Raises `ConfigError`."""
    if path.exists() and path.samefile(capture):
        raise ConfigError("the report would replace the capture.", example="--out report.json")
    if path.exists() and not force:
        raise ConfigError(f"{path} exists already; --force replaces it.", example="--out report.json")
    path.write_bytes(msgspec.json.format(msgspec.json.encode(document)) + b"\n")


def _entry(entry: Entry, redactor: Redactor) -> dict[str, Any]:
    return {
        "entry": entry.number,
        "at_s": entry.at_s,
        "method": entry.method,
        "path": redactor.path(entry.path),
        "query": redactor.query(entry.query),
        "request": redactor.fields(entry.request),
        "answer": redactor.value("answer", entry.answer),
        "remark": entry.remark,
    }
