"""The indexes by which histories are searched: of each table of events by time, and by person.

They are made after every migration, for every history there is, so that a new one can't be
forgotten. Saves, reads and sign-ins have theirs in their models.
"""

from __future__ import annotations

from django.db import connections

from ratings.results.tables import event_tables

COLUMNS = {
    "when": "(pgh_created_at, pgh_id)",
    "who": "((pgh_context ->> 'user'), pgh_created_at)",
}


def make_indexes(using: str = "default") -> None:
    """Make those that are missing."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT tablename, indexname FROM pg_indexes WHERE schemaname = current_schema()"
        )
        there = {*cursor.fetchall()}
        # This also runs after a migration backwards or of one app alone, when tables are missing.
        tables = {table for table, _ in there}
        for table in sorted(tables.intersection(event_tables())):
            for ending, columns in COLUMNS.items():
                name = f"{table}_{ending}"
                if (table, name) not in there:
                    cursor.execute(f'CREATE INDEX "{name}" ON "{table}" {columns}')
