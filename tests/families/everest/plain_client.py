"""A client that knows the interface by its makers' description alone, and holds every frame against it.

It shares nothing with the declarations under test: what it judges by is `data/rpcapi.json`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

PYTHON_TYPES = {"string": str, "boolean": bool, "integer": int, "number": (int, float)}
PLAIN_CODES = {-32700, -32600, -32601, -32602, -32603, -32001, -32002}


class Witness:
    """`saw` is a tap. `violations` is everything that was not as the description says."""

    def __init__(self, interface: Mapping[str, Any]) -> None:
        self.frames: list[Any] = []
        self.violations: list[str] = []
        self._interface = interface
        self._asked: dict[object, str] = {}

    def saw(self, direction: str, data: bytes) -> None:
        if direction == ">":
            self._ask(data)
        elif data:
            found = json.loads(data)
            for frame in found if isinstance(found, list) else [found]:
                self.frames.append(frame)
                self.violations += self._of_frame(frame)

    @property
    def statuses(self) -> list[Any]:
        """Of EVSEs, as they were announced."""
        return [
            frame["params"]["evse_status"]
            for frame in self.frames
            if frame.get("method") == "EVSE.StatusChanged"
        ]

    def _ask(self, data: bytes) -> None:
        """What cannot be read is answered with errors alone."""
        try:
            found = json.loads(data)
        except ValueError:
            return
        for request in found if isinstance(found, list) else [found]:
            if isinstance(request, dict) and "id" in request:
                self._asked[request["id"]] = request.get("method", "")

    def _of_frame(self, frame: Any) -> Iterator[str]:
        if frame.get("jsonrpc") != "2.0":
            yield f"no JSON-RPC 2.0: {frame}"
        if "method" in frame:
            yield from self._of_announcement(frame)
        elif "error" in frame:
            if set(frame) != {"jsonrpc", "id", "error"} or frame["error"]["code"] not in PLAIN_CODES:
                yield f"no error of the interface: {frame}"
        elif set(frame) != {"jsonrpc", "id", "result"} or frame["id"] not in self._asked:
            yield f"no answer to anything: {frame}"
        else:
            name = self._asked[frame["id"]]
            yield from self._of(frame["result"], self._interface["methods"][name]["result"], name)

    def _of_announcement(self, frame: Any) -> Iterator[str]:
        told = self._interface["notifications"].get(frame["method"])
        if told is None or set(frame) != {"jsonrpc", "method", "params"}:
            yield f"no notification of the interface: {frame}"
        else:
            yield from self._of(frame["params"], told["params"], frame["method"])

    def _of(self, value: Any, kind: Any, place: str) -> Iterator[str]:
        """What `value` has that its kind has not, and the other way round."""
        if isinstance(kind, Mapping):
            yield from self._of_members(value, kind["object"], place, is_open=False)
        elif kind.startswith("["):
            for number, item in enumerate(value):
                yield from self._of(item, kind.strip("[]"), f"{place}[{number}]")
        elif kind in self._interface["enums"]:
            if value not in self._interface["enums"][kind]:
                yield f"{place}: {value!r} is no {kind}"
        elif kind in self._interface["objects"]:
            told = self._interface["objects"][kind]
            yield from self._of_members(value, told["fields"], place, is_open=told["extra_fields_allowed"])
        elif not isinstance(value, PYTHON_TYPES[kind]) or (isinstance(value, bool) and kind != "boolean"):
            yield f"{place}: {value!r} is no {kind}"

    def _of_members(
        self, value: Any, fields: Mapping[str, Any], place: str, *, is_open: bool
    ) -> Iterator[str]:
        missing = {name for name, field in fields.items() if not field["optional"]} - set(value)
        new = set() if is_open else set(value) - set(fields)
        yield from (f"{place} has no {name}" for name in missing)
        yield from (f"{place} has a {name}" for name in new)
        for name in set(value) & set(fields):
            field = fields[name]
            yield from self._of(value[name], field["type"], f"{place}.{name}")
            if isinstance(value[name], str) and len(value[name]) < field.get("min_length", 0):
                yield f"{place}.{name}: {value[name]!r} is too short"
