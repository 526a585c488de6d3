"""What is served by the embedded database is served by the application's role."""

from __future__ import annotations

import psycopg
import pytest

from config.postgresql import embedded_roles
from tests.server.conftest import Serve, Served, a_save
from tests.server.test_serving import run

OF_BEFORE = """
from config.postgresql import embedded, embedded_roles
embedded.attach()
with embedded._connect(embedded.this_server(), embedded_roles.NAME) as connection:
    connection.execute('''
        REASSIGN OWNED BY fieldwork_owner TO postgres;
        DROP OWNED BY fieldwork;
        GRANT TEMPORARY ON DATABASE fieldwork TO PUBLIC;
        DROP ROLE fieldwork;
        DROP ROLE fieldwork_owner;
    ''')
"""

REFUSED = (
    "UPDATE cases_answersave SET note = 'Another'",
    "DELETE FROM cases_caseevent",
    "ALTER TABLE ratings_sealedresult DISABLE TRIGGER ALL",
    "SET ROLE fieldwork_owner",
    "SET ROLE postgres",
)


def save_as_its_inspector(served: Served) -> None:
    inspection, case, email = served.case()
    sent = {"saves": [a_save("2.1.1", "YES", base_version=0)]}
    answer = served.signed_in(email).post(
        f"/inspections/{inspection}/cases/{case}/saves/", json=sent
    )
    assert answer.json()["results"][0]["outcome"] == "saved"
    who = served.query(
        "SELECT DISTINCT usename FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename IS NOT NULL"
    )
    assert who == [(embedded_roles.APPLICATION,)]


def test_a_new_data_folder_and_one_of_before_are_served_as_the_application(
    serve_alone: Serve,
) -> None:
    served = serve_alone()
    save_as_its_inspector(served)
    served.service.stop()
    done = run(["-c", OF_BEFORE], DATA_DIR=str(served.data), DATABASE_URL="")
    assert done.returncode == 0, done.stderr
    served.service.start()
    save_as_its_inspector(served)
    role = embedded_roles.APPLICATION
    with psycopg.connect(served.database, user=role, autocommit=True) as connected:
        for statement in REFUSED:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connected.execute(statement)
