"""Recording who read which case."""

from __future__ import annotations

from collections.abc import Collection

from cases.models import Case
from inspections.models import User
from inspections.prepared import run_prepared

RECORD = """
    INSERT INTO cases_caseread (reader_id, case_id, inspection_id, page, read_at, quarter)
    SELECT %(reader)s::bigint, one.case_id, one.inspection_id, %(page)s::text,
        statement_timestamp(),
        date_bin('15 minutes', statement_timestamp(), '2000-01-01 00:00+00'::timestamptz)
    FROM unnest(%(cases)s::bigint[], %(inspections)s::bigint[]) one (case_id, inspection_id)
    ON CONFLICT DO NOTHING
    RETURNING id
"""


def record_reads(*, cases: Collection[Case], page: str, by: User) -> None:
    """Record that ``by`` was shown ``cases`` on a page of this kind: one statement, which adds
    nothing if it was recorded in this quarter of an hour already."""
    run_prepared(
        RECORD,
        {
            "reader": by.pk,
            "page": page,
            "cases": [case.pk for case in cases],
            "inspections": [case.inspection_id for case in cases],
        },
    )
