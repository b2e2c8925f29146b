"""Faults on purpose happen as their rules say, and in no other way."""

from __future__ import annotations

from random import Random

import pytest

from ohmstead.kit import faults
from ohmstead.kit.faults import LIMITS, Faults, Menu, Number
from ohmstead.model import ConfigError, Fault
from ohmstead.testing import elapse, warped


class Rule(faults.Rule, kw_only=True):
    path: str = ""
    device: Number | None = None


MENU = Menu(
    rule=Rule,
    kinds={"slow": "Late.", "lost-ack": "Never.", "reboot": "Anew."},
    parameters={**LIMITS, "path": "only for this", "device": "of this one"},
    once=frozenset({"reboot"}),
    example="slow:times=2",
)


def book(*told: tuple[str, dict[str, str]]) -> Faults[Rule]:
    return Faults(MENU, Random(1), tuple(Fault(name, parameters) for name, parameters in told))


def struck(book: Faults[Rule], *kinds: str, path: str = "") -> bool:
    return book.first(kinds, lambda rule: rule.path in ("", path)) is not None


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, [True] * 4),
        ({"times": "2"}, [True, True, False, False]),
        ({"times": "0"}, [False] * 4),
        ({"skip": "1", "times": "2"}, [False, True, True, False]),
        ({"chance": "0"}, [False] * 4),
        ({"chance": "0.5"}, [True, False, False, True]),  # as the seed has it
    ],
)
@warped
async def test_a_rule_says_how_often(parameters: dict[str, str], expected: list[bool]) -> None:
    rules = book(("slow", parameters))

    assert [struck(rules, "slow") for _ in expected] == expected
    assert rules.happened["slow"] == expected.count(True)


@warped
async def test_a_rule_says_when() -> None:
    rules = book(("slow", {"after": "10", "for": "5"}))
    seen = []
    for wait_s in (0.0, 9.0, 1.0, 4.9, 0.1):
        await elapse(wait_s)
        seen.append(rules.is_on("slow"))

    assert seen == [False, False, True, True, False]
    assert rules.happened == {}


@warped
async def test_a_rule_may_begin_again_and_again() -> None:
    rules = book(("slow", {"after": "2", "for": "1", "every": "3"}))
    seen = []
    for _ in range(9):
        seen.append(rules.is_on("slow"))
        await elapse(1.0)

    assert seen == [False, False, True, False, False, True, False, False, True]


@pytest.mark.parametrize("written", ["50", "0x32", "0X32"])
@warped
async def test_a_number_may_be_written_in_hexadecimal(written: str) -> None:
    rule = book(("slow", {"device": written})).first(("slow",), lambda _rule: True)
    assert rule is not None
    assert rule.device == 0x32


@warped
async def test_a_text_stays_as_it_is_written() -> None:
    assert struck(book(("slow", {"path": "0x32"})), "slow", path="0x32")


@warped
async def test_the_first_rule_of_the_kinds_that_are_asked_for_and_of_what_it_concerns_happens() -> None:
    rules = book(("slow", {"path": "vitals"}), ("lost-ack", {"times": "1"}))

    assert not struck(rules, "reboot")
    assert struck(rules, "slow", "lost-ack", path="version")
    assert not struck(rules, "slow", "lost-ack", path="version")
    assert struck(rules, "slow", "lost-ack", path="vitals")
    assert rules.happened == {"lost-ack": 1, "slow": 1}


@warped
async def test_what_happens_once_may_be_told_to_happen_more_often() -> None:
    assert [struck(rules, "reboot") for rules in [book(("reboot", {}))] for _ in range(2)] == [True, False]
    rules = book(("Reboot", {"times": "2"}))
    assert [struck(rules, "reboot") for _ in range(3)] == [True, True, False]


@warped
async def test_rules_come_and_go_while_it_runs() -> None:
    rules = book()
    assert not struck(rules, "lost-ack")
    for written in ("lost_ack", "Lost ACK"):
        rules.add(Fault(written, {"times": "1"}))
        assert struck(rules, "lost-ack")
    rules.add(Fault("lost-ack", {}))
    rules.clear()
    assert not struck(rules, "lost-ack")


@warped
async def test_json_asks_with_numbers_or_texts() -> None:
    rules = book()
    rules.ask("slow", {"times": 1, "skip": "1"})
    assert [struck(rules, "slow") for _ in range(3)] == [False, True, False]
    with pytest.raises(ConfigError, match=r"a fault has a name, not 5\..*slow:times=2"):
        rules.ask(5, {})


@pytest.mark.parametrize(
    ("name", "parameters", "words"),
    [
        ("boil", {}, r"no fault is called 'boil'; there are slow, lost-ack, reboot\."),
        (
            "slow",
            {"heat": "1"},
            r"fault slow has no parameter heat; there are times, chance, .*, path, device\.",
        ),
        ("slow", {"began_s": "0"}, "fault slow has no parameter began_s"),
        ("slow", {"times": "often"}, r"fault slow: Expected `int \| null`, got `str` - at `\$\.times`\."),
        ("slow", {"chance": "2"}, r"fault slow: Expected `float` <= 1\.0"),
        ("slow", {"times": "-1"}, "fault slow: Expected `int` >= 0"),
        ("slow", {"device": "here"}, r"fault slow: .*'here' - at `\$\.device`"),
    ],
)
@warped
async def test_what_does_not_exist_or_cannot_be_is_refused_in_words(
    name: str, parameters: dict[str, str], words: str
) -> None:
    with pytest.raises(ConfigError, match=words) as caught:
        book((name, parameters))
    assert "slow:times=2" in str(caught.value)
