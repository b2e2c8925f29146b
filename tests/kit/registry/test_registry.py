"""Finding families and loading what their cards name."""

from __future__ import annotations

from pathlib import Path

import pytest

import ohmstead.families
from ohmstead.kit.registry import LocalServices, config_from_table, families, family, family_of_url, load
from ohmstead.model import ConfigError, DeviceConfig, Family, RealClock
from ohmstead.testing import warped


def test_text_becomes_the_thing_it_names() -> None:
    assert load("ohmstead.model:Family") is Family
    assert load("ohmstead.model:Family.__name__") == "Family"


def test_every_folder_with_a_card_is_a_family() -> None:
    cards = Path(ohmstead.families.__file__).parent.glob("[!_]*/card.py")

    # A folder is a Python package; the name that people type has hyphens.
    assert set(families()) == {card.parent.name.replace("_", "-") for card in cards}
    assert all(name == card.name for name, card in families().items())


@pytest.mark.usefixtures("acme")
def test_a_family_of_another_package_is_found_by_its_entry_point() -> None:
    assert family("acme").title == "Acme"
    assert family_of_url("acmes://192.0.2.7").name == "acme"


def test_no_two_families_speak_one_scheme() -> None:
    schemes = [scheme for card in families().values() for scheme in card.schemes]

    assert len(schemes) == len(set(schemes))


def test_everything_a_card_names_can_be_loaded() -> None:
    for card in families().values():
        for reference in (
            card.config,
            card.connect,
            card.simulate,
            card.capture,
            card.commands,
            card.discover,
        ):
            assert not reference or load(reference) is not None
        assert issubclass(load(card.config), DeviceConfig)


@pytest.mark.usefixtures("acme")
def test_a_family_nobody_knows_is_answered_with_those_there_are() -> None:
    with pytest.raises(ConfigError, match=r"no family is called 'acne'; there are .*acme"):
        family("acne")


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize("url", ["acne://192.0.2.7", "acme", "", "192.0.2.7", "://", "acme:/192.0.2.7"])
def test_a_url_nobody_speaks_is_answered_with_the_schemes_there_are(url: str) -> None:
    with pytest.raises(ConfigError, match=r"is no device URL; known are .*acme://, acmes://\. For example"):
        family_of_url(url)


@pytest.mark.usefixtures("acme")
def test_a_device_table_becomes_its_familys_config_named_after_its_host() -> None:
    config = config_from_table({"url": "acme://192.0.2.7", "inverters": 2})

    assert (config.url, config.name, config.control) == ("acme://192.0.2.7", "192.0.2.7", False)
    assert type(config).__name__ == "AcmeConfig"
    assert config_from_table({"url": "acme://192.0.2.7", "name": "roof"}).name == "roof"


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ({}, r"needs its url\. For example: url ="),
        ({"url": 7}, "needs its url"),
        ({"url": "acme://192.0.2.7", "colour": "red"}, r"192\.0\.2\.7: .*unknown field `colour`"),
        ({"url": "acme://192.0.2.7", "control": "yes"}, r"Expected `bool`.*\$\.control"),
        ({"url": "acme://192.0.2.7", "inverters": "2"}, r"Expected `int`.*\$\.inverters"),
        ({"url": "acme://[192.0.2.7"}, "is no device URL"),
        ({"url": "acme://192.0.2.7:port"}, "is no device URL"),
    ],
)
def test_a_wrong_table_is_refused_with_its_key(table: dict[str, object], complaint: str) -> None:
    with pytest.raises(ConfigError, match=complaint):
        config_from_table(table)


@warped
async def test_a_library_user_gets_a_clock_budgets_and_secrets_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OHMSTEAD_SECRET_ROOF_PASSWORD", "open sesame")
    services = LocalServices()

    assert isinstance(services.clock, RealClock)
    assert services.tap("roof") is None
    assert services.secret("roof/password") == "open sesame"
    assert await services.spend("flash", 1, 1, 60)
    assert not await services.spend("flash", 1, 1, 60)
    assert await services.recall("topology") is None
    await services.remember("topology", "two packs")
    assert await services.recall("topology") == "two packs"
    with pytest.raises(ConfigError, match=r"no secret for 'annex'.*OHMSTEAD_SECRET_ANNEX="):
        services.secret("annex")


def test_a_simulators_password_is_given_where_the_environment_has_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OHMSTEAD_SECRET_ROOF_PASSWORD", "open sesame")
    services = LocalServices(password="simulated")

    assert (services.secret("roof/password"), services.secret("annex")) == ("open sesame", "simulated")
