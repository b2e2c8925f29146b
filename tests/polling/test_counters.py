from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from ohmstead.polling import Counter
from ohmstead.polling.counters import step

NOON = datetime(2025, 6, 1, 12, tzinfo=UTC)


def totals(raw: Sequence[float], every_s: float = 30) -> list[float | None]:
    return [total for total, _ in steps(raw, every_s)]


def steps(raw: Sequence[float], every_s: float = 30) -> list[tuple[float | None, str]]:
    counter: Counter | None = None
    taken = []
    for index, value in enumerate(raw):
        found = step(counter, value, NOON + timedelta(seconds=index * every_s))
        counter = found.counter
        taken.append((found.total_wh, found.reason))
    return taken


def test_a_rising_counter_is_its_own_total() -> None:
    assert totals([5000, 5000, 5010, 5012.5]) == [5000, 5000, 5010, 5012.5]


def test_one_low_value_is_held_back_and_forgotten() -> None:
    assert totals([5000, 12, 5010, 5020]) == [5000, None, 5010, 5020]


def test_a_reset_is_believed_after_three_more_polls_and_the_total_goes_on() -> None:
    assert totals([5000, 2, 3, 4, 5, 15]) == [5000, None, None, None, 5003, 5013]


def test_a_held_value_says_how_long_it_is_held_and_a_believed_reset_says_so() -> None:
    _, first, second, third, taken, after = [reason for _, reason in steps([5000, 2, 3, 4, 5, 15])]
    assert first == "the counter fell from 5000 to 2 Wh; held until 3 more polls confirm it"
    assert second == "the counter fell from 5000 to 3 Wh; held until 2 more polls confirm it"
    assert third == "the counter fell from 5000 to 4 Wh; held until one more poll confirms it"
    assert taken == "the counter was reset: the total goes on from 5000 Wh"
    assert after == ""


def test_values_that_do_not_follow_each_other_confirm_nothing() -> None:
    assert totals([5000, 300, 200, 100, 50, 20, 10, 5]) == [5000, None, None, None, None, None, None, None]


def test_a_jump_no_home_can_make_is_held_and_later_not_counted() -> None:
    assert totals([5000, 900_000, 900_010, 900_020, 900_030, 900_040]) == [5000, None, None, None, 5030, 5040]


def test_after_hours_of_silence_a_rise_of_hours_is_believed() -> None:
    assert totals([5000, 45_000], every_s=8 * 3600) == [5000, 45_000]


def test_a_rollover_adds_what_was_counted_across_it() -> None:
    # A 16-bit counter of 0.1 kWh rolls over at 6,553,600 Wh.
    raw = [6_553_400, 6_553_500, 100, 200, 300, 400, 500]
    expected = [6_553_400, 6_553_500, None, None, None, 6_554_000, 6_554_100]
    assert totals(raw) == expected


def test_a_second_reset_stacks_on_the_first() -> None:
    raw = [5000, 0, 10, 20, 30, 0, 5, 10, 15]
    assert totals(raw) == [5000, None, None, None, 5030, None, None, None, 5045]


def test_no_last_bit_of_a_total_is_lost_where_it_goes_on_from_another_count() -> None:
    # 66,875.511 and what is missing to 693,139.428 add up to 693,139.4279999998.
    raw = [693_139.428, *5 * [66_875.511]]
    assert totals(raw) == [693_139.428, None, None, None, 693_139.428, 693_139.428]


def test_a_counter_that_was_saved_before_its_total_rose_waits_for_it_and_never_falls() -> None:
    saved = Counter(raw_wh=5000.0, at=NOON, highest_wh=5000.0).raised_to(5100.0)
    after = [5090.0, 5120.0]
    found: list[float | None] = []
    for index, raw_wh in enumerate(after, 1):
        taken = step(saved, raw_wh, NOON + timedelta(minutes=index))
        saved = taken.counter
        found.append(taken.total_wh)
    assert found == [5100.0, 5120.0]


def test_a_counter_survives_being_written_down() -> None:
    counter = Counter(raw_wh=30.0, at=NOON, offset_wh=5000.0, held=(1.0,))
    assert msgspec.json.decode(msgspec.json.encode(counter), type=Counter) == counter
