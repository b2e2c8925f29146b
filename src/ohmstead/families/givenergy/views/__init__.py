"""What devices say, by kind of device: each view is one moment, decoded as far as it is asked."""

from __future__ import annotations

from ohmstead.families.givenergy.views.battery import Battery, LvBcu
from ohmstead.families.givenergy.views.ems import Ems, ManagedInverter
from ohmstead.families.givenergy.views.gateway import Gateway
from ohmstead.families.givenergy.views.inverter import SinglePhaseInverter, ThreePhaseInverter
from ohmstead.families.givenergy.views.meter import EmsMeter, Meter, MeterProduct, ThreePhaseMeter
from ohmstead.families.givenergy.views.stack import BatteryModule, Bcu, Bms, HvStack
from ohmstead.families.givenergy.views.view import Value, View

__all__ = [
    "Battery",
    "BatteryModule",
    "Bcu",
    "Bms",
    "Ems",
    "EmsMeter",
    "Gateway",
    "HvStack",
    "LvBcu",
    "ManagedInverter",
    "Meter",
    "MeterProduct",
    "SinglePhaseInverter",
    "ThreePhaseInverter",
    "ThreePhaseMeter",
    "Value",
    "View",
]
