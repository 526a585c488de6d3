"""Starting and stopping the service, as `make run` does it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPResponse
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import psycopg
import pytest
from django.db import connection

from tests.benchmarks.server import FreePort, addresses_of

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120
"""Seconds after which what was waited for does not come any more, however busy the machine."""


def serve(**environment: str) -> subprocess.CompletedProcess[str]:
    return run(["-m", "config.serve"], **environment)


def run(command: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", **environment},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


def test_a_taken_port_is_said_in_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = serve(PORT=str(port))
    assert done.returncode == 1
    assert f"Port {port} is taken" in done.stderr
    assert f"PORT={port + 1} make run" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_that_is_no_port_is_said_in_words() -> None:
    for port, said in {"eight": "whole number", "70000": "from 1 to 65535"}.items():
        done = serve(PORT=port)
        assert done.returncode == 1
        assert said in done.stderr


def test_a_database_that_does_not_answer_is_said_in_words() -> None:
    done = serve(PORT=free_port(), DATABASE_URL="postgresql://u:secret@127.0.0.1:1/name")
    assert done.returncode == 1
    assert "does not answer" in done.stderr
    assert "secret" not in done.stderr
    assert "Traceback" not in done.stderr


def test_production_names_missing_settings() -> None:
    done = serve(PORT=free_port(), FIELDWORK_ENV="production", SECRET_KEY="")
    assert done.returncode == 1
    assert "FIELDWORK_ENV is production, but SECRET_KEY is not set" in done.stderr


_ports: list[FreePort] = []


def free_port() -> str:
    """Kept until these tests have ended."""
    _ports.append(FreePort())
    return str(_ports[-1].number)


@pytest.fixture
def empty_database(tmp_path: Path) -> Iterator[str]:
    """The address of an empty database, dropped afterwards."""
    settings = connection.settings_dict
    server = psycopg.conninfo.make_conninfo(
        "postgresql://",
        host=settings["HOST"],
        port=settings["PORT"],
        user=settings["USER"],
        password=settings["PASSWORD"],
    )
    name = f"test_fieldwork_{os.getpid()}_served"
    with psycopg.connect(server, dbname="postgres", autocommit=True) as own:
        own.execute(f"CREATE DATABASE {name}")
        yield (
            f"postgresql://{quote(settings['USER'])}:{quote(settings['PASSWORD'])}@"
            f":{settings['PORT']}/{name}?host={quote(settings['HOST'], safe='')}"
        )
        own.execute(f"DROP DATABASE {name} WITH (FORCE)")


PRODUCTION = {
    "FIELDWORK_ENV": "production",
    "SECRET_KEY": "not secret: nothing is signed here",
    "ALLOWED_HOSTS": "localhost",
}


@pytest.mark.parametrize(
    "command",
    [
        ["-m", "config.serve"],
        ["-c", "import config.wsgi"],
        ["manage.py", "check", "--database", "default"],
    ],
    ids=["serve", "wsgi", "check"],
)
def test_production_refuses_in_words_to_be_a_role_that_could_alter_histories(
    empty_database: str, command: list[str]
) -> None:
    done = run(command, PORT=free_port(), DATABASE_URL=empty_database, **PRODUCTION)
    assert done.returncode == 1
    assert "DATABASE_URL connects as a role that could alter histories" in done.stderr
    assert "is a superuser of PostgreSQL" in done.stderr
    if command[0] == "-m":
        assert "Traceback" not in done.stderr


def test_production_without_the_owner_s_address_says_that_the_database_is_not_up_to_date(
    empty_database: str,
) -> None:
    name = str(psycopg.conninfo.conninfo_to_dict(empty_database)["dbname"])
    addresses = addresses_of(name)
    # The owner's command takes away what everybody may do in a new database.
    owner = addresses.pop("OWNER_DATABASE_URL")
    with psycopg.connect(owner, autocommit=True) as connected:
        connected.execute(f"REVOKE TEMPORARY ON DATABASE {name} FROM PUBLIC")
    for command, said in {
        "-m config.serve": "The database is not up to date. Run manage.py migrate with "
        "OWNER_DATABASE_URL",
        "manage.py migrate": "may make no tables, so the database stays as it is. Set "
        "OWNER_DATABASE_URL",
    }.items():
        done = run(command.split(), PORT=free_port(), **addresses, **PRODUCTION)
        assert done.returncode == 1
        assert said in done.stderr
        assert "Traceback" not in done.stderr


def test_the_owner_s_address_is_another_role_s_of_the_same_database() -> None:
    served = "postgresql://fieldwork@localhost/name"
    for owner, said in {
        "postgresql://fieldwork@localhost/name": "name the role of the service",
        "postgresql://localhost/name": "name the role of the service",
        "postgresql://fieldwork_owner@localhost/other": "name two databases",
    }.items():
        done = serve(PORT=free_port(), DATABASE_URL=served, OWNER_DATABASE_URL=owner)
        assert done.returncode == 1
        assert said in done.stderr


@pytest.fixture(params=["0006_what_a_save_costs", "0002_initial"])
def earlier_database(empty_database: str, request: pytest.FixtureRequest) -> str:
    """The address of a database whose tables came from migrations that are no more, though the
    names of some are used again."""
    with psycopg.connect(empty_database) as earlier:
        earlier.execute(
            "CREATE TABLE django_migrations "
            "(id serial PRIMARY KEY, app text, name text, applied timestamptz)"
        )
        earlier.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES "
            "('cases', '0001_initial', now()), ('cases', %s, now())",
            [request.param],
        )
    return empty_database


@pytest.mark.parametrize(
    "command",
    [["-m", "config.serve"], ["manage.py", "migrate", "--verbosity", "0"]],
    ids=["serve", "migrate"],
)
def test_a_database_of_an_earlier_version_is_said_in_words_and_left_alone(
    earlier_database: str, command: list[str]
) -> None:
    done = run(command, PORT=free_port(), DATABASE_URL=earlier_database)
    assert done.returncode == 1
    assert "made by an earlier version" in done.stderr
    assert "Let DATABASE_URL name an empty database" in done.stderr
    assert "Traceback" not in done.stderr
    with psycopg.connect(earlier_database) as earlier:
        tables = earlier.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        assert tables.fetchall() == [("django_migrations",)]


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_stopping_waits_for_no_open_page_and_leaves_no_process(
    empty_database: str, stop: signal.Signals
) -> None:
    port = free_port()
    with subprocess.Popen(
        [sys.executable, "-m", "config.serve"],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "APPLICATION": "tests.server.stream:application",
            # Production loads no demonstration, which this test has no need of.
            **PRODUCTION,
            **addresses_of(str(psycopg.conninfo.conninfo_to_dict(empty_database)["dbname"])),
            "PORT": port,
        },
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as service:
        assert service.stdout
        while "Press Ctrl-C" not in service.stdout.readline():
            assert service.poll() is None
        with open_page(port) as page:
            assert page.read(1) == b":"
            # As a terminal does: to the whole group of processes.
            os.killpg(service.pid, stop)
            service.wait(timeout=PATIENCE)
        assert service.returncode == 0
        assert "Stopped." in service.stdout.read()
    assert not still_running(group=service.pid)


def still_running(group: int) -> list[str]:
    """What runs in a process group, once what is about to end has had its time."""
    deadline = time.monotonic() + PATIENCE
    while True:
        listed = subprocess.run(["ps", "-eo", "pgid=,stat=,args="], capture_output=True, text=True)
        rows = [line.split(maxsplit=2) for line in listed.stdout.splitlines()]
        # A process that has ended stays listed as Z until it is collected.
        left = [row[2] for row in rows if row[0] == str(group) and not row[1].startswith("Z")]
        if not left or time.monotonic() > deadline:
            return left
        time.sleep(0.1)


def open_page(port: str) -> HTTPResponse:
    """A page that stays open; waits until the service accepts."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            page: HTTPResponse = urlopen(f"http://127.0.0.1:{port}/", timeout=PATIENCE)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return page
