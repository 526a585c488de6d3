"""The database engine used with `DATABASE_URL` (Django looks for it under this name)."""

from collections import deque
from threading import Lock
from typing import Any

from django.db.backends.postgresql import base
from psycopg_pool import ConnectionPool

_replacing = Lock()


class LastUsedFirst(deque[Any]):
    """What a pool takes from the front and gives back at the end, taken from the end.

    A pool otherwise takes its connections in turn, as many as a rush ever made. Each has a
    PostgreSQL process of its own, and the one at work a moment ago has its plans and its
    memory at hand: twenty inspectors' saves are written a fifth faster by it.
    """

    def popleft(self) -> Any:
        return self.pop()


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL through a pool that keeps few connections busy, not many a little."""

    @property
    def pool(self) -> ConnectionPool | None:
        pool = super().pool
        if pool is not None and not isinstance(pool._pool, LastUsedFirst):
            with _replacing:
                # The pool has no setting for it. It is empty until somebody opens it.
                if pool.closed and not pool._pool:
                    pool._pool = LastUsedFirst()
        return pool
