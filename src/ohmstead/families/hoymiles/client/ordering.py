"""Orders as transactions: connect, make sure of the key, send once, follow to the end."""

from __future__ import annotations

from ohmstead.families.hoymiles import protos, requests
from ohmstead.families.hoymiles.actions import Action
from ohmstead.families.hoymiles.client import commands
from ohmstead.families.hoymiles.client.commands import CommandResult
from ohmstead.families.hoymiles.client.contact import Contact
from ohmstead.families.hoymiles.messages.app import CLOUD_COMMAND_VIA_APP
from ohmstead.model import ConnectionLost, DeviceError, Outcome, OutcomeUnknown, Refused


async def run(contact: Contact, action: Action, text: str, targets: tuple[str, ...]) -> CommandResult:
    """Raises `Refused` or `OutcomeUnknown`."""
    async with contact.connected() as session:
        await contact.about_to_write(session)
        request = requests.command(action, contact.clock.now(), text=text, inverters=targets)
        started = await commands.start(session, request)
        if action in commands.DONE_BY_THE_DTU:
            return CommandResult(action=action)
        try:
            return await commands.follow(session, contact.clock, action, started)
        except OutcomeUnknown as error:
            # Another client's arrival ends a connection, not a command.
            if not isinstance(error.__cause__, ConnectionLost):
                raise
    return await _follow_again(contact, action, started)


async def _follow_again(contact: Contact, action: Action, started: int) -> CommandResult:
    try:
        async with contact.connected() as session:
            await contact.contacted(session)
            return await commands.follow(session, contact.clock, action, started)
    except OutcomeUnknown:
        raise
    except DeviceError as error:
        raise OutcomeUnknown(f"{action.name} was accepted, but not followed: {error}") from error


async def unfollowed(contact: Contact, request: protos.command.CommandToDtu) -> Outcome:
    """An order after which the link is lost: an answer is more than can be hoped for. Raises `Refused`."""
    async with contact.connected() as session:
        await contact.about_to_write(session)
        try:
            answer = await session.ask(CLOUD_COMMAND_VIA_APP, request)
        except ConnectionLost:
            return Outcome.ACKNOWLEDGED  # it went at once, as what restarts does
        except DeviceError:
            return Outcome.SENT
    if answer.error_code:
        raise Refused(f"the DTU refused with code {answer.error_code}.", code=answer.error_code)
    return Outcome.ACKNOWLEDGED
