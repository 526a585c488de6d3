"""The open ratings pages of this process, and the rendering that they share.

One thread listens (PostgreSQL ``LISTEN``) for changed inspections and notifies their pages. The
first page to run rates and renders for all of them, so a process does the same work for one open
page as for fifty.
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
"""Seconds after which an inspection with open pages is rated again without an announcement.

A change is announced right after its commit (``inspections.announcements``); a process that is
killed between the two announces nothing."""

MAX_PAGES = 48
"""The most open pages of a process: each occupies one of its 64 threads."""

STOP_TIMEOUT = 2.0
"""Seconds that a stopping process waits for its open pages."""

POLL_SECONDS = 0.5
"""Seconds after which a waiting listener checks whether it has to stop."""

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0
"""Seconds before reconnecting, doubled at each consecutive failure."""

STOP_SIGNALS = {signal.SIGINT, signal.SIGTERM}


class TooManyPages(Exception):
    """This process has the most open pages that it can serve."""


class Stopping(Exception):
    """The process is about to end."""


class Channel:
    """The open pages of one inspection in this process.

    A version is the number of changes since the channel was opened.
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
        """Wake the waiting pages: the inspection changed, or the process is stopping."""
        with self._changed:
            self._version += changed
            self._changed.notify_all()

    def wait_for_change(self, version: int, timeout: float) -> bool:
        """Wait up to ``timeout`` seconds; returns whether there is a newer version.

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
        """The current snapshot; the first caller after a change renders it.

        Of a burst of changes the first is rendered at once, the rest together
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
            # Read the version before rating, so that the snapshot is at least as new as it says.
            fresh = render(self._version, may_decide, known)
            self._snapshots[may_decide] = fresh
            return fresh

    def recheck(self, may_decide: bool, render: Render) -> None:
        """Rate again, and notify the pages if something changed without an announcement.

        One page does it for all, at most every ``RECHECK_SECONDS``. Raises whatever ``render``
        raises.
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
        """End every open page and the listening thread; a later page starts them again.

        Waits until the pages have ended, ``STOP_TIMEOUT`` seconds at most.
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

    Announcements without a connection are lost, so after each connect, also the first, every
    inspection counts as changed.
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
                # With the settings of Django's connections, but outside the pool, because
                # this connection stays open.
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
                # An announcement also covers changes within this time.
                self._stop.wait(COALESCE_SECONDS)
            for inspection in changed:
                self._on_change(inspection)


broker = Broker()
"""The broker of this process; a forked child starts with an empty one."""


def _reset_after_fork() -> None:
    global broker
    broker = Broker()


os.register_at_fork(after_in_child=_reset_after_fork)


def end_pages_on_stop_signal() -> None:
    """End open pages when the process gets a stop signal. Call once, where the application loads.

    A stopping server waits for open responses, and these never end by themselves. The server
    installs its signal handlers after the application is loaded, so the application can't have
    its own. But a signal also writes to a wakeup file descriptor, which a thread here reads.

    Only the main thread may set that descriptor. Servers that load the application in another
    thread, such as Django's development server, stop without this.
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
    """``sender`` is an argument so that its descriptor stays open."""
    while not STOP_SIGNALS & set(receiver.recv(16)):
        pass
    broker.stop()
