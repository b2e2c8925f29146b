"""A command: sent once, then followed until the DTU says what became of it.

Its answer only says that it was accepted. Nothing here sends a command twice: once it may have left, trouble with the
connection is an `OutcomeUnknown`, and whoever knows how the state reads can read it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Final

import msgspec

from ohmstead.families.hoymiles import requests
from ohmstead.families.hoymiles.actions import Action
from ohmstead.families.hoymiles.client.session import Session
from ohmstead.families.hoymiles.identifiers import serial_text
from ohmstead.families.hoymiles.messages import COMMAND, COMMAND_STATUS
from ohmstead.families.hoymiles.protos.command_pb2 import CommandStatusFromDtu
from ohmstead.model import BadAnswer, Clock, DeviceError, OutcomeUnknown, Refused

FIRST_LOOK_S: Final = 0.2
NEXT_LOOK_S: Final = 1.0
GIVE_UP_S: Final = 60.0
"""A recorded limit took 3 to 5 s. Source: captures of devices."""

REFUSAL_WORDS: Final = {7: "this model does not take it"}


class CommandResult(msgspec.Struct, frozen=True, kw_only=True):
    """What the DTU reported. Both empty: it had nothing to report, as when nothing changed."""

    action: Action
    succeeded: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()


async def start(
    session: Session, clock: Clock, action: Action, *, text: str = "", inverters: Iterable[str] = ()
) -> int:
    """Send it once; the transaction id once it is accepted. Raises `Refused` or `OutcomeUnknown`."""
    request = requests.command(action, clock.now(), text=text, inverters=inverters)
    try:
        answer = await session.ask(COMMAND, request)
        if answer.action != action:
            raise BadAnswer(f"asked for action {action:d}, accepted was {answer.action}")
    except DeviceError as error:
        raise OutcomeUnknown(f"{action.name} was sent, but not acknowledged: {error}") from error
    if answer.error_code:
        words = REFUSAL_WORDS.get(answer.error_code, "the vendor does not say why")
        raise Refused(
            f"the DTU refused {action.name} with code {answer.error_code}: {words}.", code=answer.error_code
        )
    return request.transaction_id


async def follow(session: Session, clock: Clock, action: Action, transaction_id: int) -> CommandResult:
    """Ask how far it is until it is done. Raises `OutcomeUnknown` when that cannot be learnt."""
    try:
        async with asyncio.timeout(GIVE_UP_S):
            await asyncio.sleep(FIRST_LOOK_S)
            while True:
                status = await session.ask(COMMAND_STATUS, requests.command_status(action, clock.now()))
                # Another id is the status of somebody else's command.
                if status.transaction_id == transaction_id and not status.inverter_progress:
                    return _result(action, status)
                await asyncio.sleep(NEXT_LOOK_S)
    except TimeoutError:
        raise OutcomeUnknown(f"{action.name} was accepted, but not done within {GIVE_UP_S:g} s") from None
    except DeviceError as error:
        raise OutcomeUnknown(
            f"{action.name} was accepted, but its status could not be read: {error}"
        ) from error


def _result(action: Action, status: CommandStatusFromDtu) -> CommandResult:
    failed = {*status.inverters_failed, *(e.serial for e in status.inverter_errors)}
    return CommandResult(
        action=action,
        succeeded=tuple(map(serial_text, status.inverters_succeeded)),
        failed=tuple(map(serial_text, sorted(failed))),
    )
