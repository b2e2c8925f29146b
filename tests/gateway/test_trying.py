"""A trial asks the site's secrets and keeps none."""

from __future__ import annotations

from pathlib import Path

from ohmstead.gateway.secrets import Secrets
from ohmstead.gateway.trying import TrialServices
from ohmstead.model import RealClock
from ohmstead.testing import warped


@warped
async def test_what_a_trial_keeps_is_found_again_by_itself_alone(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path)
    secrets.keep({"account": "of old"})
    services = TrialServices(RealClock(), secrets, given="")

    await services.remember_secret("session", "a token")

    assert await services.recall_secret("session") == "a token"
    assert services.secret("account") == "of old"
    assert secrets.kept("session") is None
