"""Serve the service: `python -m config.serve`, or `make run`.

Brings the database up to date, collects the static files if one changed, loads the
demonstration into an embedded database, prints where the service is and serves it until it is
interrupted. `PORT` and `HOST` say where; `WORKERS` how many processes; `APPLICATION` names another
WSGI application to serve instead, as benchmarks and tests do.
"""

import io
import multiprocessing
import os
import socket
import sys
import threading
import time
from collections import deque
from contextlib import suppress

import django
import psycopg
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command, get_commands
from django.core.management.base import SystemCheckError
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from config import environment
from config.postgresql import embedded

# A page open for live updates occupies one of these threads.
THREADS = 64
# Requests accepted while all threads are busy; further connections are not accepted until later.
ACCEPTED = 4 * THREADS
# Open pages never end by themselves, so stopping waits this long at most.
SECONDS_TO_STOP = 2
# Granian gives up when a process dies soon after it was started again. So often within so many
# seconds means that it can't even start.
MOST_ENDS = 6
SECONDS_OF_ENDS = 60


class CannotServe(Exception):
    """The service cannot start; the message says why and what to do."""


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        host = environment.text("HOST", "127.0.0.1")
        port = environment.number("PORT", 8000)
        workers = environment.number("WORKERS", 2)
        check_port_is_free(host, port)
        sign_ins = prepare()
    except (CannotServe, ImproperlyConfigured, embedded.DatabaseUnavailable) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"\nOpen http://{'localhost' if host == '127.0.0.1' else host}:{port}/")
    if sign_ins:
        print(sign_ins)
    print("Press Ctrl-C to stop.", flush=True)
    # Each worker starts afresh: a forked one would inherit database connections of ours.
    multiprocessing.set_start_method("spawn")
    stopped = threading.Event()
    keeper = threading.Thread(target=embedded.keep_running, args=[stopped])
    if embedded.is_used():
        keeper.start()
    try:
        serve_until_interrupted(host, port, workers)
    except CannotServe as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        stopped.set()
        if keeper.is_alive():
            keeper.join()
        embedded.release()
    print("Stopped.")
    return 0


def serve_until_interrupted(host: str, port: int, workers: int) -> None:
    """Serve until a signal ends it. Raises CannotServe when the processes that serve keep ending.

    Granian starts a process that died again, but gives up when it dies twice within seconds, as
    also happens when an operator or a machine short of memory kills it.
    """
    ends: deque[float] = deque(maxlen=MOST_ENDS)
    while True:
        server = Granian(
            environment.text("APPLICATION", "config.wsgi:application"),
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=THREADS,
            backpressure=ACCEPTED,
            workers_kill_timeout=SECONDS_TO_STOP,
            respawn_failed_workers=True,
            # Its warnings are about the number of threads, and open pages that a stop cuts off.
            log_level=LogLevels.error,
        )
        # A terminal's signal reaches the workers too. Granian counts a worker that ends by
        # itself as failed, which is right unless we were interrupted.
        with suppress(SystemExit):
            server.serve()
        if server.interrupt_signal:
            return
        ends.append(time.monotonic())
        if len(ends) == MOST_ENDS and ends[-1] - ends[0] < SECONDS_OF_ENDS:
            raise CannotServe("The processes that serve keep ending. They said why above.")


def check_port_is_free(host: str, port: int) -> None:
    """Raises CannotServe before anything is started."""
    if not 0 < port < 65536:
        raise CannotServe(f"PORT is {port}. Set it to a number from 1 to 65535.")
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except PermissionError:
        raise CannotServe(
            f"Port {port} is not open to ordinary users. Use another: PORT=8000 make run"
        ) from None
    except OSError as error:
        raise CannotServe(
            f"Port {port} is taken ({error.strerror}). Stop what uses it, or use another: "
            f"PORT={port + 1 if port < 65535 else 8000} make run"
        ) from None


def prepare() -> str:
    """Bring database and static files up to date; returns the demonstration's sign-ins, if any."""
    django.setup()
    from django.conf import settings
    from django.db import connection, connections

    from config.staticfiles import collect_if_changed

    # One attempt without the pool, which would retry for a while and give a poorer message.
    try:
        psycopg.connect(**connection.get_connection_params(), connect_timeout=5).close()
    except psycopg.OperationalError as error:
        raise CannotServe(
            f"The database that DATABASE_URL names does not answer: {error}\n"
            "Start it, or unset DATABASE_URL to use the embedded one."
        ) from None
    bring_up_to_date()
    collect_if_changed()
    sign_ins = io.StringIO()
    if settings.LOADS_DEMONSTRATION and "load_demonstration" in get_commands():
        print("Loading the demonstration", flush=True)
        call_command("load_demonstration", stdout=sign_ins)
    for used in connections.all():
        used.close()
        used.close_pool()  # type: ignore[attr-defined]
    # The processes that serve have no use for it, so they don't inherit it.
    os.environ.pop("OWNER_DATABASE_URL", None)
    return sign_ins.getvalue().strip()


def bring_up_to_date() -> None:
    """Migrate, if the owner of the tables is known here. Raises CannotServe.

    In production it may be known to another command alone, run before; then nothing may be left.
    """
    from django.conf import settings
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from config.site.privileges import why_not_served

    migrates = settings.OWNER_DATABASE or not settings.PRODUCTION
    try:
        if migrates:
            call_command("migrate", verbosity=0, skip_checks=False)
    except SystemCheckError as error:
        raise CannotServe(str(error)) from None
    if why := why_not_served():
        raise CannotServe(why)
    if not migrates:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CannotServe(
                "The database is not up to date. Run manage.py migrate with OWNER_DATABASE_URL "
                "set: docs/deploy.md, “Upgrade”."
            )


if __name__ == "__main__":
    sys.exit(main())
