"""The triggers that make a sealed result final.

They are installed after every migration, on every table that ``sealed_tables`` finds. Unlike
django-pgtrigger's, no session setting switches them off, and they fire for replicated changes
too. They name every table with its schema and set the search path to PostgreSQL's own schema, so
that no temporary table or operator of the session can replace what they use. Only the owner of
the tables can remove them, by changing the schema; ``missing_triggers`` reports it, and nothing
can be sealed while one is missing. One door is in them: the function that removes case content
which need not be kept any longer (``ratings_purge``, ADR 38).

A write holds a key share lock on its inspection until it commits, and the change to SEALED waits
for all of them, so no write that began before a seal can commit after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from django.conf import settings
from django.db import connections

from cases.models import CaseRead
from inspections.models import DeletionCertificate, HistoryExport, Inspection, SignInRecord
from ratings.models import HistoryLink, Publication, Reopening, SealedResult
from ratings.models.quorum import current_hearing_of, is_quorate, names_too_few
from ratings.results.tables import (
    ADDED_WHILE_SEALED,
    SealedTable,
    Step,
    event_tables,
    purged_tables,
    sealed_tables,
)

# PostgreSQL fires triggers in alphabetical order, so these are first.
ROWS = "a_seal"
WHOLE_TABLE = "a_seal_against_truncate"
AT_COMMIT = "a_seal_at_commit"
SEARCH_PATH = "pg_catalog, pg_temp"
APPEND_ONLY = "a_seal_append_only"

INSPECTIONS = Inspection._meta.db_table
RESULTS = SealedResult._meta.db_table
REOPENINGS = Reopening._meta.db_table
LINKS = HistoryLink._meta.db_table
ACCESS = tuple(model._meta.db_table for model in (CaseRead, SignInRecord, HistoryExport))
"""What is recorded of reading and signing in. Of a sealed inspection, too."""
PUBLICATIONS = Publication._meta.db_table
CERTIFICATES = DeletionCertificate._meta.db_table


@dataclass(frozen=True)
class SealTrigger:
    """A trigger on ``table`` and the body of its function; ``fires`` says when."""

    table: str
    name: str
    fires: str
    body: str
    declare: str = "found record;"
    constraint: str = ""

    def source(self, schema: str) -> str:
        """The function's source, as PostgreSQL keeps it."""
        return f"""
            DECLARE {self.declare}
            BEGIN
                {self.body.replace("{schema}", schema)}
            END """

    def sql(self, schema: str) -> str:
        function = f'{schema}."{self.name}_{self.table}"'
        table = f'{schema}."{self.table}"'
        return f"""
            CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql
                SET search_path = {SEARCH_PATH} AS $seal${self.source(schema)}$seal$;
            DROP TRIGGER IF EXISTS {self.name} ON {table};
            CREATE {self.constraint} TRIGGER {self.name} {self.fires.format(table=table)}
                EXECUTE FUNCTION {function}();
            ALTER TABLE {table} ENABLE ALWAYS TRIGGER {self.name};
        """


def install_triggers(using: str = "default") -> None:
    """Install every trigger that is missing, switched off or different from its definition here."""
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema())")
        (schema,) = cursor.fetchone()
        for trigger in _missing(using):
            sql = trigger.sql(schema)
            cursor.execute(sql)
            cursor.execute(
                f'COMMENT ON TRIGGER {trigger.name} ON {schema}."{trigger.table}" '
                f"IS '{_digest(sql)}'"
            )


def missing_triggers(using: str = "default") -> list[str]:
    """The tables with a trigger that is missing, switched off or different from its definition."""
    return sorted({trigger.table for trigger in _missing(using)})


def all_triggers() -> Iterator[SealTrigger]:
    for table in sealed_tables():
        yield SealTrigger(
            table.name,
            ROWS,
            "BEFORE INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW",
            _refuse_row(table),
        )
    sealed = {INSPECTIONS, *(table.name for table in sealed_tables())}
    for name in sealed - {RESULTS}:
        yield _against_truncate(
            name,
            f"EXISTS (SELECT FROM {{schema}}.\"{INSPECTIONS}\" WHERE state = 'SEALED')",
            "there are inspections whose result is sealed",
        )
    for name, because in (
        (RESULTS, "sealed results stay for ever"),
        (REOPENINGS, "sealed results stay for ever"),
        (LINKS, "a history stays for ever"),
        *((table, "the record of reads and sign-ins stays for ever") for table in ACCESS),
        *((model._meta.db_table, "it stays for ever") for model in ADDED_WHILE_SEALED),
    ):
        yield _against_truncate(name, f'EXISTS (SELECT FROM {{schema}}."{name}")', because)
        yield SealTrigger(
            name, APPEND_ONLY, "BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW", APPENDED
        )
    yield SealTrigger(
        PUBLICATIONS,
        ROWS,
        "BEFORE INSERT ON {table} FOR EACH ROW",
        NEW_PUBLICATION,
        declare="found record; sealed_date date; today date;",
    )
    for name in event_tables():
        yield _against_truncate(
            name, f'EXISTS (SELECT FROM {{schema}}."{name}")', "a history stays for ever"
        )
        yield SealTrigger(
            name,
            APPEND_ONLY,
            "BEFORE INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW",
            PURGED_EVENTS if name in purged_tables() else EVENTS,
        )
    yield SealTrigger(
        INSPECTIONS,
        ROWS,
        "BEFORE INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW",
        INSPECTION,
        declare="seal record;",
    )
    yield SealTrigger(
        RESULTS,
        f"{ROWS}_insert",
        "BEFORE INSERT ON {table} FOR EACH ROW",
        NEW_RESULT,
        declare="earlier record;",
    )
    yield SealTrigger(
        RESULTS,
        AT_COMMIT,
        "AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW",
        SEALED_AT_COMMIT,
        constraint="CONSTRAINT",
    )
    yield SealTrigger(REOPENINGS, ROWS, "BEFORE INSERT ON {table} FOR EACH ROW", NEW_REOPENING)


def _missing(using: str) -> list[SealTrigger]:
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema())")
        (schema,) = cursor.fetchone()
        cursor.execute(
            """
            SELECT c.relname, t.tgname, obj_description(t.oid, 'pg_trigger'), p.prosrc
            FROM pg_trigger t
            JOIN pg_class c ON c.oid = t.tgrelid
            JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_proc p ON p.oid = t.tgfoid
            WHERE n.nspname = current_schema() AND t.tgenabled = 'A'
                AND p.proconfig = ARRAY[%s]
            """,
            [f"search_path={SEARCH_PATH}"],
        )
        installed = {(table, name): found for table, name, *found in cursor.fetchall()}
    return [
        trigger
        for trigger in all_triggers()
        if installed.get((trigger.table, trigger.name))
        != [_digest(trigger.sql(schema)), trigger.source(schema)]
    ]


def _digest(sql: str) -> str:
    return sha256(sql.encode()).hexdigest()


def _refuse_row(table: SealedTable) -> str:
    """Refuse a change if the old or the new row belongs to a sealed inspection. Case content is
    removed by the transaction that certifies it."""
    checks = []
    removal = f"AND NOT ({PURGED})" if table.name in purged_tables() else ""
    for way in table.ways:
        column = f'"{way[0].column}"'
        # A row that keeps its inspection is checked only once.
        moved = (
            f"TG_OP = 'INSERT' OR (TG_OP = 'UPDATE' AND NEW.{column} IS DISTINCT FROM OLD.{column})"
        )
        checks.append(_check("OLD", "TG_OP <> 'INSERT'", way, removal))
        checks.append(_check("NEW", moved, way, removal))
    return "\n".join([*checks, RETURN])


def _check(row: str, condition: str, way: tuple[Step, ...], removal: str) -> str:
    return f"""
        IF {condition} THEN
            FOR found IN
                SELECT i.id, i.state FROM {_joined(row, way)} FOR KEY SHARE OF i
            LOOP
                IF found.state = 'SEALED' {removal} THEN
                    RAISE EXCEPTION
                        'The result of inspection % is sealed, so nothing of it can change.',
                        found.id
                        USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME,
                            CONSTRAINT = 'inspection_is_sealed';
                END IF;
            END LOOP;
        END IF;
    """


def _joined(row: str, way: tuple[Step, ...]) -> str:
    """The FROM and WHERE that lead from ``row`` along ``way`` to the inspection, ``i``."""
    names = [*(f"t{number}" for number in range(1, len(way))), "i"]
    tables = [f'{{schema}}."{step.table}" {name}' for step, name in zip(way, names, strict=True)]
    joins = [f'{names[0]}."{way[0].match}" = {row}."{way[0].column}"']
    joins += [
        f'{name}."{step.match}" = {before}."{step.column}"'
        for before, name, step in zip(names, names[1:], way[1:], strict=False)
    ]
    return f"{', '.join(tables)} WHERE {' AND '.join(joins)}"


def _against_truncate(table: str, condition: str, because: str) -> SealTrigger:
    body = f"""
        IF {condition} THEN
            RAISE EXCEPTION 'Table % can''t be emptied: {because}.', TG_TABLE_NAME
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    """
    return SealTrigger(table, WHOLE_TABLE, "BEFORE TRUNCATE ON {table} FOR EACH STATEMENT", body)


# A certificate is written by the function that removes case content, and by nothing else; it names
# the transaction, so nobody can go through the door after it.
PURGED = f"""
    TG_OP = 'DELETE' AND EXISTS (
        SELECT FROM {{schema}}."{CERTIFICATES}"
        WHERE inspection_id = found.id AND made_in = pg_current_xact_id()::text
    )
"""

RETURN = """
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
"""

APPENDED = """
    RAISE EXCEPTION 'Rows of % stay as they are for ever.', TG_TABLE_NAME
        USING ERRCODE = 'check_violation';
"""

EVENTS = f"""
    IF TG_OP = 'INSERT' AND pg_trigger_depth() > 1 THEN
        RETURN NEW;
    END IF;
    {APPENDED}
"""

PURGED_EVENTS = f"""
    IF TG_OP = 'DELETE' AND EXISTS (
        SELECT FROM {{schema}}."{CERTIFICATES}" WHERE made_in = pg_current_xact_id()::text
    ) THEN
        RETURN OLD;
    END IF;
    {EVENTS}
"""

LATEST = f"""
    SELECT s.id, s.number, s.sha256, EXISTS (
        SELECT FROM {{schema}}."{REOPENINGS}" r WHERE r.sealed_result_id = s.id
    ) AS reopened
"""

IS_QUORATE = is_quorate(current_hearing_of("OLD.id", "{schema}."), "{schema}.")
NAMES_TOO_FEW = names_too_few("OLD.id", "{schema}.")

INSPECTION = f"""
    IF TG_OP = 'INSERT' THEN
        IF NEW.state = 'SEALED' THEN
            RAISE EXCEPTION 'An inspection can''t begin with its result sealed.'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.state <> 'SEALED' AND (TG_OP = 'DELETE' OR NEW.state <> 'SEALED') THEN
        {RETURN}
    END IF;
    {LATEST} INTO seal
    FROM {{schema}}."{RESULTS}" s WHERE s.inspection_id = OLD.id
    ORDER BY s.number DESC LIMIT 1;
    IF OLD.state = 'SEALED' THEN
        IF TG_OP = 'DELETE' OR NOT coalesce(seal.reopened, false)
            OR to_jsonb(NEW) <> jsonb_set(to_jsonb(OLD), '{{state}}', '"PANEL"')
        THEN
            RAISE EXCEPTION
                'The result of inspection % is sealed, so nothing of it can change.', OLD.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'inspection_is_sealed';
        END IF;
        RETURN NEW;
    END IF;
    IF seal.id IS NULL OR seal.reopened
        OR to_jsonb(NEW) <> jsonb_set(to_jsonb(OLD), '{{state}}', '"SEALED"')
    THEN
        RAISE EXCEPTION 'Inspection % has no sealed result to be sealed by.', OLD.id
            USING ERRCODE = 'check_violation';
    END IF;
    -- Wait for every write under way; each holds a key share on this row.
    PERFORM FROM {{schema}}."{INSPECTIONS}" WHERE id = OLD.id FOR UPDATE;
    IF NOT {IS_QUORATE} OR {NAMES_TOO_FEW} THEN
        RAISE EXCEPTION
            'Fewer members are present than the quorum of the panel of inspection % needs.', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sealed_with_a_quorum';
    END IF;
    RETURN NEW;
"""

NEW_RESULT = f"""
    {LATEST} INTO earlier
    FROM {{schema}}."{RESULTS}" s WHERE s.inspection_id = NEW.inspection_id
    ORDER BY s.number DESC LIMIT 1;
    IF NEW.number <> coalesce(earlier.number, 0) + 1 OR NOT coalesce(earlier.reopened, true) THEN
        RAISE EXCEPTION 'Seal % of inspection % doesn''t follow on a seal that was reopened.',
            NEW.number, NEW.inspection_id USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.sha256 <> encode(sha256(convert_to(NEW.document, 'UTF8')), 'hex') THEN
        RAISE EXCEPTION 'The digest of a sealed result is not that of its document.'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

SEALED_AT_COMMIT = f"""
    SELECT i.state, EXISTS (
        SELECT FROM {{schema}}."{REOPENINGS}" r WHERE r.sealed_result_id = NEW.id
    ) AS reopened INTO found
    FROM {{schema}}."{INSPECTIONS}" i WHERE i.id = NEW.inspection_id;
    IF found.state <> 'SEALED' AND NOT found.reopened THEN
        RAISE EXCEPTION 'A sealed result was added, but inspection % is not sealed.',
            NEW.inspection_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""

# When it was sealed, the history says, which the application can't write.
NEW_PUBLICATION = f"""
    SELECT s.inspection_id, i.state, s.number = (
        SELECT max(other.number) FROM {{schema}}."{RESULTS}" other
        WHERE other.inspection_id = s.inspection_id
    ) AS is_latest INTO found
    FROM {{schema}}."{RESULTS}" s
    JOIN {{schema}}."{INSPECTIONS}" i ON i.id = s.inspection_id
    WHERE s.id = NEW.sealed_result_id
    FOR KEY SHARE OF i;
    IF NOT found.is_latest OR found.state <> 'SEALED' THEN
        RAISE EXCEPTION 'Only the result that is sealed now can be published.'
            USING ERRCODE = 'check_violation';
    END IF;
    SELECT (max(pgh_created_at) AT TIME ZONE '{settings.TIME_ZONE}')::date INTO sealed_date
    FROM {{schema}}."{INSPECTIONS}event"
    WHERE pgh_obj_id = found.inspection_id AND state = 'SEALED';
    today := (now() AT TIME ZONE '{settings.TIME_ZONE}')::date;
    IF NEW.published_date > today OR NEW.published_date < sealed_date OR sealed_date IS NULL THEN
        RAISE EXCEPTION 'A result is published after it was sealed, and not in the future.'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

NEW_REOPENING = f"""
    SELECT s.number, s.inspection_id, i.state, (
        SELECT max(other.number) FROM {{schema}}."{RESULTS}" other
        WHERE other.inspection_id = s.inspection_id
    ) AS latest INTO found
    FROM {{schema}}."{RESULTS}" s
    JOIN {{schema}}."{INSPECTIONS}" i ON i.id = s.inspection_id
    WHERE s.id = NEW.sealed_result_id;
    IF found.number <> found.latest OR found.state <> 'SEALED' THEN
        RAISE EXCEPTION 'Only the seal that stands can be reopened.'
            USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        SELECT FROM {{schema}}."{CERTIFICATES}" WHERE inspection_id = found.inspection_id
    ) THEN
        RAISE EXCEPTION 'The case content was removed, so the result can''t be reopened.'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
