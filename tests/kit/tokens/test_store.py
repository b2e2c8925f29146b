from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ohmstead.kit.tokens import Scope, TokenStore
from ohmstead.model import ConfigError

NOW = datetime(2026, 6, 21, 12, 0, tzinfo=UTC)
IN_90_DAYS = NOW + timedelta(days=90)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "tokens.json"


@pytest.fixture
def store(path: Path) -> TokenStore:
    return TokenStore(path)


def create(store: TokenStore, name: str = "tablet", scopes: tuple[Scope, ...] = (Scope.READ,)) -> str:
    return store.create(name, scopes, now=NOW, expires_at=IN_90_DAYS)


def test_a_token_is_found_by_its_text_alone(store: TokenStore) -> None:
    text = create(store, scopes=(Scope.CONTROL, Scope.READ))
    found = store.found(text)

    assert found is not None
    assert (found.name, found.scopes, found.created_at, found.expires_at, found.used_at) == (
        "tablet",
        (Scope.READ, Scope.CONTROL),
        NOW,
        IN_90_DAYS,
        None,
    )
    for wrong in ("", text[:-1], text + "A", text.upper(), "\ud800", "tablet"):
        assert store.found(wrong) is None


def test_s3_tokens_are_long_random_and_stored_as_hashes_only(store: TokenStore, path: Path) -> None:
    texts = {create(store, f"tablet {number}") for number in range(20)}

    assert len({text[:12] for text in texts}) == 20
    assert all(len(text.removeprefix("ohm_")) * 6 >= 256 for text in texts)
    written = path.read_text()
    assert not any(text.removeprefix("ohm_")[:16] in written for text in texts)


def test_s3_only_the_owner_can_read_the_file(store: TokenStore, path: Path) -> None:
    create(store)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [entry.name for entry in path.parent.iterdir() if "lock" not in entry.name] == ["tokens.json"]


def test_a_token_revoked_elsewhere_is_gone_at_the_next_question(store: TokenStore, path: Path) -> None:
    text = create(store)
    assert store.found(text) is not None
    TokenStore(path).revoke("tablet")

    assert store.found(text) is None
    assert store.named("tablet") is None
    assert store.tokens() == ()


def test_a_token_made_elsewhere_counts_at_once(store: TokenStore, path: Path) -> None:
    assert store.tokens() == ()
    text = create(TokenStore(path))

    assert store.found(text) is not None


def test_a_name_stands_for_one_token(store: TokenStore) -> None:
    create(store)
    with pytest.raises(ConfigError, match="already"):
        create(store)
    with pytest.raises(ConfigError, match="no token called 'phone'"):
        store.revoke("phone")


@pytest.mark.parametrize("name", ["", " tablet", "a/b", "x" * 65, "anonymous", "Anonymous", "grün", "a\nb"])
def test_a_name_that_would_confuse_is_refused(store: TokenStore, name: str, path: Path) -> None:
    with pytest.raises(ConfigError, match="name"):
        create(store, name)
    assert not path.exists()


def test_a_token_that_could_open_nothing_is_not_made(store: TokenStore) -> None:
    with pytest.raises(ConfigError, match="scope"):
        create(store, scopes=())
    with pytest.raises(ConfigError, match="expired"):
        store.create("tablet", (Scope.READ,), now=NOW, expires_at=NOW)


def test_a_token_expires_at_its_instant_or_never(store: TokenStore) -> None:
    create(store)
    store.create("heirloom", (Scope.READ,), now=NOW, expires_at=None)
    limited, unlimited = store.tokens()

    assert not limited.has_expired(IN_90_DAYS - timedelta(seconds=1))
    assert limited.has_expired(IN_90_DAYS)
    assert not unlimited.has_expired(datetime.max.replace(tzinfo=UTC))


def test_the_last_use_is_noted_to_the_minute(store: TokenStore, path: Path) -> None:
    found = store.found(create(store))
    assert found is not None
    for seconds, noted in ((0, NOW), (59, NOW), (60, NOW + timedelta(seconds=60))):
        store.used(found, NOW + timedelta(seconds=seconds))
        (kept,) = TokenStore(path).tokens()
        assert kept.used_at == noted


def test_a_use_does_not_bring_a_revoked_token_back(store: TokenStore, path: Path) -> None:
    found = store.found(create(store))
    assert found is not None
    TokenStore(path).revoke("tablet")
    store.used(found, NOW)
    text = create(TokenStore(path))
    store.used(found, NOW)

    kept = store.found(text)
    assert kept is not None
    assert kept.used_at is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 1, "tokens": [{}]}', '{"version": 1, "x": 2}'])
def test_a_damaged_file_lets_nobody_in_and_is_left_as_it_is(store: TokenStore, path: Path, text: str) -> None:
    token = create(store)
    path.write_text(text)
    for ask in (lambda: store.found(token), lambda: create(store, "other"), store.tokens):
        with pytest.raises(ConfigError, match=r"tokens\.json"):
            ask()
    assert path.read_text() == text


def test_a_file_that_others_can_read_is_not_used(store: TokenStore, path: Path) -> None:
    token = create(store)
    path.chmod(0o640)
    with pytest.raises(ConfigError, match="chmod 600"):
        store.found(token)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(ConfigError, match="taken"):
        create(TokenStore(tmp_path / "taken" / "tokens.json"))


def test_writers_at_the_same_time_lose_nothing(path: Path) -> None:
    def make_five(letter: str) -> None:
        for number in range(5):
            create(TokenStore(path), f"{letter}{number}")

    with ThreadPoolExecutor(4) as writers:
        list(writers.map(make_five, "abcd"))

    assert sorted(token.name for token in TokenStore(path).tokens()) == sorted(
        f"{letter}{number}" for letter in "abcd" for number in range(5)
    )
