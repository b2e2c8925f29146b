"""Which devices there are: found, tried, and written into the site file."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from ohmstead.api import discovering, site_editing
from ohmstead.api.contract import Route
from ohmstead.api.site_asks import DiscoverAsk, FoundView, SiteAsk, SiteDocument, TryAsk, TryView
from ohmstead.kit.tokens import Scope

ROUTES: Final[tuple[Route, ...]] = (
    Route(
        method="GET",
        path="/discover",
        scope=Scope.ADMIN,
        handler=discovering.find,
        ask=DiscoverAsk,
        answer=tuple[FoundView, ...],
        summary="Look for devices in the home network. Those of the site come first, and are not disturbed.",
        problems=(HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.SERVICE_UNAVAILABLE),
    ),
    Route(
        method="POST",
        path="/devices/try",
        scope=Scope.ADMIN,
        handler=discovering.try_it,
        ask=TryAsk,
        answer=TryView,
        summary="Open a device once and say what it is, or what is wrong. Nothing is kept, and nothing written to it.",
        problems=(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            HTTPStatus.BAD_GATEWAY,
            HTTPStatus.SERVICE_UNAVAILABLE,
            HTTPStatus.GATEWAY_TIMEOUT,
        ),
    ),
    Route(
        method="GET",
        path="/site",
        scope=Scope.READ,
        handler=site_editing.site,
        answer=SiteDocument,
        summary="What the site file says, and what it may say of devices. Secrets are never in it.",
    ),
    Route(
        method="PUT",
        path="/site",
        scope=Scope.ADMIN,
        handler=site_editing.save,
        ask=SiteAsk,
        answer=SiteDocument,
        summary="Change the site file, comments kept; the running site follows. All of it is valid, or nothing is changed.",
        problems=(HTTPStatus.UNPROCESSABLE_ENTITY,),
    ),
    Route(
        method="POST",
        path="/site/undo",
        scope=Scope.ADMIN,
        handler=site_editing.undo,
        answer=SiteDocument,
        summary="Take the last change of the site file back, with the secrets that came with it.",
        problems=(HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY),
    ),
)
