"""One open ratings page's stream of server-sent events.

A ``ratings`` event has the time and the parts of the page that changed; the first has all parts,
so that a page is up to date after reconnecting. ``ended`` says why there will be no more events.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from functools import partial

from django.contrib.sessions.backends.base import SessionBase
from django.db import Error, connection
from django.utils import timezone

from inspections.models import Inspection, User
from inspections.permissions import SEE_RATINGS
from ratings.pages.live import broker as live
from ratings.pages.live.snapshot import Snapshot, take_snapshot
from ratings.permissions import DECIDE

log = logging.getLogger(__name__)

HEARTBEAT = 15.0
"""Seconds without events after which a comment is sent to keep the connection alive, and the
longest time between two checks that the viewer may see the page."""

RECONNECT_AFTER = 1000
"""Milliseconds that a browser waits before it connects again."""

ENDED = "You can no longer see these ratings. Go back to the inspection to find out why."


class MayNotSee(Exception):
    """The viewer may not see these ratings (any more)."""


class Viewer:
    """The person with the page open and their permissions, checked at least every ``HEARTBEAT``.

    ``state`` is the inspection's state at the last check.
    """

    def __init__(self, user_id: int, session: SessionBase, inspection_id: int) -> None:
        self.inspection_id = inspection_id
        self.may_decide = False
        self.state: str | None = None
        self._user_id, self._session = user_id, session
        self._checked_at = self._sent_at = time.monotonic()

    def check(self) -> bool:
        """Check again; returns whether their page has changed. Raises ``MayNotSee``."""
        before = self.may_decide
        try:
            self.may_decide = self._may_decide_now()
        finally:
            connection.close()
        self._checked_at = time.monotonic()
        return self.may_decide != before

    def check_if_due(self) -> bool:
        """As ``check``, if the last one is long enough ago."""
        return time.monotonic() - self._checked_at >= HEARTBEAT and self.check()

    def mark_sent(self) -> None:
        """Remember that something was sent to the page now."""
        self._sent_at = time.monotonic()

    def is_silent_for(self, seconds: float) -> bool:
        """Whether nothing was sent to the page for so long."""
        return time.monotonic() - self._sent_at >= seconds

    def _may_decide_now(self) -> bool:
        if self._session.session_key is None or not self._session.exists(self._session.session_key):
            raise MayNotSee
        user = User.objects.filter(pk=self._user_id, is_active=True).first()
        if user is None:
            raise MayNotSee
        inspection = Inspection.objects.visible_to(user).filter(pk=self.inspection_id).first()
        if inspection is None or not SEE_RATINGS.can(user, inspection):
            raise MayNotSee
        return DECIDE.can(user, inspection)


def stream(viewer: Viewer) -> Iterator[str]:
    """The events of one page, until its viewer may no longer see it or the process stops."""
    # A streaming response would keep the connection that the request was checked with.
    connection.close()
    yield f"retry: {RECONNECT_AFTER}\n\n"
    shown: Snapshot | None = None
    render = partial(take_snapshot, viewer.inspection_id)
    try:
        viewer.check()
        with live.broker.open_page(viewer.inspection_id) as channel:
            while True:
                version = shown.version if shown else -1
                changed = channel.wait_for_change(version, live.RECHECK_SECONDS)
                if not viewer.check_if_due() and not changed:
                    channel.recheck(viewer.may_decide, render)
                    if viewer.is_silent_for(HEARTBEAT):
                        viewer.mark_sent()
                        yield ": still here\n\n"
                    continue
                fresh = channel.latest(viewer.may_decide, render)
                while fresh.state != viewer.state:
                    # Permissions depend on the state, so check again before sending.
                    viewer.state = fresh.state
                    viewer.check()
                    fresh = channel.latest(viewer.may_decide, render)
                viewer.mark_sent()
                yield _ratings(fresh, shown)
                shown = fresh
    except live.Stopping:
        return
    except (MayNotSee, Inspection.DoesNotExist):
        yield _event("ended", ENDED)
    except Error as error:
        # The browser reconnects by itself and then gets all parts.
        log.warning("A live page ended because the database failed: %s", error)


def _ratings(fresh: Snapshot, shown: Snapshot | None) -> str:
    at = timezone.localtime(fresh.rated_at).strftime("%H:%M:%S")
    body = json.dumps({"at": at, "html": "".join(fresh.differing_from(shown))})
    return _event("ratings", body, f"{fresh.rated_at:%Y%m%dT%H%M%S.%f}")


def _event(name: str, data: str, identity: str = "") -> str:
    lines = [f"event: {name}", *(f"data: {line}" for line in data.splitlines())]
    if identity:
        lines.append(f"id: {identity}")
    return "\n".join(lines) + "\n\n"
