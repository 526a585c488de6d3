"""A seal and a write at the same moment: one waits for the other."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep

import psycopg
import pytest
from django.db import OperationalError, connection, transaction

from inspections.models import Inspection
from ratings.models import SealedResult
from tests import scenes
from tests.integration.results.test_seal import agree
from tests.scenes import Scene

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 120
"""Seconds after which what was waited for does not come any more, however busy the machine."""
LATE = "UPDATE ratings_judgement SET rationale = 'Late'"


@pytest.fixture
def elsewhere() -> Iterator[psycopg.Connection]:
    """Another process's connection, in a transaction of its own."""
    settings = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    known = {name: settings[name] for name in names if settings.get(name)}
    with psycopg.connect(**known, options="-c lock_timeout=300ms") as other:
        yield other
        other.rollback()


@pytest.fixture
def scene() -> Scene:
    scene = scenes.before_panel()
    agree(scene, scene.lead)
    return scene


def test_a_seal_waits_for_a_write_that_began_before(
    scene: Scene, elsewhere: psycopg.Connection
) -> None:
    elsewhere.execute(LATE)
    with pytest.raises(OperationalError, match="lock timeout"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '300ms'")
        agree(scene, scene.chair)
    assert not SealedResult.objects.exists()


def test_a_write_waits_for_a_seal_under_way(scene: Scene, elsewhere: psycopg.Connection) -> None:
    with transaction.atomic():
        agree(scene, scene.chair)
        with pytest.raises(psycopg.errors.LockNotAvailable):
            elsewhere.execute(LATE)
        transaction.set_rollback(True)


def test_a_write_that_waited_finds_the_result_sealed(
    scene: Scene, elsewhere: psycopg.Connection
) -> None:
    elsewhere.execute("SET lock_timeout = 0")
    with ThreadPoolExecutor() as threads:
        with transaction.atomic():
            agree(scene, scene.chair)
            late = threads.submit(elsewhere.execute, LATE)
            wait_until_blocked(elsewhere.info.backend_pid)
        with pytest.raises(psycopg.errors.CheckViolation, match="is sealed"):
            late.result()
    assert scene.fresh().state == Inspection.State.SEALED


def test_a_snapshot_from_before_the_seal_does_not_bypass_it(
    scene: Scene, elsewhere: psycopg.Connection
) -> None:
    """In a transaction that still sees the inspection with the panel."""
    elsewhere.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    state = "SELECT state FROM inspections_inspection"
    assert elsewhere.execute(state).fetchone() == ("PANEL",)
    agree(scene, scene.chair)
    assert elsewhere.execute(state).fetchone() == ("PANEL",)
    with pytest.raises((psycopg.errors.SerializationFailure, psycopg.errors.CheckViolation)):
        elsewhere.execute(LATE)


def wait_until_blocked(pid: int) -> None:
    give_up_at = monotonic() + PATIENCE
    with connection.cursor() as cursor:
        while monotonic() < give_up_at:
            cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [pid])
            if cursor.fetchone() == (True,):
                return
            sleep(0.02)
    pytest.fail("The write never waited.")
