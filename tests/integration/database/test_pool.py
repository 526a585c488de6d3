"""Of the connections in the pool, the one that was used last is used again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from psycopg_pool import ConnectionPool

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pool() -> Iterator[ConnectionPool]:
    """A pool of its own, on the tests' database."""
    wrapper: Any = connections.create_connection("default")
    wrapper.alias = "a pool for this test"
    found = wrapper.pool
    assert isinstance(found, ConnectionPool)
    found.open()
    found.wait()
    yield found
    wrapper.close_pool()


def test_the_connection_that_was_used_last_is_used_next(pool: ConnectionPool) -> None:
    held = [pool.getconn() for _ in range(3)]
    for connection in held:
        pool.putconn(connection)
    for _ in range(5):
        with pool.connection() as used:
            assert used is held[-1]


def test_the_connection_that_was_unused_for_longest_is_closed_first(pool: ConnectionPool) -> None:
    held = [pool.getconn() for _ in range(3)]
    for connection in held:
        pool.putconn(connection)
    pool._nconns_min = 2
    pool._shrink_pool()
    assert [connection.closed for connection in held] == [True, False, False]
    with pool.connection() as used:
        assert used is held[-1]


def test_a_connection_lost_while_nobody_used_it_is_not_given_out(
    pool: ConnectionPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = pool.getconn()
    pool.putconn(lost)
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [lost.info.backend_pid])
    monkeypatch.setattr("config.postgresql.pool.LOOKED_AT_AFTER", 0.0)
    with pool.connection() as used:
        assert used is not lost
        assert used.execute("SELECT 1").fetchone() == (1,)
