"""The table itself: what no entry may get wrong."""

from __future__ import annotations

import pytest

from ohmstead.families._blueprint.codec import layout, words
from ohmstead.families._blueprint.messages import MESSAGES, Message


def test_no_two_messages_share_a_code() -> None:
    codes = [kind.CODE for kind in MESSAGES]

    assert sorted(set(codes)) == sorted(codes)


@pytest.mark.parametrize("kind", MESSAGES)
def test_every_field_has_a_label_and_fits_a_frame(kind: type[Message]) -> None:
    assert all(word.label for word in words(kind).values())
    assert layout(kind).size <= 255


def test_what_identifies_an_owner_is_secret() -> None:
    secret = {name for kind in MESSAGES for name, word in words(kind).items() if word.secret}

    assert secret == {"serial"}
