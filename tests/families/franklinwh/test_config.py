"""The `[[device]]` table of a gateway."""

from __future__ import annotations

import pytest

from ohmstead.families.franklinwh.config import FranklinWHConfig
from ohmstead.kit.registry import LocalServices
from ohmstead.model import ConfigError


def config(url: str) -> FranklinWHConfig:
    return FranklinWHConfig(url=url, name="annex")


@pytest.mark.parametrize(
    ("url", "account", "gateway", "base_url"),
    [
        ("franklinwh://me@example.com@/G1", "me@example.com", "G1", "https://energy.franklinwh.com/"),
        ("franklinwh://me%40example.com@/G1", "me@example.com", "G1", "https://energy.franklinwh.com/"),
        ("franklinwh://me@example.com@", "me@example.com", None, "https://energy.franklinwh.com/"),
        (
            "franklinwh://me@example.com@192.0.2.7:81/G1?plain=true",
            "me@example.com",
            "G1",
            "http://192.0.2.7:81/",
        ),
        (
            "franklinwh://me@example.com@[2001:db8::1]:81/",
            "me@example.com",
            None,
            "https://[2001:db8::1]:81/",
        ),
    ],
)
def test_a_url_names_account_cloud_and_gateway(
    url: str, account: str, gateway: str | None, base_url: str
) -> None:
    found = config(url)

    assert (found.account, found.gateway, found.base_url) == (account, gateway, base_url)


@pytest.mark.parametrize(
    "url", ["franklinwh://", "franklinwh://192.0.2.7/G1", "franklinwh://me@192.0.2.7/G1"]
)
def test_a_url_without_an_account_is_told_how_it_should_be(url: str) -> None:
    with pytest.raises(ConfigError, match=r"names no account.*you@example.com@/"):
        _ = config(url).account


def test_the_password_is_a_secret_of_the_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OHMSTEAD_FRANKLINWH_PASSWORD", raising=False)
    found = config("franklinwh://me@example.com@/G1")
    with pytest.raises(ConfigError, match="OHMSTEAD_SECRET_FRANKLINWH_ME_EXAMPLE_COM"):
        found.password(LocalServices())

    monkeypatch.setenv("OHMSTEAD_SECRET_FRANKLINWH_ME_EXAMPLE_COM", "kept")
    assert found.password(LocalServices()) == "kept"

    monkeypatch.setenv("OHMSTEAD_FRANKLINWH_PASSWORD", "said")
    assert found.password(LocalServices()) == "said"


def test_the_vendors_cloud_is_verified_as_usual_and_another_by_its_certificate() -> None:
    assert config("franklinwh://me@example.com@/").tls() is None
    pinned = config(f"franklinwh://me@example.com@192.0.2.7/?fingerprint={':'.join(['AB'] * 32)}").tls()
    assert pinned is not None
    with pytest.raises(ConfigError):
        FranklinWHConfig(url="franklinwh://me@example.com@/", name="x", certificate="/nowhere.pem").tls()
