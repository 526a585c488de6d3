"""A change is announced after its commit; one announcement covers changes shortly after it."""

from __future__ import annotations

import time
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection, transaction

from inspections import announcements
from inspections.announcements import CHANNEL, COALESCE_SECONDS, announce

pytestmark = pytest.mark.django_db(transaction=True)

SOMEBODY_ELSES, OURS = 1_000_001, 1_000_002


@pytest.fixture
def listener() -> Iterator[psycopg.Connection]:
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as listening:
        listening.execute(f"LISTEN {CHANNEL}")
        yield listening


@pytest.fixture(autouse=True)
def nothing_announced_before() -> None:
    announcements._announced.clear()


def heard(listener: psycopg.Connection) -> list[int]:
    """What was announced since the last time, up to a notice of our own."""
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as sender:
        sender.execute("SELECT pg_notify(%s, 'so far')", [CHANNEL])
    notices = listener.notifies(timeout=120)
    return [int(payload) for payload in iter(lambda: next(notices).payload, "so far")]


def test_a_change_is_announced_once_it_is_committed(listener: psycopg.Connection) -> None:
    with transaction.atomic():
        announce(OURS)
        assert heard(listener) == []
    assert heard(listener) == [OURS]


def test_what_changes_in_the_same_moment_is_announced_once(
    listener: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    for _ in range(3):
        announce(OURS)
    announce(SOMEBODY_ELSES)
    monkeypatch.undo()
    assert heard(listener) == [OURS, SOMEBODY_ELSES]


def test_what_changes_later_is_announced_again(listener: psycopg.Connection) -> None:
    announce(OURS)
    time.sleep(COALESCE_SECONDS * 1.5)
    announce(OURS)
    assert heard(listener) == [OURS, OURS]


def test_a_failed_announcement_covers_no_other_change(
    listener: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(announcements, "NOTIFY", "SELECT no_such_function()")
        announce(OURS)
    announce(OURS)
    assert heard(listener) == [OURS]
