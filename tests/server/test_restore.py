"""A dump that is restored into an empty database has all that was dumped, and keeps refusing."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from config.postgresql import embedded
from tests import scenes, template
from tests.benchmarks.server import url_of
from tests.integration.results.test_seal import agree
from tests.pages import signed_in
from tests.server.conftest import a_save
from tests.server.test_serving import run

pytestmark = pytest.mark.django_db(transaction=True)

RATINGS_AND_SEALS = """
import django
django.setup()
from inspections.models import Inspection
from ratings.models import SealedResult
from ratings.results.build import file_of
from ratings.results.document import verify
from ratings.service import rate_inspection
for inspection in Inspection.objects.order_by("pk"):
    print(inspection.pk, inspection.state, rate_inspection(inspection).outcome)
for sealed in SealedResult.objects.order_by("pk"):
    print(sealed.pk, verify(file_of(sealed), "sealed"))
"""


def programs() -> Path:
    return embedded.this_server().programs / "bin"


@pytest.fixture
def empty() -> Iterator[str]:
    """The address of an empty database."""
    name = f"test_fieldwork_{os.getpid()}_restored"
    with template.server() as server:
        template.copy(server, "template0", name)
    yield url_of(name)
    with template.server() as server:
        template.drop(server, name)


@pytest.fixture
def recorded() -> str:
    """The address of a database with an inspection that was sealed, and one with saves."""
    sealed = scenes.before_panel()
    agree(sealed, sealed.lead)
    agree(sealed, sealed.chair)
    scene = scenes.team()
    save = a_save("2.1.1", "YES", base_version=0)
    answer = signed_in(scene.inspector).post(
        f"{scene.home}cases/{scene.case.pk}/saves/",
        {"saves": [save]},
        content_type="application/json",
    )
    assert answer.status_code == 200
    return url_of(connection.settings_dict["NAME"])


def rows(address: str) -> dict[str, tuple[int, str]]:
    """How many rows each table has, and a digest of all they hold."""
    with psycopg.connect(address, autocommit=True) as connected:
        tables = connected.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
        ).fetchall()
        found = {}
        for (table,) in tables:
            [row] = connected.execute(
                f"SELECT count(*), md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) "
                f'FROM "{table}" t'
            ).fetchall()
            found[table] = row
    return found


def triggers(address: str) -> list[tuple[str, str]]:
    with psycopg.connect(address, autocommit=True) as connected:
        return connected.execute(
            "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger "
            "WHERE NOT tgisinternal AND tgenabled = 'O' ORDER BY 1, 2"
        ).fetchall()


def test_a_restored_dump_has_the_same_ratings_seals_and_history_and_refuses_the_same(
    recorded: str, empty: str, tmp_path: Path
) -> None:
    source, target = recorded, empty
    file = tmp_path / "fieldwork.dump"
    for program, *arguments in (
        ("pg_dump", "--format=custom", f"--file={file}", source),
        ("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={target}", str(file)),
    ):
        subprocess.run([programs() / program, *arguments], check=True)

    before = rows(source)
    assert before["cases_answersave"][0] > 0
    assert before["ratings_sealedresult"][0] > 0
    assert before["inspections_inspectionevent"][0] > 0
    assert rows(target) == before
    assert triggers(target) == triggers(source) != []

    said = [run(["-c", RATINGS_AND_SEALS], DATABASE_URL=address) for address in (source, target)]
    assert said[0].returncode == said[1].returncode == 0, said[1].stderr
    assert said[0].stdout == said[1].stdout
    assert "Outcome(" in said[1].stdout

    with psycopg.connect(target, autocommit=True) as connected:
        for table in ("cases_answersave", "ratings_sealedresult", "inspections_inspectionevent"):
            with pytest.raises(psycopg.Error):
                connected.execute(f"DELETE FROM {table}")
    # It serves as it is: nothing is left to migrate.
    done = run(["manage.py", "migrate", "--check"], DATABASE_URL=target)
    assert done.returncode == 0, done.stdout
