"""Telling every server process that an inspection's evidence changed."""

from __future__ import annotations

from django.db import connection

CHANNEL = "inspection_changed"
"""The PostgreSQL ``NOTIFY`` channel; the payload is the inspection's number."""


def announce(inspection_id: int) -> None:
    """Tell all listeners, once this transaction commits, to look at the inspection again.

    PostgreSQL folds equal notifications of one transaction into one.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, str(inspection_id)])
