"""A browser in words."""

from __future__ import annotations

import pytest

from inspections.templatetags.browsers import browser

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X)"


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (f"{WINDOWS} AppleWebKit/537.36 Chrome/150.0 Safari/537.36", "Chrome on Windows"),
        (f"{WINDOWS} AppleWebKit/537.36 Chrome/150.0 Safari/537.36 Edg/150.0", "Edge on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0", "Firefox on Linux"),
        (f"{IPHONE} AppleWebKit/605.1.15 Version/18.5 Safari/604.1", "Safari on an iPhone"),
        ("Mozilla/5.0 (Linux; Android 10; K) Chrome/150.0 Safari/537.36", "Chrome on Android"),
        ("curl/7.88.1", "curl/7.88.1"),
        ("", "A browser that does not say what it is"),
    ],
)
def test_a_browser_is_named_as_people_know_it(agent: str, said: str) -> None:
    assert browser(agent) == said
