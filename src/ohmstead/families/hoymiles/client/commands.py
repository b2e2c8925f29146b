"""A command: sent once, then followed until the DTU says what became of it.

Its answer only says that it was accepted. Nothing here sends a command twice: once it may have left, trouble with the
connection is an `OutcomeUnknown`, and whoever knows how the state reads can read it.
"""

from __future__ import annotations

import asyncio
from typing import Final

import msgspec
from google.protobuf.message import Message

from ohmstead.families.hoymiles import protos, requests
from ohmstead.families.hoymiles.actions import UNSAFE, VIA_CLOUD_ID, WITH_UNKNOWN_TEXT, Action
from ohmstead.families.hoymiles.client.session import Session
from ohmstead.families.hoymiles.identifiers import serial_text
from ohmstead.families.hoymiles.messages.app import CLOUD_COMMAND_VIA_APP, COMMAND, COMMAND_STATUS
from ohmstead.model import BadAnswer, Clock, DeviceError, OutcomeUnknown, Refused, Unsafe

FIRST_LOOK_S: Final = 0.2
NEXT_LOOK_S: Final = 1.0
GIVE_UP_S: Final = 60.0
"""A recorded limit took 3 to 5 s. Source: captures of devices."""
LOOKS_AT_NOTHING: Final = 3
"""So often in a row nothing to report means that there is nothing more to come."""

CHANGING: Final = frozenset(
    {"CommandToDtu", "ConfigSetToDtu", "DevConfigPutToDtu", "GridSelfTestToDtu", "StorageUserSetToDtu"}
)
"""Messages that order, set or start something; all others to a DTU ask."""
REFUSAL_WORDS: Final = {7: "this model does not take it"}
DONE_BY_THE_DTU: Final = frozenset({Action.POLL_ALL, Action.POLL_ONE, Action.COLLECT_VERSIONS, Action.ABORT})
"""Once accepted they are done: no inverter has to report, so a status is that of a command before."""


class CommandResult(msgspec.Struct, frozen=True, kw_only=True):
    """What the DTU reported. Both empty: it had nothing to report, as when nothing changed."""

    action: Action
    succeeded: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()


def check(action: Action, text: str, *, unsafe: bool) -> None:
    """Raises `Unsafe` for what is not to be sent by chance."""
    if action in UNSAFE and not unsafe:
        raise Unsafe(
            f"{action.name} can cut a device off or break the grid code; say unsafe=True if you mean it."
        )
    if action in WITH_UNKNOWN_TEXT and not text:
        raise Unsafe(f"nobody has published the parameter of {action.name}; bring its text if you know it.")


def require_reading(request: Message) -> None:
    """Raises `Unsafe` for what may change something, and would be sent again if its answer were lost."""
    if request.DESCRIPTOR.name in CHANGING:
        raise Unsafe(
            f"{request.DESCRIPTOR.name} may change something: there are methods for that, which send it once."
        )


async def start(session: Session, request: protos.command.CommandToDtu) -> int:
    """Send it once; the transaction id once it is accepted. Raises `Refused` or `OutcomeUnknown`."""
    action = Action(request.action)
    exchange = CLOUD_COMMAND_VIA_APP if action in VIA_CLOUD_ID else COMMAND
    try:
        answer = await session.ask(exchange, request)
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


async def follow(
    session: Session, clock: Clock, action: Action, transaction_id: int, give_up_s: float = GIVE_UP_S
) -> CommandResult:
    """Ask how far it is until it is done. Raises `OutcomeUnknown` when that cannot be learnt."""
    nothing = 0
    try:
        async with asyncio.timeout(give_up_s):
            await asyncio.sleep(FIRST_LOOK_S)
            while True:
                status = await session.ask(COMMAND_STATUS, requests.command_status(action, clock.now()))
                if _is_done(status, transaction_id):
                    return _result(action, status)
                nothing = nothing + 1 if _says_nothing(status) else 0
                if nothing == LOOKS_AT_NOTHING:
                    return CommandResult(action=action)
                await asyncio.sleep(NEXT_LOOK_S)
    except TimeoutError:
        raise OutcomeUnknown(f"{action.name} was accepted, but not done within {give_up_s:g} s") from None
    except DeviceError as error:
        raise OutcomeUnknown(
            f"{action.name} was accepted, but its status could not be read: {error}"
        ) from error


def _is_done(status: protos.command.CommandStatusFromDtu, transaction_id: int) -> bool:
    """Another id is the status of somebody else's command."""
    return status.transaction_id == transaction_id and not status.inverter_progress


def _says_nothing(status: protos.command.CommandStatusFromDtu) -> bool:
    lists = (status.inverters_succeeded, status.inverters_failed, status.inverter_errors)
    return not status.transaction_id and not status.inverter_progress and not any(lists)


def _result(action: Action, status: protos.command.CommandStatusFromDtu) -> CommandResult:
    failed = {*status.inverters_failed, *(e.serial for e in status.inverter_errors)}
    return CommandResult(
        action=action,
        succeeded=tuple(map(serial_text, status.inverters_succeeded)),
        failed=tuple(map(serial_text, sorted(failed))),
    )
