"""How much case content an inspection has now, by kind: what a purge would remove."""

from __future__ import annotations

from django.db import connection

from inspections.models import Inspection
from ratings.results.history.sources import rows_of
from ratings.results.kinds import kind
from ratings.results.tables import purged_models


def contents_of(inspection: Inspection) -> list[tuple[str, int]]:
    """Kinds that there are none of are left out."""
    found = []
    with connection.cursor() as cursor:
        for model in purged_models():
            cursor.execute(f"SELECT count(*) {rows_of(model)}", [inspection.pk])
            (number,) = cursor.fetchone()
            if number:
                found.append((kind(model._meta.db_table), number))
    return sorted(found)
