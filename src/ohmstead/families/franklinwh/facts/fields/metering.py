"""Metering of circuits, vehicle port and generator input, and the circuits of newer firmware."""

from __future__ import annotations

from typing import Final

from ohmstead.families.franklinwh.facts.fields.field import (
    Secrecy,
    Table,
    When,
    anything,
    count,
    counts,
    number,
    text,
)

METERING: Final = Table(
    "353/dataArea",
    "captures; scales see `scales`",
    (
        number(
            "SW1ExpPower",
            "current.switch_1_load",
            "kW",
            per=1000,
            when=When.WHOLE,
            note="integer wire value is W; float wire value is taken as kW already; when circuits are merged each leg carries about half",
        ),
        number("SW2ExpPower", "current.switch_2_load", "kW", per=1000, when=When.WHOLE),
        number(
            "SW3ExpPower",
            "current.switch_3_load",
            "kW",
            per=1000,
            when=When.WHOLE,
            is_optional=True,
            note="not seen on the wire; circuit 3 of a V1 unit is metered as CarSW",
        ),
        number("CarSWPower", "current.v2l_use", "kW", per=1000, when=When.WHOLE),
        number(
            "CarSWExpEnergy",
            "current.v2l_export",
            "kWh",
            per=1000,
            when=When.WHOLE,
            note="same value as totals.v2l_export: energy out of the CarSW port",
        ),
        number(
            "CarSWImpEnergy",
            "current.v2l_import",
            "kWh",
            per=1000,
            when=When.WHOLE,
            note="same value as totals.v2l_import: energy into the CarSW port",
        ),
        number("SW1ExpEnergy", "totals.switch_1_use", "kWh", per=1000, when=When.WHOLE),
        number("SW2ExpEnergy", "totals.switch_2_use", "kWh", per=1000, when=When.WHOLE),
        number("CarSWExpEnergy", "totals.v2l_export", "kWh", per=1000, when=When.WHOLE),
        number("CarSWImpEnergy", "totals.v2l_import", "kWh", per=1000, when=When.WHOLE),
        number(
            "SW3ExpEnergy",
            "totals.switch_3_use",
            "kWh",
            per=1000,
            when=When.WHOLE,
            is_optional=True,
            note="not seen on the wire",
        ),
        number(
            "CarSWCurr", "accessories_power(2).v2l.current", "A", note="tenths unproven: default factor 1"
        ),
        number("CarSWPower", "accessories_power(2).v2l.power", "kW", per=1000, when=When.WHOLE),
        number("CarSWImpEnergy", "accessories_power(2).v2l.imp_energy", "kWh", per=1000, when=When.WHOLE),
        number("CarSWExpEnergy", "accessories_power(2).v2l.exp_energy", "kWh", per=1000, when=When.WHOLE),
        number(
            "genpowerGen",
            "accessories_power(3).generator.power",
            "kW",
            per=1000,
            when=When.WHOLE,
            note="the only generator-specific electrical field",
        ),
        number(
            "volt",
            "accessories_power(3).generator.voltage",
            "V",
            per=10,
            when=When.WHOLE,
            note="2 is noise with no generator",
        ),
        number(
            "curr",
            "accessories_power(3).generator.current",
            "A",
            per=10,
            when=When.WHOLE,
            note="factor chosen by analogy, unproven",
        ),
        number(
            "freq",
            "accessories_power(3).generator.frequency",
            "Hz",
            per=10,
            when=When.WHOLE,
            note="500 = 50.0, 599 = 59.9; 0 when nothing connected",
        ),
        count("power", "", "W", note="gateway-level value, not generator output"),
        number(
            "Sw1Volt",
            "accessories_power(1).smart_circuits[].voltage",
            "V",
            per=10,
            when=When.WHOLE,
            note="note lower-case w",
        ),
        number("Sw2Volt", "accessories_power(1).smart_circuits[].voltage", "V", per=10, when=When.WHOLE),
        number("SW1Curr", "accessories_power(1).smart_circuits[].current", "A", note="note upper-case W"),
        number("SW2Curr", "accessories_power(1).smart_circuits[].current", "A"),
        count(
            "CarSwConsSupExpEnerge", "", note="energy under continuous car supply; spelling is the vendor's"
        ),
    ),
)

CIRCUITS_V2: Final = Table(
    "387/dataArea",
    "owner",
    (
        text("smartSwitch[].name", "circuits_v2[].name", secrecy=Secrecy.PERSONAL),
        count("smartSwitch[].openAction", "circuits_v2[].on", note="1 off 2 on"),
        count("smartSwitch[].socThreshold", "circuits_v2[].soc_threshold", "%"),
        anything("smartSwitch[].schedule", "circuits_v2[].schedule", note="shape unrecorded; echo untouched"),
        counts("merge", "circuits_v2.merged", note="[0,0] separate; [1,2] merged"),
    ),
)

METERING_V2: Final = Table(
    "389/dataArea",
    "owner",
    (
        count("smartSwitchData[].power", "circuits_v2[].power", "W", per=1000),
        count("smartSwitchData[].exportEnergy", "circuits_v2[].export_energy", "Wh", per=1000),
        count("smartSwitchData[].importEnergy", "circuits_v2[].import_energy", "Wh", per=1000),
    ),
)
