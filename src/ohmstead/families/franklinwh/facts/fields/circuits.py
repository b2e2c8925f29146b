"""The circuits module: three circuits with the same fields, and what stands beside them."""

from __future__ import annotations

from typing import Final

from ohmstead.families.franklinwh.facts.fields.field import (
    Field,
    Secrecy,
    Table,
    count,
    counts,
    switch,
    text,
    texts,
)


def _circuit(n: int) -> tuple[Field, ...]:
    return (
        text(f"Sw{n}Name", f"circuits[{n}].name", secrecy=Secrecy.PERSONAL),
        count(
            f"Sw{n}Mode",
            f"circuits[{n}].mode",
            codes="CIRCUIT_MODE",
            note="0 off 1 on 2 schedule edit (write only)",
        ),
        switch(
            f"Sw{n}ProLoad",
            f"circuits[{n}].pro_load_type",
            note="written as inverse of Mode; reads show it equal to Mode",
        ),
        count(
            f"Sw{n}MsgType",
            f"circuits[{n}].msg_type",
            codes="SW_MSG_TYPE",
            note="0 none 1 switch 2 configuration",
        ),
        switch(
            f"Sw{n}AtuoEn",
            f"circuits[{n}].soc_cutoff_enabled",
            note="SoC cut-off enable; works off grid only",
        ),
        count(f"Sw{n}SocLowSet", f"circuits[{n}].soc_cutoff_limit", "%"),
        count(f"Sw{n}Freq", f"circuits[{n}].cycle_days", "days", note="cycle; 0 once"),
        texts(
            f"Sw{n}Time",
            f"circuits[{n}].time_schedules",
            note="four YYYY-MM-DD HH:MM entries, two start/end pairs",
        ),
        counts(f"Sw{n}TimeEn", f"circuits[{n}].time_enabled", note="four entries"),
        counts(f"Sw{n}TimeSet", f"circuits[{n}].time_set", note="pattern 1,0,1,0 when armed"),
        count(f"Sw{n}LoadLimit", f"circuits[{n}].load_limit", "A"),
        count(f"Sw{n}OpenTime", f"circuits[{n}].open_time", "min"),
        count(f"Sw{n}CloseTime", f"circuits[{n}].close_time", "min"),
        count(f"Sw{n}OpenTime2", f"circuits[{n}].open_time_2", "min"),
        count(f"Sw{n}CloseTime2", f"circuits[{n}].close_time_2", "min"),
    )


CIRCUITS: Final = Table(
    "311/dataArea",
    "captures; vehicle-to-load by contract",
    (
        *_circuit(1),
        *_circuit(2),
        *_circuit(3),
        count("SwMerge", "circuits_info.SwMerge", note="1 = circuits 1 and 2 act as one 240 V circuit"),
        count(
            "modeChoose",
            "circuits_info.modeChoose",
            note="dropped from writes; 14 seen on a US unit without circuits; contract expects 3 for a three-circuit layout",
        ),
        count("result", "circuits_info.result", note="0 ok"),
        count("opt", "circuits_info.opt", note="0 read 1 write"),
        text("order", "circuits_info.order", secrecy=Secrecy.PERSONAL),
        text("custom", "circuits_info.custom"),
        count("runingMode", "circuits_info.runingMode", note="equals the current programme id"),
        count("stromEn", "circuits_info.stromEn", note="storm hedge"),
        count("stopMode", "circuits_info.stopMode"),
        count("selfMinSoc", "circuits_info.selfMinSoc", note="%"),
        count("touMinSoc", "circuits_info.touMinSoc", note="%"),
        count("backupMaxSoc", "circuits_info.backupMaxSoc", note="%"),
        count("genStartSoc", "circuits_info.genStartSoc", note="%"),
        count("genStopSoc", "circuits_info.genStopSoc", note="%"),
        count("BBBackupSoc", "circuits_info.BBBackupSoc", note="%"),
        count("gridVoltCheck", "circuits_info.gridVoltCheck"),
        count("genStat", "circuits_info.genStat", note="GENERATOR_STATE"),
        count(
            "CarSwConsSupEnable",
            "circuits_info.CarSwConsSupEnable",
            note="car port continuous supply; discover reads it as v2l_port",
        ),
        count("CarSwConsSupEnerge", "circuits_info.CarSwConsSupEnerge"),
        text("CarSwConsSupStartTime", "circuits_info.CarSwConsSupStartTime"),
        count("GridChargeEn", "circuits_info.GridChargeEn"),
        count(
            "v2lModeEnable",
            "circuits_info.v2lModeEnable",
            note="by contract, on systems with vehicle-to-load",
        ),
        count(
            "v2lRunState",
            "circuits_info.v2lRunState",
            note="V2L_RUN_STATE, by contract, on systems with vehicle-to-load",
        ),
    ),
)
