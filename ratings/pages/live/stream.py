"""One open ratings page's stream of server-sent events.

A ``ratings`` event carries the time and the parts of the page that changed, all of them
at first, so that a page that reconnects catches up. ``ended`` says in words why there
will be no more.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator
from functools import partial

from django.db import Error, connection
from django.utils import timezone

from inspections.models import Inspection
from ratings.pages.live.hub import LOOKS_AGAIN_AFTER, Hub, Stopping
from ratings.pages.live.snapshot import Audience, Snapshot, take_snapshot

log = logging.getLogger(__name__)

HEARTBEAT = 15.0
"""Seconds of silence after which a comment tells both ends that the line is up, and after
which, at the latest, it is checked again that the viewer may see the page."""

RECONNECT_AFTER = 1000
"""Milliseconds that a browser waits before it connects again."""

ENDED = "You can no longer see these ratings. Go back to the inspection to find out why."


def stream(
    hub: Hub, inspection_id: int, audience_now: Callable[[], Audience | None]
) -> Iterator[str]:
    """The events of one page, until its viewer may no longer see it or the process stops.

    ``audience_now`` looks up what the viewer may see now.
    """
    # A streaming response would keep the connection that the request was checked with.
    connection.close()
    yield f"retry: {RECONNECT_AFTER}\n\n"
    shown: Snapshot | None = None
    render = partial(take_snapshot, inspection_id)
    try:
        viewer = _Viewer(audience_now)
        with hub.page_of(inspection_id) as room:
            while True:
                version = shown.version if shown else -1
                changed = room.wait_beyond(version, LOOKS_AGAIN_AFTER)
                if not viewer.check_if_due() and not changed:
                    room.look_again(viewer.audience, render)
                    if viewer.is_silent_for(HEARTBEAT):
                        viewer.hears()
                        yield ": still here\n\n"
                    continue
                fresh = room.current(viewer.audience, render)
                while fresh.state != viewer.state:
                    # Who may see and decide hangs on the state: ask again before showing.
                    viewer.state = fresh.state
                    viewer.check()
                    fresh = room.current(viewer.audience, render)
                viewer.hears()
                yield _ratings(fresh, shown)
                shown = fresh
    except Stopping:
        return
    except (_MayNotSee, Inspection.DoesNotExist):
        yield _event("ended", ENDED)
    except Error as error:
        # The browser connects again by itself, and is caught up then.
        log.warning("A live page ended because the database failed: %s", error)


class _MayNotSee(Exception):
    """The viewer may not see these ratings, or not any more."""


class _Viewer:
    """What the viewer of a page may see, asked anew at least every ``HEARTBEAT``.

    ``state`` is the inspection's state that the last answer was given for.
    """

    def __init__(self, audience_now: Callable[[], Audience | None]) -> None:
        self._audience_now = audience_now
        self.state: str | None = None
        self.check()
        self.hears()

    def check(self) -> bool:
        """Whether the viewer's page has become another one. Raises ``_MayNotSee``."""
        before = getattr(self, "audience", None)
        try:
            audience = self._audience_now()
        finally:
            connection.close()
        if audience is None:
            raise _MayNotSee
        self.audience = audience
        self._checked_at = time.monotonic()
        return audience != before

    def hears(self) -> None:
        """Something is sent to the page now."""
        self._heard_at = time.monotonic()

    def is_silent_for(self, seconds: float) -> bool:
        """Whether nothing was sent to the page for so long."""
        return time.monotonic() - self._heard_at >= seconds

    def check_if_due(self) -> bool:
        """As ``check``, if the last one is long enough ago."""
        return time.monotonic() - self._checked_at >= HEARTBEAT and self.check()


def _ratings(fresh: Snapshot, shown: Snapshot | None) -> str:
    at = timezone.localtime(fresh.rated_at).strftime("%H:%M:%S")
    body = json.dumps({"at": at, "html": "".join(fresh.differing_from(shown))})
    return _event("ratings", body, f"{fresh.rated_at:%Y%m%dT%H%M%S.%f}")


def _event(name: str, data: str, identity: str = "") -> str:
    lines = [f"event: {name}", *(f"data: {line}" for line in data.splitlines())]
    if identity:
        lines.append(f"id: {identity}")
    return "\n".join(lines) + "\n\n"
