"""What people write for an address is understood, or refused in words."""

from __future__ import annotations

import pytest

from ohmstead.model import ConfigError, host_and_port


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("acme://192.0.2.7", ("192.0.2.7", 4660)),
        ("acme://192.0.2.7:99", ("192.0.2.7", 99)),
        ("acme://roof.local/anything?else=1", ("roof.local", 4660)),
        ("acme://[2001:db8::7]:99", ("2001:db8::7", 99)),
        ("acme://someone@roof", ("roof", 4660)),
        ("192.0.2.7", ("192.0.2.7", 4660)),
        ("roof:99", ("roof", 99)),
    ],
)
def test_a_url_or_a_bare_host_leads_somewhere(url: str, expected: tuple[str, int]) -> None:
    assert host_and_port(url, "acme", 4660) == expected


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "'' names no host"),
        ("acme://", "'acme://' names no host"),
        ("acme://a roof", "'acme://a roof' names no host"),
        ("acme://roof:0", r"has no port; ports are 1 to 65535"),
        ("acme://roof:70000", r"'acme://roof:70000' is no address: Port out of range"),
        ("acme://roof:abc", "is no address"),
        ("acme://[::1", "'acme://\\[::1' is no address: Invalid IPv6 URL"),
    ],
)
def test_what_leads_nowhere_is_refused_with_an_example(url: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words) as caught:
        host_and_port(url, "acme", 4660)
    assert 'url = "acme://192.0.2.7"' in str(caught.value)
