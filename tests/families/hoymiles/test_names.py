"""Every exchange of the published lists has its two names, whoever starts it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ohmstead.families.hoymiles.messages import WITHOUT_LAYOUT, messages_by_id
from ohmstead.families.hoymiles.names import App, Cloud, Names, clear_name
from ohmstead.families.hoymiles.protos.command_pb2 import CommandToDtu

ENTRIES = json.loads((Path(__file__).parent / "data" / "exchanges.json").read_text(encoding="utf-8"))
LINKS: dict[str, Names] = {"app": App, "cloud": Cloud}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: f"{entry['role']}-{entry['operation']}")
def test_an_exchange_has_both_names_or_none(entry: dict[str, Any]) -> None:
    link, name = LINKS[entry["role"]], clear_name(entry["operation"])
    request_id, answer_id = int(entry["command_id_request"], 16), int(entry["command_id_response"], 16)
    if "?" in (entry["request_message"] or "?") or entry["operation"] in WITHOUT_LAYOUT:
        assert not hasattr(link, name)
        assert WITHOUT_LAYOUT[entry["operation"]] == request_id
        return
    pair = getattr(link, name)
    assert (pair.Req.DESCRIPTOR.name, pair.Req.msg_type) == (entry["request_message"], request_id)
    assert (pair.Res.DESCRIPTOR.name, pair.Res.msg_type) == (entry["response_message"], answer_id)
    assert pair.Res.msg_type == pair.Req.msg_type ^ 0x0100
    comes_from_dtu = entry["initiator"] == "dtu"
    assert pair.Req.__name__.endswith("FromDtu" if comes_from_dtu else "ToDtu")
    assert pair.Res.__name__.endswith("ToDtu" if comes_from_dtu else "FromDtu")
    assert bool(pair.Req.msg_type & 0x0100) is not comes_from_dtu
    assert (pair.exchange.header.value, pair.exchange.encrypted) == (
        entry["header"],
        entry["encrypted_on_new_firmware"],
    )


def test_there_are_44_entries_and_no_name_besides() -> None:
    assert len(ENTRIES) == 44
    named = [e for e in ENTRIES if e["operation"] not in WITHOUT_LAYOUT]
    assert len(list(App)) + len(list(Cloud)) == len(named)


@pytest.mark.parametrize("link", [App, Cloud], ids=["app", "cloud"])
def test_an_id_means_one_class_on_a_link(link: Names) -> None:
    sides = [side for pair in link for side in (pair.Req, pair.Res)]
    assert len({side.msg_type for side in sides}) == len(sides)
    assert all(messages_by_id()[side.msg_type] is side.message for side in sides)


def test_a_name_stands_for_the_class_and_not_for_a_copy() -> None:
    made = App.Command.Req(action=8)
    assert type(made) is CommandToDtu
    assert isinstance(made, App.Command.Req)  # type: ignore[arg-type]
    assert isinstance(made, Cloud.Command.Req)  # type: ignore[arg-type]
    assert not isinstance(made, App.Command.Res)  # type: ignore[arg-type]
    assert App.Command.Req == CommandToDtu
    assert App.Command.Req != Cloud.Command.Req
    assert (App.Command.Req.msg_type, Cloud.Command.Req.msg_type) == (0xA305, 0x2305)
    assert type(App.Command.Req.FromString(made.SerializeToString())) is CommandToDtu


@pytest.mark.parametrize(
    ("link", "alias", "name"),
    [
        (App, "DevData", "DevInfo"),
        (App, "RealtimeData", "RealData"),
        (App, "RealtimeDataNew", "RealDataNew"),
        (App, "GetConfig", "ConfigGet"),
        (App, "SetConfig", "ConfigSet"),
        (Cloud, "DevData", "DevInfo"),
        (Cloud, "RealtimeDataNew", "RealDataNew"),
    ],
)
def test_names_of_another_library_resolve(link: Names, alias: str, name: str) -> None:
    assert getattr(link, alias) is getattr(link, name)
    assert alias in dir(link)


def test_history_is_a_name_of_its_own_on_the_cloud_link() -> None:
    assert (Cloud.HistoryData.Req.msg_type, Cloud.HistoryDataNew.Req.msg_type) == (0x2204, 0x220D)


def test_what_is_no_exchange_says_what_there_is() -> None:
    with pytest.raises(AttributeError, match="no exchange is called Weather; there are DevInfo, Heartbeat"):
        _ = App.Weather
