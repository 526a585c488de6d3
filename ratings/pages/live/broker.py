"""Which ratings pages are open in this process, and the one rendering that they share.

One thread hears, over PostgreSQL ``LISTEN``, which inspections changed, and notifies their
pages. Whichever page comes first rates and renders for all of them; the others take what it
made. So a process does the same work for one open page as for fifty.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections

from inspections.announcements import CHANNEL, COALESCE_SECONDS

if TYPE_CHECKING:
    from ratings.pages.live.snapshot import Snapshot

    Render = Callable[[int, bool, Snapshot | None], Snapshot]
    """Renders a version for those who may decide or for others, given what it showed before."""

log = logging.getLogger(__name__)

RENDER_INTERVAL = 0.1
"""Seconds at least between two renderings of one inspection in one process."""

RECHECK_SECONDS = 3.0
"""Seconds after which an inspection that somebody watches is rated again unasked.

A change is announced right after its commit (``inspections.announcements``); a process that
is killed between the two announces nothing, and nobody else would know."""

MAX_PAGES = 48
"""Open pages beyond which a process takes no more: each holds one of its 64 threads."""

STOP_TIMEOUT = 2.0
"""Seconds that a stopping process waits for its open pages."""

POLL_SECONDS = 0.5
"""Seconds after which a waiting listener checks whether it is to stop."""

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0
"""Seconds before connecting again, doubled at each failure in a row."""

STOP_SIGNALS = {signal.SIGINT, signal.SIGTERM}


class TooManyPages(Exception):
    """This process has as many open pages as it can hold."""


class Stopping(Exception):
    """The process is about to end."""


class Channel:
    """The open pages of one inspection in this process.

    A version is the number of changes heard of since the channel was opened.
    """

    def __init__(self, stopping: threading.Event) -> None:
        self.pages = 0
        self._stopping = stopping
        self._version = 0
        self._changed = threading.Condition()
        self._rendering = threading.Lock()
        self._rendered_at = float("-inf")
        self._checked_at = float("-inf")
        self._snapshots: dict[bool, Snapshot] = {}

    def notify(self, *, changed: bool = True) -> None:
        """Wake the pages: the inspection changed, or the process is stopping."""
        with self._changed:
            self._version += changed
            self._changed.notify_all()

    def wait_for_change(self, version: int, timeout: float) -> bool:
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

    def latest(self, may_decide: bool, render: Render) -> Snapshot:
        """What the page shows now, rendered by whoever asks first after a change.

        A burst of changes is rendered once: the first at once, the rest together
        ``RENDER_INTERVAL`` seconds later. Raises ``Stopping`` and whatever ``render`` raises.
        """
        with self._rendering:
            known = self._snapshots.get(may_decide)
            if known is not None and known.version == self._version:
                return known
            early_by = self._rendered_at + RENDER_INTERVAL - time.monotonic()
            if early_by > 0 and self._stopping.wait(early_by):
                raise Stopping
            self._rendered_at = self._checked_at = time.monotonic()
            # Read before rating: what is rendered may be newer than it says, never older.
            fresh = render(self._version, may_decide, known)
            self._snapshots[may_decide] = fresh
            return fresh

    def recheck(self, may_decide: bool, render: Render) -> None:
        """Find what changed without being announced; then it counts as announced now.

        One page does it for all, at most every ``RECHECK_SECONDS``; what it finds the same
        isn't rendered again. Raises whatever ``render`` raises.
        """
        if not self._rendering.acquire(blocking=False):
            return
        try:
            known = self._snapshots.get(may_decide)
            if known is None or known.version != self._version:
                return
            if time.monotonic() - self._checked_at < RECHECK_SECONDS:
                return
            self._checked_at = time.monotonic()
            if render(known.version, may_decide, known).shows_the_same_as(known):
                return
        finally:
            self._rendering.release()
        self.notify()


class Broker:
    """The channels of this process and the thread that listens for them.

    The thread starts with the first open page and ends with ``stop``.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._channels: dict[int, Channel] = {}
        self._listener: Listener | None = None
        self._stopping = threading.Event()

    @property
    def pages(self) -> int:
        """How many pages are open in this process."""
        return sum(channel.pages for channel in self._channels.values())

    def check_capacity(self) -> None:
        """Raises ``TooManyPages`` unless one more can be opened."""
        with self._lock:
            if self.pages >= MAX_PAGES:
                raise TooManyPages

    @contextmanager
    def open_page(self, inspection_id: int) -> Iterator[Channel]:
        """The channel of an inspection, for as long as one page of it is open."""
        with self._lock:
            channel = self._channels.setdefault(inspection_id, Channel(self._stopping))
            channel.pages += 1
            if self._listener is None and not self._stopping.is_set():
                self._listener = Listener(self._notify_channels)
        try:
            yield channel
        finally:
            with self._lock:
                channel.pages -= 1
                if not channel.pages and self._channels.get(inspection_id) is channel:
                    del self._channels[inspection_id]

    def stop(self) -> None:
        """End every open page and the listening thread; the next page starts anew.

        Waits until the pages have ended, but no longer than ``STOP_TIMEOUT`` for one whose
        browser takes nothing more.
        """
        with self._lock:
            listener, self._listener = self._listener, None
            channels, self._channels = list(self._channels.values()), {}
            self._stopping.set()
            self._stopping = threading.Event()
        for channel in channels:
            channel.notify(changed=False)
        give_up_at = time.monotonic() + STOP_TIMEOUT
        while any(channel.pages for channel in channels) and time.monotonic() < give_up_at:
            time.sleep(0.01)
        if listener is not None:
            listener.stop()

    def _notify_channels(self, inspection_id: int | None) -> None:
        with self._lock:
            if inspection_id is None:
                channels = list(self._channels.values())
            else:
                channels = (
                    [self._channels[inspection_id]] if inspection_id in self._channels else []
                )
        for channel in channels:
            channel.notify()


class Listener:
    """Calls ``on_change`` with an inspection's number, or ``None`` for every inspection.

    What is announced while there is no connection is lost, so each time that one is made,
    the first time too, every inspection counts as changed.
    """

    def __init__(self, on_change: Callable[[int | None], None]) -> None:
        self._on_change = on_change
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ratings-listener", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread and its connection; returns once both are gone."""
        self._stop.set()
        self._thread.join(STOP_TIMEOUT)

    def _run(self) -> None:
        pause = FIRST_PAUSE
        while not self._stop.is_set():
            try:
                # Settings as Django's connections have them, but a connection of our own:
                # it stays open and must not occupy a place in the pool.
                parameters = connections[DEFAULT_DB_ALIAS].get_connection_params()
                with psycopg.connect(**parameters, autocommit=True) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    pause = FIRST_PAUSE
                    self._stop.wait(COALESCE_SECONDS)
                    self._on_change(None)
                    self._listen(connection)
            except psycopg.Error as error:
                log.warning("Live pages lost the database, trying again: %s", error)
                self._stop.wait(pause)
                pause = min(2 * pause, LONGEST_PAUSE)

    def _listen(self, connection: psycopg.Connection) -> None:
        while not self._stop.is_set():
            notices = connection.notifies(timeout=POLL_SECONDS, stop_after=1)
            changed = {int(notice.payload) for notice in notices if notice.payload.isdecimal()}
            if changed:
                # An announcement also covers what changes in the next moment.
                self._stop.wait(COALESCE_SECONDS)
            for inspection in changed:
                self._on_change(inspection)


broker = Broker()
"""This process's own; a forked child begins with an empty one."""


def _reset_after_fork() -> None:
    global broker
    broker = Broker()


os.register_at_fork(after_in_child=_reset_after_fork)


def end_pages_on_stop_signal() -> None:
    """To call once a process, where the application is loaded.

    The server waits for open responses before its process ends, and these never end by
    themselves. It takes over the handlers of the signals to stop after the application is
    loaded, so the application can't handle them too; but every signal also wakes a file
    descriptor, and a thread of ours waits on that.

    Only a process's main thread may watch for signals. A server that loads the application
    in another one, such as Django's own for development, stops without us.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    receiver, sender = socket.socketpair()
    sender.setblocking(False)
    already = signal.set_wakeup_fd(sender.fileno(), warn_on_full_buffer=False)
    if already != -1:
        signal.set_wakeup_fd(already)
        log.warning("Something else watches for signals: a stop will cut open pages off.")
        return
    threading.Thread(
        target=_stop_on_signal, args=(receiver, sender), name="ratings-stopping", daemon=True
    ).start()


def _stop_on_signal(receiver: socket.socket, sender: socket.socket) -> None:
    """``sender`` is held, for its descriptor stays in use."""
    while not STOP_SIGNALS & set(receiver.recv(16)):
        pass
    broker.stop()
