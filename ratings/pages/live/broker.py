"""The open streams of this process, and the rendering that they share.

A stream carries the ratings pages that a browser shows, of one inspection or several. One thread
listens (PostgreSQL ``LISTEN``) for changed inspections and wakes their streams. The first stream
to run rates and renders for all of them, so a process does the same work for one as for fifty.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections

from inspections.announcements import CHANNEL, COALESCE_SECONDS

if TYPE_CHECKING:
    from ratings.pages.live.snapshot import Snapshot
    from ratings.pages.rights import Rights

    Render = Callable[[int, Rights, Snapshot | None], Snapshot]
    """Renders a version for those with these rights, given what it showed before."""

log = logging.getLogger(__name__)

RENDER_INTERVAL = 0.1
"""Seconds at least between two renderings of one inspection in one process."""

RECHECK_SECONDS = 3.0
"""Seconds after which an inspection with a stream is rated again without an announcement.

A change is announced right after its commit (``inspections.announcements``); a process that is
killed between the two announces nothing."""

MAX_STREAMS = 48
"""The most open streams of a process: each occupies one of its 64 threads (``config.serve``), and
the others are for requests."""

MOST_A_PERSON = 5
"""The most open streams of one person in a process, each of another browser."""

STOP_TIMEOUT = 2.0
"""Seconds that a stopping process waits for its open streams."""

POLL_SECONDS = 0.5
"""Seconds after which a waiting listener checks whether it has to stop."""

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0
"""Seconds before reconnecting, doubled at each consecutive failure."""

STOP_SIGNALS = {signal.SIGINT, signal.SIGTERM}


class TooManyStreams(Exception):
    """This process has the most open streams that it can serve."""


class Stopping(Exception):
    """The process is about to end."""


class Place:
    """A place for one stream of ``person``, from before it is opened until it has ended.

    ``is_superseded`` once the person opened so many others that this one has to end.
    """

    def __init__(self, person: int) -> None:
        self.person = person
        self.is_superseded = False


class Changes:
    """What the streams of a process wait for: an inspection changed, or the process is stopping."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.happened = threading.Condition()

    def wait_for(self, seen: Callable[[], bool], timeout: float) -> None:
        """Wait up to ``timeout`` seconds until ``seen``, which is asked after each change.

        Raises ``Stopping``.
        """
        with self.happened:
            self.happened.wait_for(lambda: self.stopping.is_set() or seen(), timeout)
        if self.stopping.is_set():
            raise Stopping

    def wake(self) -> None:
        """Let every stream look again for what it waits for."""
        with self.happened:
            self.happened.notify_all()

    def stop(self) -> None:
        self.stopping.set()
        self.wake()


class Drawing:
    """What those with the same rights see of an inspection, and when it was rendered.

    Each has a lock and an interval of its own: those with other rights don't wait for it.
    """

    def __init__(self) -> None:
        self.rendering = threading.Lock()
        self.rendered_at = float("-inf")
        self.snapshot: Snapshot | None = None


class Channel:
    """What the streams of this process share about one inspection.

    A version is the number of changes since the channel was opened.
    """

    def __init__(self, changes: Changes) -> None:
        self.streams = 0
        self._changes = changes
        self._version = 0
        self._checked_at = float("-inf")
        self._drawings: dict[Rights, Drawing] = {}

    def notify(self) -> None:
        """Wake the waiting streams: the inspection changed."""
        with self._changes.happened:
            self._version += 1
            self._changes.happened.notify_all()

    def is_newer_than(self, version: int) -> bool:
        return self._version > version

    def drawing(self, rights: Rights) -> Drawing:
        return self._drawings.setdefault(rights, Drawing())

    def latest(self, rights: Rights, render: Render) -> Snapshot:
        """The current snapshot; the first caller with these rights after a change renders it.

        Of a burst of changes the first is rendered at once, the rest together
        ``RENDER_INTERVAL`` seconds later. Raises ``Stopping`` and whatever ``render`` raises.
        """
        drawing = self.drawing(rights)
        with drawing.rendering:
            known = drawing.snapshot
            if known is not None and known.version == self._version:
                return known
            early_by = drawing.rendered_at + RENDER_INTERVAL - time.monotonic()
            if early_by > 0 and self._changes.stopping.wait(early_by):
                raise Stopping
            drawing.rendered_at = self._checked_at = time.monotonic()
            # Read the version before rating, so that the snapshot is at least as new as it says.
            drawing.snapshot = render(self._version, rights, known)
            return drawing.snapshot

    def recheck(self, rights: Rights, render: Render) -> None:
        """Rate again, and wake the streams if something changed without an announcement.

        One stream does it for all, at most every ``RECHECK_SECONDS``. Raises whatever ``render``
        raises.
        """
        drawing = self.drawing(rights)
        if not drawing.rendering.acquire(blocking=False):
            return
        try:
            known = drawing.snapshot
            if known is None or known.version != self._version:
                return
            if time.monotonic() - self._checked_at < RECHECK_SECONDS:
                return
            self._checked_at = time.monotonic()
            if render(known.version, rights, known).shows_the_same_as(known):
                return
        finally:
            drawing.rendering.release()
        self.notify()


class Broker:
    """The channels of this process and the thread that listens for them.

    The thread starts with the first open stream and ends with ``stop``.
    """

    def __init__(self) -> None:
        self._places: list[Place] = []
        self._lock = threading.Lock()
        self._channels: dict[int, Channel] = {}
        self._listener: Listener | None = None
        self._changes = Changes()

    @property
    def streams(self) -> int:
        """How many are open in this process, or about to be."""
        return len(self._places)

    def take_place(self, person: int) -> Place:
        """A place for one more stream of ``person``, to be given back when it has ended.

        Of somebody who has the most already the oldest gives way: it may be of a browser that is
        gone. Raises ``TooManyStreams`` when the process has the most, or as many as that of this
        person are still ending.
        """
        with self._lock:
            theirs = [place for place in self._places if place.person == person]
            if len(self._places) >= MAX_STREAMS or len(theirs) >= 2 * MOST_A_PERSON:
                raise TooManyStreams
            lasting = [place for place in theirs if not place.is_superseded]
            if len(lasting) >= MOST_A_PERSON:
                lasting[0].is_superseded = True
            place = Place(person)
            self._places.append(place)
            changes = self._changes
        changes.wake()
        return place

    def give_back(self, place: Place) -> None:
        """Free ``place``; doing it again changes nothing."""
        with self._lock:
            if place in self._places:
                self._places.remove(place)

    @contextmanager
    def open_stream(self, inspections: Iterable[int]) -> Iterator[tuple[Changes, list[Channel]]]:
        """The channels of ``inspections``, in that order, for as long as the stream is open."""
        opened: dict[int, Channel] = {}
        with self._lock:
            changes = self._changes
            for inspection in inspections:
                channel = self._channels.setdefault(inspection, Channel(changes))
                channel.streams += 1
                opened[inspection] = channel
            if self._listener is None:
                self._listener = Listener(self._notify_channels)
        try:
            yield changes, list(opened.values())
        finally:
            with self._lock:
                for inspection, channel in opened.items():
                    channel.streams -= 1
                    if not channel.streams and self._channels.get(inspection) is channel:
                        del self._channels[inspection]

    def stop(self) -> None:
        """End every open stream and the listening thread; a later stream starts them again.

        Waits until the streams have ended, ``STOP_TIMEOUT`` seconds at most.
        """
        with self._lock:
            listener, self._listener = self._listener, None
            channels, self._channels = list(self._channels.values()), {}
            changes, self._changes = self._changes, Changes()
        changes.stop()
        give_up_at = time.monotonic() + STOP_TIMEOUT
        while any(channel.streams for channel in channels) and time.monotonic() < give_up_at:
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
    """End open streams when the process gets a stop signal. Call once, where the application loads.

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
