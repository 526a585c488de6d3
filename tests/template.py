"""Databases that are copied in place of being made anew: one migrated, one with the demonstration.

Each is named after what it was made from, so a changed migration or library gives another.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection
from django.utils import timezone
from psycopg import sql

from config.postgresql import embedded_roles

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "template_fieldwork_"
APPS = ("cases", "config", "inspections", "ratings")


def migrated() -> str:
    """The name of a database with every migration; made unless the server has it."""
    made_from = [*ROOT.glob("*/migrations/*.py"), *ROOT.glob("requirements*.txt")]
    with server() as connected:
        return _made(connected, "migrated", made_from, ["migrate"])


def copy_demonstrated(name: str) -> None:
    """Make a database with today's demonstration, a copy of one that is made unless it is there."""
    made_from = [
        *(path for app in APPS for path in (ROOT / app).rglob("*.*") if path.suffix != ".pyc"),
        *ROOT.glob("requirements*.txt"),
    ]
    # Its dates are counted from today.
    today = timezone.localdate().isoformat()
    commands = ["migrate", "load_demonstration"]
    with server() as connected:
        # Nobody else makes one before it is copied: that of the next day takes the place of this.
        copy(connected, _made(connected, "demonstrated", made_from, commands, today), name)


@contextmanager
def server() -> Iterator[psycopg.Connection]:
    """A connection to the server that the tests run on, to make and drop databases."""
    parameters = connection.get_connection_params() | {"dbname": "postgres"}
    with psycopg.connect(**parameters, autocommit=True) as connected:
        yield connected


def make_application_role() -> None:
    """Make the application's role on a server that isn't embedded and so doesn't have it.

    It has the password of the tests' own role, whose server it is.
    """
    role = settings.APPLICATION_ROLE
    with server() as connected:
        connected.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [PREFIX])
        found = connected.execute("SELECT FROM pg_roles WHERE rolname = %s", [role]).fetchone()
        if found is None:
            _execute(connected, "CREATE ROLE {} LOGIN", role)
            password = sql.Literal(connection.settings_dict["PASSWORD"])
            change = sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), password)
            connected.execute(change)


def copy(connected: psycopg.Connection, template: str, name: str) -> None:
    _execute(connected, "CREATE DATABASE {} TEMPLATE {}", name, template)


def drop(connected: psycopg.Connection, name: str) -> None:
    _execute(connected, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _made(
    connected: psycopg.Connection,
    kind: str,
    made_from: list[Path],
    commands: list[str],
    day: str = "",
) -> str:
    kind = PREFIX + kind
    contents = b"".join(path.read_bytes() for path in sorted(made_from))
    name = f"{kind}_{sha256(contents + day.encode()).hexdigest()[:16]}"
    # Whoever comes first makes it; the others wait here, until it has closed its connection.
    connected.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [PREFIX])
    known = connected.execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [kind]
    ).fetchall()
    if (name,) not in known:
        for (old,) in known:
            drop(connected, old)
        unfinished = f"{kind}_unfinished"
        copy(connected, "template1", unfinished)
        if settings.DATABASES["default"]["ENGINE"] == "config.postgresql":
            _execute(connected, "ALTER DATABASE {} OWNER TO {}", unfinished, embedded_roles.OWNER)
        for command in commands:
            _run(command, unfinished)
        _execute(connected, "ALTER DATABASE {} RENAME TO {}", unfinished, name)
    return name


def _execute(connected: psycopg.Connection, statement: str, *names: str) -> None:
    connected.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _run(command: str, database: str) -> None:
    """Run a command of the service, with its own settings, on another database."""
    program = f"""
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = {database!r}
django.setup()
from django.core.management import call_command
call_command({command!r}, verbosity=0)
"""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        check=True,
    )
