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
