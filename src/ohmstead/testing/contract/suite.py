"""All promises, in the order in which a new family learns to keep them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from ohmstead.model import Family
from ohmstead.testing.contract import (
    balances,
    blocks,
    captures,
    cards,
    orders,
    samples,
    simulators,
    troubles,
)
from ohmstead.testing.contract.promise import Promise, Subject

Check = Callable[[Subject], Awaitable[None]]

OF_THE_FAMILY: Final[tuple[Check, ...]] = (
    cards.every_text_of_the_card_loads,
    cards.the_card_says_what_is_supported,
    cards.the_card_is_plain_data,
    troubles.a_peer_that_refuses_is_one_of_our_errors,
    troubles.a_silent_peer_is_one_of_our_errors,
    troubles.a_peer_that_hangs_up_is_one_of_our_errors,
    troubles.a_peer_that_talks_rubbish_is_one_of_our_errors,
    captures.rubbish_in_a_capture_raises_nothing,
)
"""Kept once, by the first model."""

OF_EVERY_MODEL: Final[tuple[Check, ...]] = (
    simulators.the_simulator_listens_and_shows_its_state,
    simulators.the_simulator_takes_the_port_it_is_given_and_gives_it_back,
    simulators.the_simulator_leaves_nothing_behind,
    simulators.the_same_seed_makes_the_same_devices,
    samples.devices_are_named_after_their_source,
    samples.a_sample_holds_readings_of_its_devices,
    samples.every_number_is_finite,
    samples.what_identifies_an_owner_is_marked_secret,
    samples.the_contract_can_be_kept,
    samples.reading_on_and_on_never_goes_back,
    samples.leaving_ends_every_task,
    samples.two_connections_after_each_other_read_the_same_devices,
    blocks.what_is_used_outside_its_block_is_misused,
    blocks.a_block_may_be_entered_again,
    orders.envelopes_are_sane,
    orders.what_is_outside_is_unsafe_and_nothing_is_sent,
    orders.a_command_is_confirmed_by_reading_back,
    troubles.a_device_that_disappears_is_one_of_our_errors,
    captures.a_capture_blanks_every_serial,
    captures.a_capture_is_the_same_however_the_stream_was_cut,
    captures.every_captured_frame_can_be_described,
    balances.the_meters_balance,
)


def promises(card: Family) -> tuple[Promise, ...]:
    """Every promise of a family, ready to be kept, each with a sentence for a name."""
    models = card.models or ("",)
    return (
        *(Promise.of(card, models[0], check) for check in OF_THE_FAMILY),
        *(Promise.of(card, model, check) for model in models for check in OF_EVERY_MODEL),
    )
