"""What the application's role may do to the database, and what it may not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from psycopg import sql

from config.postgresql.roles import wrong_rights
from config.site.apps import connected_as_the_application
from config.site.privileges import (
    FUNCTIONS,
    grant_rights,
    kept_for_ever,
    missing_statements,
    rights_of_tables,
    serve_as_application_alone,
    why_not_served,
)
from ratings.results.tables import event_tables
from tests.application import application

pytestmark = pytest.mark.django_db

KEPT = kept_for_ever()


@pytest.fixture
def own(db: None) -> Iterator[psycopg.Connection[Any]]:
    """A connection as the application has them."""
    with application() as connected:
        yield connected


def ask(statement: str, *values: Any) -> list[Any]:
    """As the tests' own role, which may do everything."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else []


def test_every_table_says_what_the_application_may_do_to_it() -> None:
    with connection.cursor() as cursor:
        there = {
            table.name
            for table in connection.introspection.get_table_list(cursor)
            # A view of django-pghistory's has no rows of its own.
            if table.type != "v"
        }
    assert there == set(rights_of_tables())


def test_what_is_kept_for_ever_is_added_to_and_read() -> None:
    assert set(event_tables()) < set(KEPT)
    assert {
        "cases_answersave",
        "cases_comment",
        "cases_commentreply",
        "cases_detailsave",
        "ratings_historylink",
        "ratings_reopening",
        "ratings_sealagreement",
        "ratings_sealedresult",
    } < set(KEPT)
    columns = {
        (table, right)
        for table in KEPT
        for right in rights_of_tables()[table] - {"SELECT", "INSERT"}
    }
    # Triggers let these be filled in once; a replay's is its report's.
    assert {(table, right) for table, right in columns if table != "ratings_replay"} == {
        ("cases_answersave", "UPDATE (same_as)"),
        ("cases_detailsave", "UPDATE (same_as)"),
        ("cases_comment", "UPDATE (resolved_at)"),
        ("cases_comment", "UPDATE (resolved_by_id)"),
    }


@pytest.mark.parametrize("table", KEPT)
def test_the_application_alters_nothing_that_is_kept_for_ever(
    own: psycopg.Connection[Any], table: str
) -> None:
    triggers = ask(
        "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", table
    )
    key = ask(
        "SELECT a.attname FROM pg_index i JOIN pg_attribute a "
        "ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] "
        "WHERE i.indrelid = %s::regclass AND i.indisprimary",
        table,
    )[0][0]
    statements = [
        f"UPDATE {{}} SET {key} = {key}",
        "DELETE FROM {}",
        "TRUNCATE {}",
        "TRUNCATE {} CASCADE",
        "DROP TABLE {} CASCADE",
        "ALTER TABLE {} DISABLE TRIGGER ALL",
        "ALTER TABLE {} DISABLE TRIGGER USER",
        f"ALTER TABLE {{}} DROP COLUMN {key}",
        "ALTER TABLE {} RENAME TO another",
        "ALTER TABLE {} OWNER TO CURRENT_USER",
        "CREATE RULE another AS ON INSERT TO {} DO INSTEAD NOTHING",
        "CREATE TRIGGER another BEFORE INSERT ON {} FOR EACH ROW "
        "EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        *(f"DROP TRIGGER {name} ON {{}}" for (name,) in triggers),
        *(f"ALTER TABLE {{}} DISABLE TRIGGER {name}" for (name,) in triggers),
    ]
    for statement in statements:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            own.execute(sql.SQL(statement).format(sql.Identifier(table)))


@pytest.mark.parametrize("table", event_tables())
def test_an_event_is_added_by_triggers_alone(own: psycopg.Connection[Any], table: str) -> None:
    with pytest.raises(psycopg.errors.CheckViolation, match="stay as they are for ever"):
        own.execute(f"INSERT INTO {table} (pgh_created_at, pgh_label) VALUES (now(), 'update')")


@pytest.mark.parametrize(
    "statement",
    [
        "SET ROLE {owner}",
        "SET SESSION AUTHORIZATION {owner}",
        "SET session_replication_role = replica",
        "GRANT {owner} TO CURRENT_USER",
        "ALTER ROLE CURRENT_USER SUPERUSER",
        "CREATE ROLE another",
        "ALTER DATABASE {database} OWNER TO CURRENT_USER",
        "DROP SCHEMA public CASCADE",
        "CREATE SCHEMA another",
        "CREATE TABLE another ()",
        # A trigger of one's own table could add an event, and its name hide a table from checks.
        "CREATE TEMPORARY TABLE cases_case ()",
        "CREATE FUNCTION another() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE OR REPLACE FUNCTION _pgtrigger_should_ignore(trigger_name name) RETURNS boolean "
        "LANGUAGE sql AS 'SELECT true'",
        "ALTER FUNCTION ratings_remove_recorded(bigint) OWNER TO CURRENT_USER",
        "COPY cases_answersave FROM PROGRAM 'true'",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('cases', 'x', now())",
        "UPDATE inspections_editionquestion SET allows_not_applicable = true",
    ],
)
def test_the_application_becomes_nobody_else_and_makes_nothing(
    own: psycopg.Connection[Any], statement: str
) -> None:
    owner = ask("SELECT tableowner FROM pg_tables WHERE tablename = 'cases_answersave'")[0][0]
    names = {
        "owner": sql.Identifier(owner),
        "database": sql.Identifier(connection.settings_dict["NAME"]),
    }
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        own.execute(sql.SQL(statement).format(**names))


def test_the_application_gives_itself_no_right(own: psycopg.Connection[Any]) -> None:
    # PostgreSQL only warns where somebody has nothing to give.
    own.execute("GRANT UPDATE ON cases_answersave TO CURRENT_USER")
    own.execute("GRANT ALL ON inspections_userevent TO PUBLIC")
    assert missing_statements() == []


def test_rights_are_granted_once_and_put_right_when_they_differ(settings: Any) -> None:
    assert missing_statements() == []
    role = settings.APPLICATION_ROLE
    ask(f"GRANT UPDATE ON inspections_userevent TO {role}")
    ask(f"GRANT UPDATE (note) ON cases_answersave TO {role}")
    ask("GRANT DELETE ON ratings_sealedresult TO PUBLIC")
    ask(f"REVOKE INSERT ON cases_answer FROM {role}")
    ask("CREATE TABLE of_nobody (id int)")
    ask(f"GRANT ALL ON of_nobody TO {role}")
    ask(
        "CREATE OR REPLACE FUNCTION _pgtrigger_should_ignore(trigger_name name) RETURNS boolean "
        "LANGUAGE plpgsql AS 'BEGIN RETURN true; END'"
    )
    ask(f"REVOKE EXECUTE ON FUNCTION {FUNCTIONS[0]} FROM {role}")
    told = " ".join(missing_statements())
    for table in (
        "inspections_userevent",
        "cases_answersave",
        "ratings_sealedresult",
        "cases_answer",
        "of_nobody",
        "_pgtrigger_should_ignore",
        "ratings_remove_recorded",
    ):
        assert table in told
    grant_rights()
    assert missing_statements() == []


def test_a_role_that_is_missing_is_named(settings: Any) -> None:
    settings.APPLICATION_ROLE = "nobody_of_this_name"
    with pytest.raises(ImproperlyConfigured, match="nobody_of_this_name, which PostgreSQL"):
        missing_statements()


def test_production_is_not_served_by_a_superuser(settings: Any) -> None:
    assert why_not_served() == ""
    serve_as_application_alone()
    settings.PRODUCTION = True
    assert "is a superuser of PostgreSQL. Let it name a role of its own" in why_not_served()
    # The check is about the role that serves, not about that of `migrate`.
    assert connected_as_the_application(["default"]) == []
    settings.APPLICATION_ROLE = connection.settings_dict["USER"]
    (error,) = connected_as_the_application(["default"])
    assert error.id == "site.E002"


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ("GRANT {owner} TO test_another", "owns tables of the service, or is a member"),
        ("ALTER ROLE test_another CREATEROLE", "may make roles"),
        ("GRANT pg_write_all_data TO test_another", "may write to every table"),
        ("GRANT CREATE ON SCHEMA public TO test_another", "may make tables in the database"),
        ("GRANT TEMPORARY ON DATABASE {database} TO test_another", "may make tables"),
        ("ALTER DATABASE {database} OWNER TO test_another", "owns the database or its schema"),
    ],
)
def test_production_is_not_served_by_a_role_that_could_alter_histories(
    made: str, said: str
) -> None:
    owner = ask("SELECT tableowner FROM pg_tables WHERE tablename = 'cases_answersave'")[0][0]
    # All of it goes with the test's transaction.
    ask("CREATE ROLE test_another")
    ask("SET LOCAL ROLE test_another")
    assert wrong_rights() == []
    ask("RESET ROLE")
    ask(made.format(owner=owner, database=connection.settings_dict["NAME"]))
    ask("SET LOCAL ROLE test_another")
    assert any(said in one for one in wrong_rights())


def test_production_is_not_served_with_other_rights_than_this_version_gives(settings: Any) -> None:
    settings.PRODUCTION = True
    ask(f"SET LOCAL ROLE {settings.APPLICATION_ROLE}")
    assert why_not_served() == ""
    ask("RESET ROLE")
    ask(f"GRANT UPDATE ON cases_answersave TO {settings.APPLICATION_ROLE}")
    ask(f"SET LOCAL ROLE {settings.APPLICATION_ROLE}")
    assert "are not those that this version gives it" in why_not_served()
