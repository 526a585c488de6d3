"""A migrated database that each test process copies, in place of migrating one of its own."""

from __future__ import annotations

import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import psycopg
from django.db import connection
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "template_fieldwork_"


def ready() -> str:
    """The name of a database with every migration; made unless the server has it.

    It is named after what it was made from, so a changed migration or library gives another.
    """
    name = PREFIX + _digest()
    parameters = connection.get_connection_params() | {"dbname": "postgres"}
    parameters = {key: parameters[key] for key in parameters if key not in _DJANGOS_OWN}
    with psycopg.connect(**parameters, autocommit=True) as server:
        # Whoever comes first makes it; the others wait here.
        server.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [PREFIX])
        names = server.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX]
        ).fetchall()
        if (name,) not in names:
            for (old,) in names:
                server.execute(
                    sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(old))
                )
            unfinished = f"{PREFIX}unfinished"
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(unfinished)))
            _migrate(unfinished)
            server.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                    sql.Identifier(unfinished), sql.Identifier(name)
                )
            )
    return name


_DJANGOS_OWN = ("cursor_factory", "context", "server_side_binding", "prepare_threshold", "pool")


def _digest() -> str:
    made_from = [
        *sorted(ROOT.glob("*/migrations/*.py")),
        *sorted(ROOT.glob("requirements*.txt")),
    ]
    return sha256(b"".join(path.read_bytes() for path in made_from)).hexdigest()[:16]


def _migrate(database: str) -> None:
    program = f"""
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = {database!r}
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
"""
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)
