"""The generator record, and the grid switch."""

from __future__ import annotations

from typing import Final

from ohmstead.families.franklinwh.facts.fields.field import (
    Table,
    clock,
    count,
    number,
    switch,
    text,
)

GENERATOR: Final = Table(
    "selectIotGenerator",
    "captures; `status` by contract",
    (
        count(
            "status",
            "generator.status",
            codes="GENERATOR_STATE",
            note="contract field; mirrors genStat; absent in captures - synthesise from genStat",
        ),
        count("genStat", "generator.state", codes="GENERATOR_STATE"),
        count(
            "manuSw",
            "generator.manual_switch",
            codes="GEN_MANUSW",
            note="contract contract 1 auto 2 manual; captures: momentary command, reads back 0",
        ),
        count("mode", "generator.mode", codes="GEN_MODE", note="0 unset"),
        count("opt", "generator.opt"),
        switch("genEn", "generator.enabled"),
        count("genStartElec", "generator.start_below_soc", "%", note="default 20"),
        count("genCloseElec", "generator.stop_above_soc", "%", note="default 80"),
        count("genRatedPower", "generator.rated_power", "W"),
        text("genModel", "generator.model"),
        count("startDelTime", "generator.start_delay", "s", note="default 1800"),
        count("genOptiPPoint", "generator.optimal_power", "%", note="default 70"),
        count("gridVoltCheck", "generator.grid_volt_check"),
        switch("generatorAlarmFlag", "generator.alarm"),
        count("genpowerGen", "generator.power_w", "W", note="missing on a gateway with no module"),
        count("power", "", "W"),
        number("volt", "", "0.1 V"),
        count("curr", ""),
        number("freq", "", "0.1 Hz"),
        switch("oilmanoEn", "generator.exercise.enabled", note="maintenance run"),
        count("manoFre", "generator.exercise.every_days", "d", note="default 7"),
        count("manoDate", "generator.exercise.day"),
        clock("manoStartTime", "generator.exercise.start"),
        count("manoTime", "generator.exercise.minutes", "min", note="default 5"),
        switch("manoManExit", "generator.exercise.manual_exit"),
        switch("genAsSmartLoadEnable", "generator.as_smart_load", note="write only in captures"),
        switch("v2lModeEnable", "generator.v2l.enabled"),
        count("v2lRunState", "generator.v2l.run_state", codes="V2L_RUN_STATE"),
        switch("v2LModeEnable", "generator.v2l.enabled", note="capital L duplicate"),
        count("v2LRunState", "generator.v2l.run_state", codes="V2L_RUN_STATE", note="capital L duplicate"),
        switch("v2LModeCtrl", "generator.v2l.control", note="likely start/stop control of V2L; unverified"),
        count("v2LCarRatedPower", "generator.v2l.car_rated_power", "W", note="default 2000"),
        count("v2LStartTimeout", "generator.v2l.start_timeout", "s", note="default 300"),
        switch("charge1En", "generator.windows[1].enabled"),
        clock("charge1StartTime", "generator.windows[1].start", note="gateway local"),
        clock("charge1EndTime", "generator.windows[1].end", note="gateway local"),
        switch("charge2En", "generator.windows[2].enabled"),
        clock("charge2StartTime", "generator.windows[2].start", note="gateway local"),
        clock("charge2EndTime", "generator.windows[2].end", note="gateway local"),
        switch("charge3En", "generator.windows[3].enabled"),
        clock("charge3StartTime", "generator.windows[3].start", note="gateway local"),
        clock("charge3EndTime", "generator.windows[3].end", note="gateway local"),
    ),
)

OFF_GRID: Final = Table(
    "selectOffgrid",
    "captures",
    (
        switch("offgridSet", "grid.requested", note="user asked for off grid"),
        switch("offgridState", "grid.simulated", note="1 = off grid in effect by request"),
    ),
)
