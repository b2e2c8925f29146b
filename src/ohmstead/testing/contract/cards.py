"""What a card may say."""

from __future__ import annotations

import json
import re

from ohmstead.kit.libraries import brought_by
from ohmstead.kit.registry import load
from ohmstead.model import DeviceConfig, Family
from ohmstead.testing.contract.promise import Subject, expect


async def every_text_of_the_card_loads(subject: Subject) -> None:
    card = subject.card
    config = load(card.config)
    expect(
        isinstance(config, type) and issubclass(config, DeviceConfig),
        f"the card's config {card.config} is no DeviceConfig",
    )
    for text in (card.connect, card.simulate, card.capture, card.discover, card.serve):
        expect(not text or callable(load(text)), f"{text} cannot be called")
    if card.commands:
        with brought_by("cli", f"The command group {card.commands}"):
            import click  # noqa: PLC0415 - a family without commands is promised without it

        expect(isinstance(load(card.commands), click.Group), f"{card.commands} is no click command group")


async def the_card_says_what_is_supported(subject: Subject) -> None:
    card = subject.card
    expect(re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", card.name), f"{card.name!r} is no family name")
    expect(card.title, "the card has no title")
    expect(card.hardware, "the card names no hardware, so the table of devices would leave it out")
    expect(len(set(card.models)) == len(card.models), f"a model stands twice in {card.models}")
    for scheme in card.schemes:
        expect(re.fullmatch(r"[a-z][a-z0-9+.-]*", scheme), f"{scheme!r} is no URL scheme")
    expect(card.schemes, "the card has no URL scheme")


async def the_card_is_plain_data(subject: Subject) -> None:
    """It is read by every command, so nothing heavy may hide in it."""
    encoded = json.dumps(
        {name: getattr(subject.card, name) for name in Family.__struct_fields__}, default=repr
    )
    expect(len(encoded) < 10_000, f"the card is {len(encoded)} characters long")
