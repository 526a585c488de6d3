"""The embedded PostgreSQL, as several processes share it.

Each test has a server of its own, apart from the one that the tests themselves run on.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

import pytest

from config.postgresql import embedded

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120
"""Seconds after which what was waited for does not come any more, however busy the machine."""

USE = """
    import sys
    from config.postgresql import embedded, embedded_roles
    embedded.attach()
    embedded._connect(embedded.this_server()).close()
    print("attached", flush=True)
    sys.stdin.readline()
"""


class Process:
    """A Python process that uses the server in `data` until it is told to end."""

    started: ClassVar[list[Process]] = []

    def __init__(self, data: Path, program: str = USE) -> None:
        self.inner = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(program)],
            cwd=ROOT,
            env={**os.environ, "DATA_DIR": str(data)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.started.append(self)
        assert self.inner.stdout
        self.said = self.inner.stdout.readline().strip()

    def end(self) -> None:
        self.inner.communicate("\n")
        assert self.inner.returncode == 0

    def kill(self) -> None:
        if self.inner.poll() is None:
            self.inner.kill()
            self.inner.communicate()


def servers(data: Path) -> list[int]:
    """The servers of `data`; not the processes that they have made,
    which for a moment after they begin look like them."""
    cluster = os.fsencode(embedded.server_of(data).cluster)
    found: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes().split(b"\0")
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except OSError:
                continue
            if cluster in command:
                found[int(entry.name)] = parent
    return [process for process, parent in found.items() if parent not in found]


def wait_until_no_server_is_left(data: Path) -> None:
    """A server that has stopped may take a busy machine's while to go."""
    give_up_at = time.monotonic() + PATIENCE
    while servers(data):
        assert time.monotonic() < give_up_at
        time.sleep(0.05)


@pytest.fixture
def data() -> Iterator[Path]:
    # Not below pytest's own folder, which every run of pytest closes to PostgreSQL's user.
    folder = Path(tempfile.mkdtemp(prefix="fieldwork-test-"))
    folder.chmod(0o755)
    yield folder
    for process in Process.started:
        process.kill()
    Process.started.clear()
    for server in servers(folder):
        with suppress(ProcessLookupError):  # it was about to go
            os.kill(server, signal.SIGINT)
    wait_until_no_server_is_left(folder)
    for left in (folder, embedded.server_of(folder).cluster.parent):
        shutil.rmtree(left, ignore_errors=True)


def test_processes_share_one_server_and_the_last_to_end_stops_it(data: Path) -> None:
    first, second = Process(data), Process(data)
    (server,) = servers(data)
    first.end()
    assert servers(data) == [server]
    second.end()
    wait_until_no_server_is_left(data)


def test_processes_that_start_at_once_start_one_server(data: Path) -> None:
    program = USE.replace("embedded.attach()", "print('ready', flush=True); embedded.attach()")
    processes = [Process(data, program) for _ in range(4)]
    for process in processes:
        assert process.inner.stdout
        assert process.inner.stdout.readline().strip() == "attached"
    assert len(servers(data)) == 1
    for process in processes:
        process.end()
    wait_until_no_server_is_left(data)


def test_a_killed_process_blocks_no_other(data: Path) -> None:
    killed = Process(data)
    killed.kill()
    (server,) = servers(data)
    heir = Process(data)
    assert servers(data) == [server]
    heir.end()
    wait_until_no_server_is_left(data)


def test_a_killed_server_is_started_again(data: Path) -> None:
    first = Process(data)
    (server,) = servers(data)
    os.kill(server, signal.SIGKILL)
    second = Process(data)
    assert second.said == "attached"
    second.end()
    first.end()
    wait_until_no_server_is_left(data)


def test_a_forked_child_does_not_take_its_parents_hold(data: Path) -> None:
    program = USE.replace(
        'print("attached", flush=True)',
        """
    import os
    if os.fork() == 0:
        embedded.release()
        os._exit(0)
    os.wait()
    embedded._connect(embedded.this_server()).close()
    print("attached", flush=True)
    """,
    )
    parent = Process(data, program)
    assert parent.said == "attached"
    parent.end()
    wait_until_no_server_is_left(data)


def test_a_long_path_has_its_socket_elsewhere(data: Path) -> None:
    deep = data / ("deep" * 20)
    deep.mkdir()
    process = Process(deep)
    assert process.said == "attached"
    process.end()


OF_BEFORE = """
    import sys
    from config.postgresql import embedded, embedded_roles
    embedded.make_roles = lambda connect: None
    embedded.attach()
    with embedded._connect(embedded.this_server()) as connection:
        connection.execute("CREATE DATABASE fieldwork")
    with embedded._connect(embedded.this_server(), "fieldwork") as connection:
        connection.execute("CREATE TABLE kept (id int GENERATED BY DEFAULT AS IDENTITY)")
        connection.execute("CREATE SEQUENCE counted")
        connection.execute("CREATE VIEW seen AS SELECT id FROM kept")
        connection.execute("CREATE FUNCTION said() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    print("attached", flush=True)
    sys.stdin.readline()
"""

OWNERS = """
    import sys
    from config.postgresql import embedded, embedded_roles
    embedded.attach()
    with embedded._connect(embedded.this_server(), embedded_roles.NAME) as connection:
        print(*connection.execute(
            "SELECT relname || ' ' || pg_get_userbyid(relowner) FROM pg_class "
            "WHERE relnamespace = 'public'::regnamespace "
            "UNION SELECT 'said ' || pg_get_userbyid(proowner) FROM pg_proc WHERE proname = 'said' "
            "UNION SELECT 'database ' || pg_get_userbyid(datdba) FROM pg_database "
            "WHERE datname = 'fieldwork' "
            "UNION SELECT rolname || CASE WHEN rolsuper THEN ' is all' ELSE ' may little' END "
            "FROM pg_roles WHERE rolname LIKE 'fieldwork%' ORDER BY 1"
        ).fetchall(), sep=";", flush=True)
    sys.stdin.readline()
"""


@pytest.mark.parametrize("is_left_running", [False, True])
def test_a_data_folder_of_before_there_were_roles_gets_both(
    data: Path, is_left_running: bool
) -> None:
    before = Process(data, OF_BEFORE)
    assert before.said == "attached"
    if is_left_running:
        before.kill()
    else:
        before.end()
    after = Process(data, OWNERS)
    assert after.said == ";".join(
        f"('{line}',)"
        for line in (
            "counted fieldwork_owner",
            "database fieldwork_owner",
            "fieldwork may little",
            "fieldwork_owner may little",
            "kept fieldwork_owner",
            "kept_id_seq fieldwork_owner",
            "said fieldwork_owner",
            "seen fieldwork_owner",
        )
    )
    after.end()
