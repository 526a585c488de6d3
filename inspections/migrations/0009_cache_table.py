from typing import Any

from django.core.management import call_command
from django.db import migrations


def make(apps: Any, schema_editor: Any) -> None:
    """The table of Django's database cache: the setting CACHES names it."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [
        ('inspections', '0008_windows_stay_once_drawn'),
    ]

    operations = [
        migrations.RunPython(make, migrations.RunPython.noop),
    ]
