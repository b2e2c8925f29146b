"""The report tells what was proved, and nothing of the home it was proved in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ohmstead.families.franklinwh.v2l.har import judged, read_entries, report
from ohmstead.families.franklinwh.v2l.har.redacting import Redactor
from ohmstead.families.franklinwh.v2l.har.report import report_path, write_report
from ohmstead.model import ConfigError

GENERATOR = "hes-gateway/terminal/updateIotGenerator"


def reported(recording: Any) -> dict[str, Any]:
    entries, redactor = read_entries(recording.har()), Redactor()
    return report(judged(entries, redactor), entries, redactor)


def scenario(verdict: str, recording: Any, circuits: Any, switched: Any) -> Any:
    secret = {
        "token": "canarytoken123",
        "wifi_SSID": "canary-ssid",
        "userEmail": "canary@example.com",
        "id": 77_001,
    }
    recording.tunnel(311, {"opt": 0}, {**circuits, **secret})
    match verdict:
        case "circuit3":
            recording.tunnel(311, switched(1, **secret), {"opt": 1, **secret}).live(v2lRunState=2)
        case "generator":
            recording.add("POST", GENERATOR, {"v2LModeCtrl": 1, "opt": 1, **secret}, secret)
        case "other-endpoint":
            recording.add(
                "POST",
                "hes-gateway/terminal/canary@example.com/updateV2l",
                {
                    "v2lSwitch": 1,
                    "v2lOwner": "canary@example.com",
                    "canary-ssid": {"v2lHome": "canary-sauna"},
                },
                secret,
            )
    return recording


@pytest.mark.parametrize("verdict", ["circuit3", "generator", "other-endpoint", "undecided"])
def test_no_planted_secret_is_in_a_report(
    verdict: str, recording: Any, circuits: Any, switched: Any, secrets: tuple[str, ...]
) -> None:
    scenario(verdict, recording, circuits, switched)
    captured = recording.har().decode()
    assert [secret for secret in secrets if secret not in captured] == ["1 Canary Street", "41.4142"] * (
        verdict != "circuit3"
    )

    found = reported(recording)

    assert found["verdict"] == verdict
    text = json.dumps(found)
    assert [secret for secret in (*secrets, "77001", "10001", "1795251600") if secret in text] == []


def test_what_the_search_is_about_stays(recording: Any, circuits: Any, switched: Any) -> None:
    found = reported(scenario("circuit3", recording, circuits, switched))

    write = next(entry for entry in found["entries"] if entry["entry"] == 4)
    payload = write["request"]["dataArea"]
    assert (payload["Sw3Mode"], payload["Sw3ProLoad"], payload["modeChoose"]) == (1, 0, 3)
    assert (write["query"], write["request"]["cmdType"]) == ({"lang": "en_US"}, 311)
    assert payload["other_fields"] == 4


def test_the_same_serial_is_the_same_placeholder(recording: Any, circuits: Any, switched: Any) -> None:
    found = reported(scenario("circuit3", recording, circuits, switched))

    serials = {entry["request"]["equipNo"] for entry in found["entries"] if "equipNo" in entry["request"]}
    assert serials == {"serial-1"}


def test_a_report_lies_beside_its_capture() -> None:
    assert report_path(Path("/a/drive.har.gz"), None) == Path("/a/drive.redacted.json")
    assert report_path(Path("/a/drive.har"), Path("out.json")) == Path("out.json")


def test_a_report_replaces_nothing_by_accident(tmp_path: Path) -> None:
    capture, other = tmp_path / "a.har", tmp_path / "b.json"
    capture.write_text("capture")
    other.write_text("other")

    with pytest.raises(ConfigError, match="--force"):
        write_report({}, other, capture, force=False)
    with pytest.raises(ConfigError, match="replace the capture"):
        write_report({}, capture, capture, force=True)
    write_report({"verdict": "undecided"}, other, capture, force=True)

    assert json.loads(other.read_text()) == {"verdict": "undecided"}
    assert capture.read_text() == "capture"
