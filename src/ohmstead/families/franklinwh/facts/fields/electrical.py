"""Voltages, currents and relays, which the gateway is asked for on request."""

from __future__ import annotations

from typing import Final

from ohmstead.families.franklinwh.facts.fields.field import (
    Table,
    count,
    number,
)

ELECTRICAL: Final = Table(
    "211:type1/dataArea",
    "both clients",
    (
        count(
            "gridRelay2",
            "current.grid_relay2",
            codes="RELAY",
            note="client comments name gridRelayStat; client code reads gridRelay2",
        ),
        count("blackStartRelay", "current.black_start_relay", codes="RELAY"),
        count("pvRelay2", "current.pv_relay2", codes="RELAY"),
        count("BFPVApboxRelay", "current.bfpv_apbox_relay", codes="RELAY"),
        count("loadRelay1Stat", "current.load_relay1", codes="RELAY"),
        count("loadRelay2Stat", "current.load_relay2", codes="RELAY"),
        count(
            "evRelayStat",
            "current.v2l_relay",
            codes="RELAY",
            note="V2L contactor: 1 = shown OPEN = contactor closed and active; 0 = shown CLOSED = not connected",
        ),
        count("loadSolarRelay1Stat", "current.load_solar_relay1", codes="RELAY"),
        count("loadSolarRelay2Stat", "current.load_solar_relay2", codes="RELAY"),
        number("gridVol1", "current.grid_voltage1", "V"),
        number("gridVol2", "current.grid_voltage2", "V"),
        number("gridCurr1", "current.grid_current1", "A"),
        number("gridCurr2", "current.grid_current2", "A"),
        number("gridFreq", "current.grid_frequency", "Hz"),
        number("dspSetFreq", "current.grid_set_frequency", "Hz"),
        number("gridLineVol", "current.grid_line_voltage", "V", per=10, note="2440 -> 244.0"),
        number("genVoltage", "current.generator_voltage", "V"),
        number("loadCurr1", "current.load_current1", "A"),
        number("loadCurr2", "current.load_current2", "A"),
        count("dspRunStatus", "current.dsp_run_status"),
        count("ibgRunStatus", "current.ibg_run_status"),
        count("electricity_type", "current.electricity_type"),
        count("gridRelayStat", "", codes="RELAY", note="same contact as main_sw[0]"),
        count("oilRelayStat", "", codes="RELAY", note="same contact as main_sw[1]"),
        count("solarRelayStat", "", codes="RELAY", note="same contact as main_sw[2]"),
    ),
)
