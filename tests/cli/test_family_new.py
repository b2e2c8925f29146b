from __future__ import annotations

from pathlib import Path

import pytest

from ohmstead.cli.family_new import new_family, renamed
from ohmstead.model import ConfigError


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    blueprint = tmp_path / "src/ohmstead/families/_blueprint"
    template = blueprint / "tests_template"
    template.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text("")
    (blueprint / "card.py").write_text(
        'FAMILY = Family(name="blueprint", config="a._blueprint.b:BlueprintConfig")\n'
    )
    (blueprint / "__pycache__").mkdir()
    (template / "test_blueprint.py").write_text(
        "from ohmstead.families._blueprint.wire import BLUEPRINT_PORT\n"
    )
    return tmp_path


def test_a_new_family_is_the_blueprint_under_its_name(clone: Path) -> None:
    made = new_family("toy", clone)
    assert (made.source, made.tests) == (Path("src/ohmstead/families/toy"), Path("tests/families/toy"))
    assert sorted(path.name for path in (clone / made.source).iterdir()) == ["card.py"]
    assert [path.name for path in (clone / made.tests).iterdir()] == ["test_toy.py"]
    assert (clone / made.tests / "test_toy.py").read_text() == (
        "from ohmstead.families.toy.wire import TOY_PORT\n"
    )


def test_a_name_of_two_words_is_a_module_a_class_and_a_scheme() -> None:
    text = 'name="blueprint", url="blueprint://host", module="ohmstead.families._blueprint.card", Blueprint BLUEPRINT'
    assert renamed(text, "acme_box") == (
        'name="acme-box", url="acme-box://host", module="ohmstead.families.acme_box.card", AcmeBox ACME_BOX'
    )


@pytest.mark.parametrize("name", ["Toy", "2toys", "_toy", "a b", "class", "toy/../x", ""])
def test_what_cannot_be_a_name_is_refused(clone: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="no family name"):
        new_family(name, clone)


def test_an_existing_family_is_left_alone(clone: Path) -> None:
    new_family("toy", clone)
    with pytest.raises(ConfigError, match="exists already; nothing was changed"):
        new_family("toy", clone)


def test_without_a_clone_it_says_what_it_needs(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is no clone of Ohmstead"):
        new_family("toy", tmp_path)
