"""Marks of notes as quotable are case content, so their history goes with it (ADR 38)."""

from importlib import import_module

from django.db import migrations

CREATED = import_module("ratings.migrations.0008_purge").PURGE.partition("REVOKE ALL")[0]
BEFORE = CREATED.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
LAST = "(45, 'ratings_evidenceevent', 'inspection_id', ARRAY[purged], true)"
MARKS = "(46, 'cases_quotablemarkevent', 'case_id', cases, true)"
AFTER = BEFORE.replace(LAST, f"{LAST},\n                {MARKS}")


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0015_marks_of_notes_keep_their_history"),
        ("ratings", "0012_the_quorum_is_held"),
    ]

    operations = [migrations.RunSQL(AFTER, BEFORE)]
