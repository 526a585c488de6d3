"""Tests as the application's own role, which owns nothing (``config.postgresql.roles``).

Tests themselves connect as a role that may do everything, to make databases and to empty tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection

from config.postgresql.roles import disconnect


@contextmanager
def as_application() -> Iterator[None]:
    """Django's own connection is the application's. For tests that commit: it connects anew."""
    known = connection.settings_dict
    disconnect(connection)
    connection.settings_dict = known | {"USER": settings.APPLICATION_ROLE}
    try:
        yield
    finally:
        disconnect(connection)
        connection.settings_dict = known


@contextmanager
def application() -> Iterator[psycopg.Connection[Any]]:
    """A connection of the application's beside Django's own, which sees what was committed."""
    parameters = connection.get_connection_params() | {"user": settings.APPLICATION_ROLE}
    with psycopg.connect(**parameters, autocommit=True) as connected:
        yield connected
