"""What Home Assistant is to show of a device, whichever way it is announced."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec

from ohmstead.bridges.fields import FIELDS, FLOWS, UNITS, Field, Kind, Unit, tag_of
from ohmstead.bridges.mqtt.controls import CONTROLS, PRESS, Shape, bounds, options, shape
from ohmstead.bridges.mqtt.topics import Topics
from ohmstead.model import ChargerState, Detail, Envelope
from ohmstead.polling import HealthState

Config = Mapping[str, Any]
"""Any: JSON."""
STATE_CLASSES: Final = {Kind.MEASUREMENT: "measurement", Kind.TOTAL: "total_increasing"}
WORDS: Final = tuple(state.value for state in ChargerState if state is not ChargerState.UNKNOWN)
NUMBER_CLASSES: Final = {"W": "power", "A": "current"}
"""Of numbers that a person sets."""
DETAIL: Final = "detail_"
"""At the beginning of the keys of vendors' own values."""
TOLD: Final = "(value_json | default({}))"
"""Of a topic that is being cleared nothing is told."""
SMALLEST_STEP: Final = 0.001
DIGITS: Final = 3
"""Of a converted value: to the Wh."""


class Entity(msgspec.Struct, frozen=True):
    platform: str
    key: str
    """Unique below its device."""
    config: Config


def of_fields(topic: str, known: Collection[str], counting: Collection[str]) -> Iterator[Entity]:
    """Of fields that a device has ever told, by their keys; `counting` are roles whose meters count for the home."""
    for field in FIELDS:
        if field.key in known:
            yield of_field(field, topic, is_offered=tag_of(field.role) in counting)


def of_field(field: Field, topic: str, *, is_offered: bool) -> Entity:
    """A meter that does not count is there for whoever enables it, and nobody adds its energy up by mistake."""
    value = f"{TOLD}.get('{tag_of(field.role)}', {{}}).get('{field.name}')"
    config: dict[str, Any] = {"name": field.title, "state_topic": topic}
    if not is_offered:
        config["enabled_by_default"] = False
    if field.kind is Kind.FLAG:
        template = f"{{% set v = {value} %}}{{{{ 'None' if v is none else ('ON' if v else 'OFF') }}}}"
        config |= {"device_class": field.device_class, "value_template": template}
        return Entity("binary_sensor", _key(field.key), config)
    if field.kind is Kind.WORD:
        config |= {"device_class": "enum", "options": WORDS, "value_template": f"{{{{ {value} }}}}"}
        return Entity("sensor", _key(field.key), config)
    config |= _measured(field.unit, value)
    if field.device_class:
        config["device_class"] = field.device_class
    if state_class := STATE_CLASSES.get(field.kind):
        config["state_class"] = state_class
    return Entity("sensor", _key(field.key), config)


def of_details(topic: str, details: Iterable[Detail]) -> Iterator[Entity]:
    """Measured values in the vendor's words, off until somebody enables them."""
    for detail in details:
        unit = UNITS.get(detail.unit)
        if unit is None or isinstance(detail.value, bool | str):
            continue
        config = {
            "name": detail.label,
            "state_topic": topic,
            "entity_category": "diagnostic",
            "enabled_by_default": False,
            **_measured(unit, f"{TOLD}.get({json.dumps(detail.key)})"),
        }
        if unit.device_class != "energy":  # some of a vendor's counters fall, and nobody has looked at them
            config["state_class"] = "measurement"
        yield Entity("sensor", f"{DETAIL}{_key(detail.key)}", config)


def of_health(topics: Topics, name: str) -> Entity:
    """Known while the gateway is, also of a device that is not reached."""
    topic = topics.device(name, "health")
    config = {
        "name": "Health",
        "state_topic": topic,
        **_attributes(topic),
        "value_template": f"{{{{ {TOLD}.get('state') }}}}",
        "device_class": "enum",
        "options": [state.value for state in HealthState],
        "entity_category": "diagnostic",
        "availability": [{"topic": topics.status}],
    }
    return Entity("sensor", "health", config)


def of_home(topics: Topics) -> Iterator[Entity]:
    for name, title in FLOWS.items():
        measured = _measured(UNITS["W"], f"{TOLD}.get('{name}')")
        config = {"name": title, "state_topic": topics.home, "state_class": "measurement", **measured}
        yield Entity("sensor", name, config)


def of_abilities(topics: Topics, name: str, abilities: Mapping[str, Envelope]) -> Iterator[Entity]:
    for ability, envelope in abilities.items():
        kind = shape(ability, envelope)
        if kind is None:
            continue
        config: dict[str, Any] = {
            "name": CONTROLS[ability].title,
            "command_topic": topics.device(name, f"set/{ability}"),
            **_attributes(topics.device(name, f"receipt/{ability}")),
            **_offered(kind, ability, envelope),
        }
        if kind is not Shape.BUTTON:
            config |= {
                "state_topic": topics.device(name, "settings"),
                "value_template": f"{{{{ {TOLD}.get('{ability}') }}}}",
            }
        yield Entity(kind.value, ability, config)


def _offered(kind: Shape, ability: str, envelope: Envelope) -> Config:
    if kind is Shape.SWITCH:
        return {"payload_on": "1", "payload_off": "0", "state_on": "1", "state_off": "0", "optimistic": False}
    if kind is Shape.BUTTON:
        return {"payload_press": PRESS, "entity_category": "config"}
    if kind is Shape.SELECT:
        return {"options": options(ability, envelope), "optimistic": False}
    low, high = bounds(envelope)
    config = {"min": low, "max": high, "step": max(envelope.step, SMALLEST_STEP), "mode": "box"}
    unit = {"unit_of_measurement": envelope.unit} if envelope.unit else {}
    classed = NUMBER_CLASSES.get(envelope.unit)
    return {**config, **unit, **({"device_class": classed} if classed else {}), "optimistic": False}


def _measured(unit: Unit | None, value: str) -> Config:
    """Unknown stays unknown: Home Assistant reads "None" as no value."""
    if unit is None:
        return {"value_template": f"{{{{ {value} }}}}"}
    told = f"(v / {unit.divisor}) | round({DIGITS})" if unit.divisor != 1 else "v"
    config: dict[str, Any] = {
        "value_template": f"{{% set v = {value} %}}{{{{ {told} if v is number else None }}}}",
        "unit_of_measurement": unit.symbol,
        "suggested_display_precision": unit.digits,
    }
    return {**config, "device_class": unit.device_class} if unit.device_class else config


def _attributes(topic: str) -> Config:
    return {"json_attributes_topic": topic, "json_attributes_template": f"{{{{ {TOLD} | tojson }}}}"}


def _key(text: str) -> str:
    return "".join(c if c.isascii() and c.isalnum() else "_" for c in text)
