#!/usr/bin/env python
"""The command line of Record inspection fieldwork: `python manage.py help` lists what it can do."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from config.postgresql.embedded import DatabaseUnavailable

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if sys.argv[1:2] in (["verify_seal"], ["seal_public_key"], ["draw_sample"]):
        # They ask no database, so one that is named wrongly, or not at all in production, is no
        # reason for them to fail.
        os.environ["DATABASE_URL"] = "postgresql:///unused"
        os.environ.pop("OWNER_DATABASE_URL", None)
    try:
        execute_from_command_line(sys.argv)
    except (DatabaseUnavailable, ImproperlyConfigured) as error:
        sys.exit(str(error))
