"""Which ratings pages are open in this process, and the one rendering that they share.

A change wakes the pages of its inspection. Whichever page wakes first rates and renders
for all of them; the others take what it made. So a process does the same work for one
open page as for fifty.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ratings.pages.live.listener import Listener
from ratings.pages.live.snapshot import Audience, Snapshot

RENDERS_APART = 0.1
"""Seconds at least between two renderings of one inspection in one process."""

LOOKS_AGAIN_AFTER = 3.0
"""Seconds after which an inspection that somebody watches is looked at again unasked.

A change is announced right after its commit (``inspections.announcements``); a process that
is killed between the two announces nothing, and nobody else would know."""

PAGES_A_PROCESS = 48
"""Open pages beyond which a process takes no more: each holds one of its 64 threads."""


LETS_GO_WITHIN = 2.0
"""Seconds that a stopping process waits for its open pages."""


class Full(Exception):
    """This process has as many open pages as it can hold."""


class Stopping(Exception):
    """The process is about to end."""


class Room:
    """The open pages of one inspection in this process.

    ``version`` counts the changes heard of since the room was opened.
    """

    def __init__(self, stopping: threading.Event) -> None:
        self.pages = 0
        self._stopping = stopping
        self._version = 0
        self._changed = threading.Condition()
        self._rendering = threading.Lock()
        self._rendered_at = float("-inf")
        self._looked_at = float("-inf")
        self._snapshots: dict[Audience, Snapshot] = {}

    def change(self) -> None:
        """Something about the inspection changed: wake its pages."""
        with self._changed:
            self._version += 1
            self._changed.notify_all()

    def wake(self) -> None:
        """Let the pages look whether the process is stopping."""
        with self._changed:
            self._changed.notify_all()

    def wait_beyond(self, version: int, timeout: float) -> bool:
        """Whether something newer than ``version`` is heard of within ``timeout`` seconds.

        Raises ``Stopping``.
        """
        with self._changed:
            changed = self._changed.wait_for(
                lambda: self._version > version or self._stopping.is_set(), timeout
            )
        if self._stopping.is_set():
            raise Stopping
        return changed

    def current(
        self,
        audience: Audience,
        render: Callable[[int, Audience, Snapshot | None], Snapshot],
    ) -> Snapshot:
        """What ``audience`` sees now, rendered by whoever asks first after a change.

        A burst of changes is rendered once: the first at once, the rest together
        ``RENDERS_APART`` seconds later. ``render`` takes the version, the audience and
        what was rendered before. Raises ``Stopping`` and whatever ``render`` raises.
        """
        with self._rendering:
            known = self._snapshots.get(audience)
            if known is not None and known.version == self._version:
                return known
            early_by = self._rendered_at + RENDERS_APART - time.monotonic()
            if early_by > 0 and self._stopping.wait(early_by):
                raise Stopping
            self._rendered_at = self._looked_at = time.monotonic()
            # Read before rating: what is rendered may be newer than it says, never older.
            fresh = render(self._version, audience, known)
            self._snapshots[audience] = fresh
            return fresh

    def look_again(
        self,
        audience: Audience,
        render: Callable[[int, Audience, Snapshot | None], Snapshot],
    ) -> None:
        """Find what changed without being announced; then it counts as announced now.

        One page looks for all, at most every ``LOOKS_AGAIN_AFTER`` seconds; what it finds
        the same isn't rendered again. Raises whatever ``render`` raises.
        """
        if not self._rendering.acquire(blocking=False):
            return
        try:
            known = self._snapshots.get(audience)
            version = self._version
            if known is None or known.version != version:
                return
            if time.monotonic() - self._looked_at < LOOKS_AGAIN_AFTER:
                return
            self._looked_at = time.monotonic()
            found = render(version, audience, known)
            if found.shows_the_same_as(known):
                return
        finally:
            self._rendering.release()
        self.change()


class Hub:
    """The rooms of this process and the thread that listens for them.

    The thread starts with the first open page and ends with ``stop``.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rooms: dict[int, Room] = {}
        self._listener: Listener | None = None
        self._stopping = threading.Event()

    @property
    def pages(self) -> int:
        """How many pages are open in this process."""
        return sum(room.pages for room in self._rooms.values())

    def check_room_for_one_more(self) -> None:
        """Raises ``Full``."""
        with self._lock:
            if self.pages >= PAGES_A_PROCESS:
                raise Full

    @contextmanager
    def page_of(self, inspection_id: int) -> Iterator[Room]:
        """The room of an inspection, for as long as one page of it is open."""
        with self._lock:
            room = self._rooms.setdefault(inspection_id, Room(self._stopping))
            room.pages += 1
            if self._listener is None and not self._stopping.is_set():
                self._listener = Listener(self._heard)
        try:
            yield room
        finally:
            with self._lock:
                room.pages -= 1
                if not room.pages and self._rooms.get(inspection_id) is room:
                    del self._rooms[inspection_id]

    def stop(self) -> None:
        """End every open page and the listening thread; the next page starts anew.

        Waits until the pages have let go, but no longer than ``LETS_GO_WITHIN`` for one whose
        browser takes nothing more.
        """
        with self._lock:
            listener, self._listener = self._listener, None
            rooms, self._rooms = list(self._rooms.values()), {}
            self._stopping.set()
            self._stopping = threading.Event()
        for room in rooms:
            room.wake()
        waited_until = time.monotonic() + LETS_GO_WITHIN
        while any(room.pages for room in rooms) and time.monotonic() < waited_until:
            time.sleep(0.01)
        if listener is not None:
            listener.stop()

    def _heard(self, inspection_id: int | None) -> None:
        with self._lock:
            if inspection_id is None:
                rooms = list(self._rooms.values())
            else:
                rooms = [self._rooms[inspection_id]] if inspection_id in self._rooms else []
        for room in rooms:
            room.change()


hub = Hub()
"""This process's own; a forked child begins with an empty one."""


def _begin_anew() -> None:
    global hub
    hub = Hub()


os.register_at_fork(after_in_child=_begin_anew)
