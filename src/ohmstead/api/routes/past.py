"""What was recorded."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from ohmstead.api import answers, energy, missing, past
from ohmstead.api.asks import EnergyAsk, GapsAsk, HistoryAsk
from ohmstead.api.contract import Route
from ohmstead.api.views import SeriesView, SignalView
from ohmstead.kit.tokens import Scope

ROUTES: Final[tuple[Route, ...]] = (
    Route(
        method="GET",
        path="/signals",
        scope=Scope.READ,
        handler=answers.signals,
        answer=tuple[SignalView, ...],
        summary="What the history remembers.",
        problems=(HTTPStatus.SERVICE_UNAVAILABLE,),
    ),
    Route(
        method="GET",
        path="/history",
        scope=Scope.READ,
        handler=past.history,
        ask=HistoryAsk,
        answer=SeriesView,
        summary=f"One signal over time, today at the site unless asked otherwise; at most {past.MOST_POINTS} points.",
        problems=(HTTPStatus.SERVICE_UNAVAILABLE,),
    ),
    Route(
        method="GET",
        path="/gaps",
        scope=Scope.READ,
        handler=missing.gaps,
        ask=GapsAsk,
        answer=missing.GapsView,
        summary="What the history lacks: polls that were due and brought nothing, and why; today unless asked otherwise.",
        problems=(HTTPStatus.SERVICE_UNAVAILABLE,),
    ),
    Route(
        method="GET",
        path="/energy",
        scope=Scope.READ,
        handler=energy.energy,
        ask=EnergyAsk,
        answer=energy.EnergyView,
        summary="Which source fed which sink, with cost and emissions; today at the site unless asked otherwise.",
        problems=(HTTPStatus.SERVICE_UNAVAILABLE,),
    ),
)
