"""Prepared statements: those that run with every save, planned once for each connection.

The ORM composes a statement each time, and the database plans it each time. For the few
statements of a save this took twice as long as the rest of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import ClientCursor, Connection, Cursor
from psycopg.rows import TupleRow, tuple_row


class _PreparingCursor(Cursor[TupleRow]):
    """Prepares ``statement``, and runs anything else as Django's own cursors do."""

    def __init__(self, connection: Connection[Any], statement: str) -> None:
        super().__init__(connection, row_factory=tuple_row)
        self.statement = statement

    def execute(self, query: Any, params: Any = None, **options: Any) -> Self:
        if query == self.statement:
            return super().execute(query, params, prepare=True)
        # An execute wrapper changed the statement: django-pghistory puts another one before it,
        # and several statements can't be prepared as one.
        return super().execute(ClientCursor(self.connection).mogrify(query, params).encode())


def run_prepared(statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows that ``statement`` returns, with ``%(name)s`` for each parameter.

    Goes through Django's ``connection.execute_wrappers`` and raises what the ORM would raise
    (such as ``django.db.IntegrityError``). Every parameter's type must be clear from the
    statement or be given (``%(name)s::text``).
    """
    connection = connections[DEFAULT_DB_ALIAS]  # Django's proxy looks it up at each mention
    connection.ensure_connection()
    cursor = _PreparingCursor(connection.connection, statement)
    if not connection.execute_wrappers and not connection.queries_logged:
        # What Django's own cursor does, without the layers that would have nothing to do.
        connection.validate_no_broken_transaction()
        with connection.wrap_database_errors, cursor:
            return cursor.execute(statement, parameters).fetchall()
    wrap = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    with wrap(cursor) as wrapped:  # type: ignore[arg-type]  # it takes any cursor
        wrapped.execute(statement, parameters)
        return wrapped.fetchall()
