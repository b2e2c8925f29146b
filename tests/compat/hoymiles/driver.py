"""Runs inside the client's own environment: calls its command line, unmodified, once for each line on stdin.

A line is JSON: {"arguments": [...], "typed": "what a person would type"}; so is what comes back.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import sys

from hoymiles_wifi.__main__ import run_main  # type: ignore[import-not-found]  # only there, in its environment


def run(arguments: list[str], typed: str) -> dict[str, object]:
    out = io.StringIO()
    code: object = 0
    sys.argv, sys.stdin = ["hoymiles-wifi", *arguments], io.StringIO(typed)
    with contextlib.redirect_stdout(out):
        try:
            run_main()
        except SystemExit as ended:
            code = ended.code
        except Exception as error:  # noqa: BLE001 - what the client did not expect is what we want to hear of
            code = repr(error)
    return {"code": code, "printed": out.getvalue()}


def main() -> None:
    lines = sys.stdin
    logging.disable(logging.CRITICAL)
    for line in lines:
        job = json.loads(line)
        sys.__stdout__.write(json.dumps(run(job["arguments"], job["typed"])) + "\n")
        sys.__stdout__.flush()


main()
