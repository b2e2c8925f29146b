"""What devices are told, and what became of it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from ohmstead.api import answers
from ohmstead.api.asks import CommandAsk, LedgerAsk
from ohmstead.api.contract import Route
from ohmstead.gateway import Entry
from ohmstead.kit.tokens import Scope
from ohmstead.model import Receipt

ROUTES: Final[tuple[Route, ...]] = (
    Route(
        method="GET",
        path="/commands",
        scope=Scope.READ,
        handler=answers.ledger,
        ask=LedgerAsk,
        answer=tuple[Entry, ...],
        summary="The ledger of commands, newest first.",
        problems=(HTTPStatus.SERVICE_UNAVAILABLE,),
    ),
    Route(
        method="POST",
        path="/commands",
        scope=Scope.CONTROL,
        handler=answers.command,
        ask=CommandAsk,
        answer=Receipt,
        summary="Ask a device for something within its envelope; answers when the device has been read back.",
        status=answers.command_status,
        statuses={
            HTTPStatus.OK: "Done: confirmed, acknowledged, or `different` from what was asked; `outcome` says which.",
            HTTPStatus.ACCEPTED: "It left, and nobody knows what became of it: read the device before asking again.",
        },
        problems=(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            HTTPStatus.SERVICE_UNAVAILABLE,
        ),
    ),
)
