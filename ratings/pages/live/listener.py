"""One thread a process that hears, over PostgreSQL ``LISTEN``, which inspections changed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections

from inspections.announcements import CHANNEL, COALESCE_SECONDS

log = logging.getLogger(__name__)

LOOKS_UP_EVERY = 0.5
"""Seconds after which a waiting listener looks whether it is to stop."""

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0
"""Seconds before connecting again, doubled at each failure in a row."""


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
        self._thread.join(LOOKS_UP_EVERY * 3)

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
                    self._let_them_speak()
                    self._on_change(None)
                    self._listen(connection)
            except psycopg.Error as error:
                log.warning("Live pages lost the database, trying again: %s", error)
                self._stop.wait(pause)
                pause = min(2 * pause, LONGEST_PAUSE)

    def _listen(self, connection: psycopg.Connection) -> None:
        while not self._stop.is_set():
            notices = connection.notifies(timeout=LOOKS_UP_EVERY, stop_after=1)
            changed = {int(notice.payload) for notice in notices if notice.payload.isdecimal()}
            if changed:
                self._let_them_speak()
            for inspection in changed:
                self._on_change(inspection)

    def _let_them_speak(self) -> None:
        """What is announced now also speaks for what changes in the next moment."""
        self._stop.wait(COALESCE_SECONDS)
