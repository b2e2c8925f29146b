"""Runs inside a client's own environment: calls of it, unmodified, for each line on stdin.

The client knows one address, the vendor's. It is reached through a proxy in this process, which connects whatever is asked for
to the simulated cloud; the TLS inside is the client's own, with the certificate that the environment makes it trust.

A line is JSON: {"call", "args", "kwargs"}; `{"!": "GridStatus.OFF"}` stands for a name of the package, and with "args" for
calling it. What comes back is what the client gives, or the name of what it raised.
"""

from __future__ import annotations

import asyncio
import dataclasses
import importlib
import json
import logging
import os
import sys
from contextlib import suppress
from enum import Enum
from typing import Any

PORT, PACKAGE, SERIAL, ACCOUNT, PASSWORD = sys.argv[1:6]


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    far_reader, far_writer = await asyncio.open_connection("127.0.0.1", int(PORT))
    writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
    await asyncio.gather(pump(reader, far_writer), pump(far_reader, writer))


class Records(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())


def plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, dict):
        return {str(key): plain(found) for key, found in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(found) for found in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def meant(package: Any, value: Any) -> Any:
    if not (isinstance(value, dict) and "!" in value):
        return value
    found = package
    for part in value["!"].split("."):
        found = getattr(found, part)
    return found(*value["args"]) if "args" in value else found


async def answered(package: Any, client: Any, job: dict[str, Any]) -> dict[str, Any]:
    args = [meant(package, value) for value in job.get("args", [])]
    kwargs = {name: meant(package, value) for name, value in job.get("kwargs", {}).items()}
    try:
        found = await getattr(client, job["call"])(*args, **kwargs)
    except BaseException as error:  # noqa: BLE001 - what it lets out is what we want to know
        return {"raised": type(error).__name__, "said": str(error)[:200]}
    return {"gave": plain(found)}


async def main() -> None:
    proxy = await asyncio.start_server(connect, "127.0.0.1", 0)
    os.environ["HTTPS_PROXY"] = f"http://127.0.0.1:{proxy.sockets[0].getsockname()[1]}"
    records = Records()
    logging.getLogger().addHandler(records)
    package = importlib.import_module(PACKAGE)
    client = package.Client(package.TokenFetcher(ACCOUNT, PASSWORD), SERIAL)
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        found = await answered(package, client, json.loads(line))
        said = {**found, "warnings": records.texts}
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()
        records.texts = []


asyncio.run(main())
