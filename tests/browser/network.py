"""Losing the network and finding it again, as a page notices it."""

from __future__ import annotations

import time

from playwright.sync_api import Page

from tests.conftest import PATIENCE

REACHES_SERVICE = "fetch('/session/', { cache: 'no-store' }).then(() => true, () => false)"


def lose_network(page: Page) -> None:
    """Returns once requests fail: a busy browser lets some through for a moment."""
    page.context.set_offline(True)
    give_up_at = time.monotonic() + PATIENCE / 1000
    while page.evaluate(REACHES_SERVICE):
        assert time.monotonic() < give_up_at
        page.wait_for_timeout(20)


def find_network(page: Page) -> None:
    page.context.set_offline(False)
