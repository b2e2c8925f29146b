"""The enumerations of API version 1.0.0. Source: the interface's schema, checked against recorded traffic."""

from __future__ import annotations

from collections.abc import Mapping

from ohmstead.families.everest.schema.text import Text


class ResponseErrorEnum(Text):
    """What became of a call; in every result but that of the greeting."""

    NO_ERROR = "NoError"
    ERROR_INVALID_PARAMETER = "ErrorInvalidParameter"
    ERROR_OUT_OF_RANGE = "ErrorOutOfRange"
    ERROR_VALUES_NOT_APPLIED = "ErrorValuesNotApplied"
    ERROR_INVALID_EVSE_INDEX = "ErrorInvalidEVSEIndex"
    ERROR_INVALID_CONNECTOR_INDEX = "ErrorInvalidConnectorIndex"
    ERROR_NO_DATA_AVAILABLE = "ErrorNoDataAvailable"
    ERROR_OPERATION_NOT_SUPPORTED = "ErrorOperationNotSupported"
    ERROR_UNKNOWN_ERROR = "ErrorUnknownError"

    @classmethod
    def aliases(cls) -> Mapping[str, str]:
        """The interface's manual names one of them otherwise than its schema and every server do."""
        return {"ErrorInvalidConnectorId": "ErrorInvalidConnectorIndex"}


class ChargeProtocolEnum(Text):
    """How car and EVSE speak."""

    UNKNOWN = "Unknown"
    IEC61851 = "IEC61851"
    DIN70121 = "DIN70121"
    ISO15118 = "ISO15118"
    ISO15118_20 = "ISO15118_20"


class EVSEStateEnum(Text):
    """What an EVSE is doing."""

    UNKNOWN = "Unknown"
    UNPLUGGED = "Unplugged"
    DISABLED = "Disabled"
    PREPARING = "Preparing"
    RESERVED = "Reserved"
    AUTH_REQUIRED = "AuthRequired"
    CHARGING_PAUSED_EV = "ChargingPausedEV"
    CHARGING_PAUSED_EVSE = "ChargingPausedEVSE"
    CHARGING = "Charging"
    AUTH_TIMEOUT = "AuthTimeout"
    FINISHED = "Finished"
    FINISHED_EVSE = "FinishedEVSE"
    FINISHED_EV = "FinishedEV"
    SWITCHING_PHASES = "SwitchingPhases"


class ConnectorTypeEnum(Text):
    """The plug: c a cable, s a socket, w without a wire."""

    C_CCS1 = "cCCS1"
    C_CCS2 = "cCCS2"
    C_G105 = "cG105"
    C_TESLA = "cTesla"
    C_TYPE1 = "cType1"
    C_TYPE2 = "cType2"
    S309_1_P_16_A = "s309_1P_16A"
    S309_1_P_32_A = "s309_1P_32A"
    S309_3_P_16_A = "s309_3P_16A"
    S309_3_P_32_A = "s309_3P_32A"
    S_BS1361 = "sBS1361"
    S_CEE_7_7 = "sCEE_7_7"
    S_TYPE2 = "sType2"
    S_TYPE3 = "sType3"
    OTHER1_PH_MAX16_A = "Other1PhMax16A"
    OTHER1_PH_OVER16_A = "Other1PhOver16A"
    OTHER3_PH = "Other3Ph"
    PAN = "Pan"
    W_INDUCTIVE = "wInductive"
    W_RESONANT = "wResonant"
    UNDETERMINED = "Undetermined"
    UNKNOWN = "Unknown"


class EnergyTransferModeEnum(Text):
    """What an EVSE can do; see `modes` for what follows."""

    AC_SINGLE_PHASE_CORE = "AC_single_phase_core"
    AC_TWO_PHASE = "AC_two_phase"
    AC_THREE_PHASE_CORE = "AC_three_phase_core"
    DC_CORE = "DC_core"
    DC_EXTENDED = "DC_extended"
    DC_COMBO_CORE = "DC_combo_core"
    DC_UNIQUE = "DC_unique"
    DC = "DC"
    AC_BPT = "AC_BPT"
    AC_BPT_DER = "AC_BPT_DER"
    AC_DER = "AC_DER"
    AC_DER_IEC = "AC_DER_IEC"
    AC_DER_SAE = "AC_DER_SAE"
    DC_BPT = "DC_BPT"
    DC_ACDP = "DC_ACDP"
    DC_ACDP_BPT = "DC_ACDP_BPT"
    WPT = "WPT"
    MCS = "MCS"
    MCS_BPT = "MCS_BPT"


class Severity(Text):
    """How bad an error is."""

    HIGH = "High"
    MEDIUM = "Medium"
    LOW = "Low"
