"""The stream of server-sent events for the ratings pages that a browser shows.

A browser opens at most six connections to a server, so its pages share one stream, of one
inspection or several. The data of each event is JSON.

``ratings`` names the inspection and has the time and the parts of its page that changed. The first
has all parts, so that a page is up to date after reconnecting. ``ended`` names an inspection and
says why there will be no more events about it; those about the others go on. ``heartbeat`` names
the inspections that the stream still carries, so that a page notices a line that died silently.
"""

from __future__ import annotations

import json
import logging
import time
import weakref
from collections.abc import Generator, Mapping, Sequence
from functools import partial
from typing import Self

from django.db import Error, connection
from django.utils import timezone

from inspections.models import Inspection
from ratings.pages.live import broker as live
from ratings.pages.live import viewers as watching
from ratings.pages.live.snapshot import Snapshot, take_snapshot
from ratings.pages.live.viewers import ENDED, MayNotSee, Viewer

log = logging.getLogger(__name__)

HEARTBEAT = 15.0
"""Seconds between two ``heartbeat`` events. Pages take a line that is silent for 40 seconds for
dead (static/live/)."""

RECONNECT_AFTER = 1000
"""Milliseconds that a browser waits before it connects again."""

SUPERSEDED = (
    "You opened ratings in so many other browsers that this page no longer changes. Close some of "
    "them and load this page again."
)


class Page:
    """One inspection's page in the browser: what it shows, and what it has to be sent."""

    def __init__(self, viewer: Viewer, channel: live.Channel) -> None:
        self.inspection_id = viewer.inspection_id
        self._viewer, self._channel = viewer, channel
        self._shown: Snapshot | None = None
        self._render = partial(take_snapshot, viewer.inspection_id)

    def is_behind(self) -> bool:
        return self._channel.is_newer_than(self._shown.version if self._shown else -1)

    def has_news(self) -> bool:
        return bool(self._viewer.why_ended) or self.is_behind()

    def end(self, why: str) -> str:
        return _event("ended", {"inspection": self.inspection_id, "why": why})

    def update(self) -> str:
        """The event that brings the page up to date, or nothing.

        Raises ``MayNotSee``, ``live.Stopping``, and ``Inspection.DoesNotExist``.
        """
        viewer, channel = self._viewer, self._channel
        if not viewer.check_if_due() and not self.is_behind():
            channel.recheck(viewer.rights, self._render)
            return ""
        fresh = channel.latest(viewer.rights, self._render)
        while fresh.state != viewer.state:
            # Permissions depend on the state, so check again before sending.
            viewer.state = fresh.state
            viewer.check()
            fresh = channel.latest(viewer.rights, self._render)
        changed = fresh.differing_from(self._shown)
        self._shown = fresh
        return _event(
            "ratings",
            {
                "inspection": self.inspection_id,
                "at": timezone.localtime(fresh.rated_at).strftime("%H:%M:%S"),
                "html": "".join(changed),
            },
            f"{fresh.rated_at:%Y%m%dT%H%M%S.%f}",
        )


class Stream:
    """The events of a browser's pages, one viewer for each inspection.

    It ends when its viewers may see none of them any more, when another stream took its ``place``,
    or when the process stops. However it ends, even unread, its place is given back.
    """

    def __init__(self, viewers: Sequence[Viewer], place: live.Place) -> None:
        self._events = _events(viewers, place)
        self._leave = weakref.finalize(self, live.broker.give_back, place)
        self._leave.atexit = False

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        try:
            return next(self._events)
        except BaseException:
            self._leave()
            raise

    def close(self) -> None:
        self._events.close()
        self._leave()


def _events(viewers: Sequence[Viewer], place: live.Place) -> Generator[str, None, None]:
    # A streaming response would keep the connection that the request was checked with.
    connection.close()
    yield f"retry: {RECONNECT_AFTER}\n\n"
    beat_at = time.monotonic()
    try:
        with (
            live.broker.open_stream(viewer.inspection_id for viewer in viewers) as opened,
            watching.watch.over(viewers),
        ):
            changes, channels = opened
            pages = [Page(*both) for both in zip(viewers, channels, strict=True)]
            while True:
                if watching.watch.check_if_due():
                    changes.wake()
                for page in list(pages):
                    try:
                        event = page.update()
                    except (MayNotSee, Inspection.DoesNotExist) as refusal:
                        pages.remove(page)
                        event = page.end(str(refusal) if isinstance(refusal, MayNotSee) else ENDED)
                    if event:
                        yield event
                if place.is_superseded:
                    for page in pages:
                        yield page.end(SUPERSEDED)
                    return
                if not pages:
                    return
                if time.monotonic() - beat_at >= HEARTBEAT:
                    beat_at = time.monotonic()
                    yield _event("heartbeat", {"inspections": [one.inspection_id for one in pages]})
                changes.wait_for(
                    lambda: place.is_superseded or any(page.has_news() for page in pages),
                    min(live.RECHECK_SECONDS, watching.watch.due_in),
                )
    except live.Stopping:
        return
    except Error as error:
        # The browser reconnects by itself and then gets all parts.
        log.warning("Live pages ended because the database failed: %s", error)


def _event(name: str, data: Mapping[str, object], identity: str = "") -> str:
    # JSON has no line breaks, which would end the data.
    lines = [f"event: {name}", f"data: {json.dumps(data)}"]
    if identity:
        lines.append(f"id: {identity}")
    return "\n".join(lines) + "\n\n"
