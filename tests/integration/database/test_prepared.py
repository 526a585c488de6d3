"""Statements that are prepared go through what Django runs around every statement."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pghistory
import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from cases.actions import Outcome, Save, record_answers
from config.demonstration import builder
from inspections.prepared import run_prepared

pytestmark = pytest.mark.django_db


def test_a_wrapper_sees_the_statement_and_may_refuse_it() -> None:
    seen = []

    def look(
        execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        seen.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        assert run_prepared("SELECT %(n)s::int + 1", {"n": 1}) == [(2,)]
    assert seen == [("SELECT %(n)s::int + 1", {"n": 1})]


def test_a_save_works_where_a_wrapper_adds_a_statement_before_it() -> None:
    inspection = builder.inspection()
    inspector = builder.inspector(inspection)
    case = builder.case(inspection, to=inspector)
    with pghistory.context(user=inspector.pk):
        for base, value in enumerate(["YES", "NO"]):
            save = Save("2.1.1", value, "100 % sure’s “no”", base)
            (result,) = record_answers(case_id=case.pk, saves=[save], by=inspector)
            assert (result.outcome, result.version) == (Outcome.SAVED, base + 1)
    assert case.answers.get().note == "100 % sure’s “no”"


def test_the_database_s_errors_are_django_s() -> None:
    with pytest.raises(IntegrityError):
        run_prepared(
            "INSERT INTO inspections_service (name) VALUES (%(name)s::text)", {"name": None}
        )


def test_queries_that_are_counted_include_them() -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        run_prepared("SELECT %(n)s::int", {"n": 1})
    assert len(queries) == 1


def test_the_server_plans_such_a_statement_once() -> None:
    for n in range(2):
        run_prepared("SELECT 'planned once', %(n)s::int", {"n": n})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans + custom_plans FROM pg_prepared_statements "
            "WHERE statement LIKE 'SELECT ''planned once''%'"
        )
        assert cursor.fetchall() == [(2,)]


def test_a_plan_made_while_there_were_no_answers_does_not_read_all_answers_later() -> None:
    inspection = builder.inspection()
    inspector = builder.inspector(inspection)
    case = builder.case(inspection, to=inspector)
    record_answers(case_id=case.pk, saves=[Save("2.1.1", "YES", "", 0)], by=inspector)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, cardinality(parameter_types) FROM pg_prepared_statements "
            "WHERE statement LIKE '%UPDATE cases_answer a%'"
        )
        [(name, parameters)] = cursor.fetchall()
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        # In a table that is known to be small, reading all of it is the cheapest.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f'EXPLAIN EXECUTE "{name}"({", ".join(["NULL"] * parameters)})')
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Seq Scan on cases_answer" not in plan
    changed = plan.split("CTE changed")[1].split("CTE added")[0]
    assert re.search(r"Index Cond: \(+case_id = \(?\$\d", changed), changed
