"""What the application's role may do to each table: the rights that follow on every migration.

The owner of the tables grants them (``config.postgresql.roles``). What is kept for ever is added to
and never changed: events, saves, comments, confirmations, seals, the chain. A table that isn't
named here can't even be read, and a test fails.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections, transaction
from django.db.utils import OperationalError

from config.postgresql.roles import disconnect, is_application, wrong_rights
from ratings.results.tables import event_tables

Rights = frozenset[str]

READS = frozenset({"SELECT"})
ADDS = READS | {"INSERT"}
CHANGES = ADDS | {"UPDATE"}
REMOVES = ADDS | {"DELETE"}
CHANGES_AND_REMOVES = CHANGES | REMOVES


def but_for(*columns: str) -> Rights:
    """Rows are added, and change in these columns alone."""
    return ADDS | {f"UPDATE ({column})" for column in columns}


BY_HAND: dict[Rights, tuple[str, ...]] = {
    # Written by the owner: by migrations, what follows on them, and functions.
    READS: (
        "auth_group",
        "auth_group_permissions",
        "auth_permission",
        "django_content_type",
        "django_migrations",
        # By the function that removes what need not be kept any longer, and by nothing else.
        "inspections_deletioncertificate",
        "inspections_editionquestion",
        "inspections_editionrecord",
        "inspections_editionstandard",
        "socialaccount_socialapp",
    ),
    ADDS: (
        "cases_caseread",
        "cases_commentreply",
        "cases_draw",
        "cases_drawncase",
        "cases_leadchoice",
        "inspections_historyexport",
        "inspections_signinrecord",
        "pghistory_context",
        "ratings_historylink",
        "ratings_inspectionexport",
        "ratings_namedchair",
        "ratings_publication",
        "ratings_reopening",
        "ratings_retentionperiod",
        "ratings_sealagreement",
        "ratings_sealedresult",
        "ratings_steppedaside",
    ),
    # Triggers let each of them be filled in once.
    but_for("same_as"): ("cases_answersave", "cases_detailsave"),
    but_for("resolved_at", "resolved_by_id"): ("cases_comment",),
    but_for("key", "report_title", "published", "replayed_at"): ("ratings_replay",),
    CHANGES: ("ratings_panelhearing", "ratings_panelmeeting"),
    REMOVES: (
        "cases_listedcase",
        "cases_putback",
        "cases_takenout",
        "django_admin_log",
        "ratings_panelseat",
        "ratings_presentatdecision",
    ),
    CHANGES_AND_REMOVES: (
        "account_emailaddress",
        "account_emailconfirmation",
        "cases_answer",
        "cases_case",
        "cases_caselist",
        "cases_casesource",
        "cases_declaredinterest",
        "cases_expectedminutes",
        "cases_interviewedcase",
        "cases_interviewslot",
        "cases_linkedcase",
        "cases_linkedcases",
        "cases_sample",
        "django_session",
        "fieldwork_cache",
        "inspections_inspection",
        "inspections_keptform",
        "inspections_membership",
        "inspections_requesteditem",
        "inspections_samplingwindow",
        "inspections_sentform",
        "inspections_service",
        "inspections_user",
        "inspections_user_groups",
        "inspections_user_user_permissions",
        "mfa_authenticator",
        "ratings_attendance",
        "ratings_discretion",
        "ratings_evidence",
        "ratings_evidenceuse",
        "ratings_finding",
        "ratings_findingsupport",
        "ratings_judgement",
        "socialaccount_socialaccount",
        "socialaccount_socialtoken",
        "usersessions_usersession",
    ),
}

FUNCTIONS = ("ratings_remove_recorded(bigint)", "ratings_purge(bigint,text)")
"""What runs with the owner's rights. Nobody but the application may call it."""

IGNORES = "_pgtrigger_should_ignore"
NOT_FOR_THE_APPLICATION = f"""
BEGIN
    IF coalesce(current_setting('pgtrigger.ignore', true), '') = '' THEN
        RETURN false;
    END IF;
    RETURN trigger_name = ANY(current_setting('pgtrigger.ignore', true)::text[])
        AND EXISTS (
            SELECT FROM pg_catalog.pg_proc
            WHERE oid = 'public.{IGNORES}(name)'::regprocedure
                AND pg_has_role(current_user, proowner, 'USAGE')
        );
END;
"""
"""django-pgtrigger's own function lets every session switch triggers off by a setting, those that
write histories too. This one does it for the owner alone."""


def rights_of_tables() -> dict[str, Rights]:
    """Each table by its name. Histories are found, so that a new one can't be forgotten."""
    by_hand = {table: rights for rights, tables in BY_HAND.items() for table in tables}
    return by_hand | dict.fromkeys(event_tables(), ADDS)


def kept_for_ever() -> list[str]:
    """The tables with rows that the application may not remove, nor change but for a column."""
    return sorted(
        table
        for table, rights in rights_of_tables().items()
        if not rights & {"UPDATE", "DELETE"} and "INSERT" in rights
    )


def grant_rights(using: str = "default") -> None:
    """Give the application's role what it may do here, and take from it what it may not.

    Where one role both owns the tables and serves, as for a run on one's own machine with a
    ``DATABASE_URL`` alone, nothing can be taken from it, and nothing is done.
    """
    connection = connections[using]
    if not settings.APPLICATION_ROLE or is_application(connection):
        return
    with transaction.atomic(using), connection.cursor() as cursor:
        # Two machines that start at once would change the same rows of the catalogue.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('rights of tables', 0))")
        for statement in missing_statements(using):
            cursor.execute(statement)


def why_not_served(using: str = "default") -> str:
    """Why the service doesn't run on this connection in production; empty when it may."""
    if not settings.PRODUCTION:
        return ""
    if wrong := wrong_rights(using):
        return (
            f"DATABASE_URL connects as a role that could alter histories: {'; '.join(wrong)}. "
            "Let it name a role of its own, and OWNER_DATABASE_URL the owner of the tables: "
            "docs/deploy.md, “PostgreSQL”."
        )
    if missing_statements(using):
        return (
            f"The rights of {settings.APPLICATION_ROLE} in the database are not those that this "
            "version gives it. Run manage.py migrate with OWNER_DATABASE_URL set: "
            "docs/deploy.md, “Upgrade”."
        )
    return ""


def serve_as_application_alone() -> None:
    """Raises ImproperlyConfigured when production would be served by a role that may not."""
    if not settings.PRODUCTION:
        return
    try:
        why = why_not_served()
    except OperationalError:
        # The database is away. Whatever starts the service asked before, and a process that is
        # started again meanwhile comes back by itself.
        return
    finally:
        disconnect(connections["default"])
    if why:
        raise ImproperlyConfigured(why)


def missing_statements(using: str = "default") -> list[str]:
    """The SQL that puts the rights of the application's role right; nothing when they are.

    Raises ImproperlyConfigured when there is no such role.
    """
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(rolname), oid, current_schema() FROM pg_roles WHERE rolname = %s",
            [settings.APPLICATION_ROLE],
        )
        found = cursor.fetchone()
        if found is None:
            raise ImproperlyConfigured(
                f"DATABASE_URL names the role {settings.APPLICATION_ROLE}, which PostgreSQL "
                "doesn't have. Make it first: docs/deploy.md."
            )
        role, oid, schema = found
        return [
            *_of_database(cursor, role, oid, schema),
            *_of_tables(cursor, role, oid, schema),
            *_of_functions(cursor, role, oid, schema),
        ]


def _of_database(cursor: Any, role: str, oid: int, schema: str) -> Iterator[str]:
    """To connect, and to make nothing: whoever makes a table, a temporary one too, can give it a
    trigger, and events are only taken from triggers."""
    cursor.execute(
        "SELECT quote_ident(current_database()), "
        "has_database_privilege(%(oid)s::oid, current_database(), 'CONNECT'), "
        "has_database_privilege(%(oid)s::oid, current_database(), 'CREATE') "
        "OR has_database_privilege(%(oid)s::oid, current_database(), 'TEMPORARY'), "
        "has_schema_privilege(%(oid)s::oid, %(schema)s, 'USAGE'), "
        "has_schema_privilege(%(oid)s::oid, %(schema)s, 'CREATE')",
        {"oid": oid, "schema": schema},
    )
    database, connects, makes, uses, makes_tables = cursor.fetchone()
    if makes:
        yield f"REVOKE CREATE, TEMPORARY ON DATABASE {database} FROM PUBLIC, {role}"
    if not connects:
        yield f"GRANT CONNECT ON DATABASE {database} TO {role}"
    if makes_tables:
        yield f'REVOKE CREATE ON SCHEMA "{schema}" FROM PUBLIC, {role}'
    if not uses:
        yield f'GRANT USAGE ON SCHEMA "{schema}" TO {role}'


def _of_tables(cursor: Any, role: str, oid: int, schema: str) -> Iterator[str]:
    # Of views and sequences, too: an identity's next number needs no right to its sequence.
    cursor.execute(
        """
        SELECT c.relname, granted.privilege_type
        FROM pg_class c
        LEFT JOIN LATERAL (
            SELECT grantee, privilege_type FROM aclexplode(c.relacl)
            UNION
            SELECT of_column.grantee, format('%%s (%%s)', of_column.privilege_type, a.attname)
            FROM pg_attribute a, aclexplode(a.attacl) of_column WHERE a.attrelid = c.oid
        ) granted ON granted.grantee IN (0, %s)
        WHERE c.relnamespace = %s::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
        """,
        [oid, f'"{schema}"'],
    )
    granted: dict[str, set[str]] = defaultdict(set)
    for table, right in cursor.fetchall():
        granted[table] |= {right} - {None}
    wanted = rights_of_tables()
    for table, there in sorted(granted.items()):
        rights = wanted.get(table, frozenset())
        if there != rights:
            yield f'REVOKE ALL ON "{schema}"."{table}" FROM PUBLIC, {role}'
            if rights:
                yield f'GRANT {", ".join(sorted(rights))} ON "{schema}"."{table}" TO {role}'


def _of_functions(cursor: Any, role: str, oid: int, schema: str) -> Iterator[str]:
    for function in FUNCTIONS:
        cursor.execute(
            "SELECT has_function_privilege(%s::oid, found::oid, 'EXECUTE') "
            "FROM to_regprocedure(%s) found WHERE found IS NOT NULL",
            [oid, f'"{schema}".{function}'],
        )
        if cursor.fetchone() == (False,):
            yield f'GRANT EXECUTE ON FUNCTION "{schema}".{function} TO {role}'
    cursor.execute(
        "SELECT prosrc FROM pg_proc WHERE oid = to_regprocedure(%s)", [f"public.{IGNORES}(name)"]
    )
    (source,) = cursor.fetchone() or (NOT_FOR_THE_APPLICATION,)
    if source != NOT_FOR_THE_APPLICATION:
        yield (
            f"CREATE OR REPLACE FUNCTION public.{IGNORES}(trigger_name name) RETURNS boolean "
            f"LANGUAGE plpgsql AS $ignores${NOT_FOR_THE_APPLICATION}$ignores$"
        )
