"""The groups of requests that read something, each on a connection that stands."""

from __future__ import annotations

from contextlib import suppress
from typing import Final, cast

import msgspec
from google.protobuf.message import Message

from ohmstead.families.hoymiles import protos, requests, results
from ohmstead.families.hoymiles.actions import Action
from ohmstead.families.hoymiles.client.commands import follow, start
from ohmstead.families.hoymiles.client.contact import Contact
from ohmstead.families.hoymiles.client.paging import all_packets
from ohmstead.families.hoymiles.client.session import Session
from ohmstead.families.hoymiles.grid_profile import GridProfile, grid_profile
from ohmstead.families.hoymiles.messages.app import (
    ALARMS,
    AUTO_SEARCH,
    COMMAND,
    CONFIG_GET,
    DEV_CONFIG_FETCH,
    HEARTBEAT,
    HIST_ENERGY,
    HIST_POWER,
    NETWORK_INFO,
    REAL_DATA,
    REAL_DATA_NEW,
)
from ohmstead.families.hoymiles.results import (
    Alarm,
    Config,
    DayEnergy,
    Heartbeat,
    Live,
    Network,
    PowerCurve,
    RadioSearch,
)
from ohmstead.kit.wire import crc16_modbus
from ohmstead.model import BadAnswer, ConnectionLost, OutcomeUnknown, TimedOut

PREPARING_S: Final = 10.0
"""A list of alarms is ready in about two; no status of it is not worth a failure."""


async def heartbeat(contact: Contact, session: Session) -> Heartbeat:
    await contact.contacted(session)
    answer = await session.ask(HEARTBEAT, requests.heartbeat(contact.clock.now()))
    return results.heartbeat(answer, contact.clock.now())


async def config(contact: Contact, session: Session) -> Config:
    await contact.contacted(session)
    answer = await session.ask(CONFIG_GET, requests.config(contact.clock.now()))
    return results.config(answer, contact.clock.now())


async def network(contact: Contact, session: Session) -> Network:
    await contact.contacted(session)
    answer = await session.ask(NETWORK_INFO, requests.network(contact.clock.now()))
    return results.network(answer)


async def power_history(contact: Contact, session: Session, day: int) -> PowerCurve:
    await contact.contacted(session)
    packets = await all_packets(
        lambda index: session.ask(HIST_POWER, requests.power_history(contact.clock.now(), index, day))
    )
    return results.power_curve(packets, contact.clock.now())


async def energy_history(contact: Contact, session: Session) -> tuple[DayEnergy, ...]:
    """One packet: its answer does not say that there are more."""
    await contact.contacted(session)
    answer = await session.ask(HIST_ENERGY, requests.energy_history(contact.clock.now()))
    return results.day_energies((answer,))


async def radio_search(contact: Contact, session: Session) -> RadioSearch:
    await contact.contacted(session)
    packets = await all_packets(
        lambda index: session.ask(AUTO_SEARCH, requests.auto_search(contact.clock.now(), index))
    )
    return results.radio_search(packets, contact.clock.now())


# --- live data ---


class Collecting(msgspec.Struct):
    """Whether the DTU is still to be asked to collect before this read."""

    is_due: bool
    was_due: bool = False


async def live(
    contact: Contact, session: Session, collecting: Collecting, *, last_time_s: int | None
) -> Live:
    """The newer form; the older one from a DTU that answers only that. Each may come in the other's place."""
    inventory = await contact.contacted(session)
    packets = await _live_packets(contact, session, collecting)
    is_stale, expected = packets[0].time == last_time_s, len(inventory.inverters)
    now = contact.clock.now()
    new = [packet for packet in packets if isinstance(packet, protos.live.RealDataNewFromDtu)]
    if new:
        return results.live(tuple(new), now, is_stale=is_stale, expected_inverters=expected)
    old = [packet for packet in packets if isinstance(packet, protos.live_old.RealDataFromDtu)]
    return results.old_live(tuple(old), now, is_stale=is_stale, expected_inverters=expected)


async def _live_packets(
    contact: Contact, session: Session, collecting: Collecting
) -> tuple[protos.live.RealDataNewFromDtu | protos.live_old.RealDataFromDtu, ...]:
    if contact.speaks_old_data:
        return await _old_packets(contact, session)
    if collecting.is_due:
        # A refusal changes nothing: firmware that does not know the action delivers without it.
        await session.ask(COMMAND, requests.command(Action.POLL_ALL, contact.clock.now()))
        collecting.is_due, collecting.was_due = False, True
    try:
        found = await all_packets(
            lambda index: session.ask(REAL_DATA_NEW, requests.live(contact.clock.now(), index)), _time
        )
    except TimedOut as error:
        if not contact.may_be_old(session):
            raise
        return await _older(contact, session, error)
    except ConnectionLost:
        # It counts on the connection it was asked on; but a DTU that hangs up after each answer never gets further.
        collecting.is_due = collecting.was_due and session.answers > 1
        raise
    contact.speaks_new_data = True
    return found


async def _older(
    contact: Contact, session: Session, error: TimedOut
) -> tuple[protos.live.RealDataNewFromDtu | protos.live_old.RealDataFromDtu, ...]:
    """A DTU that speaks, but not to this: perhaps to the question of the first firmware."""
    try:
        packets = await _old_packets(contact, session)
    except TimedOut:
        raise error from None
    contact.speaks_old_data = True
    return packets


async def _old_packets(
    contact: Contact, session: Session
) -> tuple[protos.live.RealDataNewFromDtu | protos.live_old.RealDataFromDtu, ...]:
    """Newer DTUs answer this with the newer body; the session has told them apart."""

    async def ask(index: int) -> protos.live.RealDataNewFromDtu | protos.live_old.RealDataFromDtu:
        return await session.ask(REAL_DATA, requests.old_live(contact.clock.now(), index))

    return await all_packets(ask, _time)


def _time(packet: protos.live.RealDataNewFromDtu | protos.live_old.RealDataFromDtu) -> int:
    return packet.time


# --- alarms and grid profile: prepared by a command, then fetched ---


async def alarms(contact: Contact, session: Session, inverter: str) -> tuple[Alarm, ...]:
    """`inverter`: a serial, or nothing for all."""
    await contact.contacted(session)
    action = Action.ALARMS_ONE if inverter else Action.ALARMS_ALL
    targets = (inverter,) if inverter else ()
    started = await start(session, requests.command(action, contact.clock.now(), inverters=targets))
    # Some firmware has no status for this; the list says what there is.
    with suppress(OutcomeUnknown):
        await follow(session, contact.clock, action, started, PREPARING_S)

    async def ask(index: int) -> protos.alarms.AlarmsFromDtu:
        answer = await session.ask(ALARMS, requests.alarms(contact.clock.now(), index))
        return _modern(answer)

    packets = await all_packets(ask)
    return results.alarms(entry for packet in packets for entry in packet.alarms)


def _modern(answer: Message) -> protos.alarms.AlarmsFromDtu:
    """The older layout as the newer one; it is never paged, and its entries are the same on the wire."""
    if not isinstance(answer, protos.alarms_legacy.AlarmsLegacyFromDtu):
        return cast("protos.alarms.AlarmsFromDtu", answer)  # cast: the session gives one of the two
    entries = [protos.alarms.Alarm.FromString(entry.SerializeToString()) for entry in answer.alarms]
    return protos.alarms.AlarmsFromDtu(
        dtu_serial=answer.dtu_serial, time=answer.time, packet_count=1, alarms=entries
    )


async def profile(contact: Contact, session: Session, inverter: str) -> GridProfile:
    await contact.contacted(session)
    action = Action.GRID_FILE_READ
    started = await start(session, requests.command(action, contact.clock.now(), inverters=(inverter,)))
    await follow(session, contact.clock, action, started)
    packets = await all_packets(
        lambda index: session.ask(
            DEV_CONFIG_FETCH, requests.grid_profile(contact.clock.now(), inverter, index)
        )
    )
    if not any(packet.data for packet in packets):
        raise BadAnswer(f"the DTU has no grid profile of {inverter}")
    is_intact = all(crc16_modbus(packet.data) == packet.crc for packet in packets)
    return grid_profile(b"".join(packet.data for packet in packets), is_intact=is_intact)
