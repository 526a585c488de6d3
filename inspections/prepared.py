"""Statements that run with every save, planned by PostgreSQL once for each connection.

The ORM composes a statement anew each time it runs, and the database plans it anew: for the few
statements of a save that took twice as long as all the rest of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import Cursor
from psycopg.rows import tuple_row


def rows(statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows that ``statement`` returns, with ``%(name)s`` for each parameter.

    Raises what the ORM would raise (``django.db.IntegrityError`` and its like). Every
    parameter's type must be plain from the statement, or be given (``%(name)s::text``).
    """
    connection = connections[DEFAULT_DB_ALIAS]  # Django's proxy looks it up at each mention
    connection.validate_no_broken_transaction()
    connection.ensure_connection()
    # Django's own cursors put the parameters into the text, so that each text is another one.
    with (
        connection.wrap_database_errors,
        Cursor(connection.connection, row_factory=tuple_row) as cursor,
    ):
        cursor.execute(statement, parameters, prepare=True)
        if connection.queries_logged:  # so that tests which count queries count these
            connection.queries_log.append({"sql": statement, "time": "0"})
        return cursor.fetchall()
