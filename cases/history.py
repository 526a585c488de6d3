"""The history of a case, the latest line first: every save of an answer or a detail, accepted or
not, every step, every comment and every mark as quotable.

It combines saves, events of the case (``inspections.history``) and comments, which never change.
The database sorts and pages them.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from cases.details import DETAIL_LABELS
from cases.models import Answer, Case, CaseRead, DetailSave
from cases.permissions import READ_COMMENTS, SEE_SAMPLING
from cases.words import answer_words, detail_words
from inspections.access.users import named
from inspections.models import User

DETAILS, STEPS, READS = "details", "steps", "reads"
"""Parts of the history to filter by, besides the codes of questions. Who read the case isn't
recorded in it, and is only listed by itself (``reads_of``)."""

# ``turn`` orders lines of the same moment. Nothing is known before a case's first event, so that
# event is not a change.
LINES = f"""
WITH events AS (
    SELECT pgh_id, pgh_created_at AS at, (pgh_context ->> 'user')::bigint AS who,
        to_jsonb(e) AS now, lag(to_jsonb(e)) OVER (ORDER BY pgh_id) AS before
    FROM cases_caseevent e WHERE pgh_obj_id = %(case)s
), saves AS (
    SELECT s.*, max(version) OVER (
        PARTITION BY question ORDER BY saved_at, base_version, version
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS previous
    FROM cases_answersave s WHERE case_id = %(case)s
), details AS (
    SELECT d.*, max(version) OVER (
        PARTITION BY field ORDER BY saved_at, base_version, version
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS previous
    FROM cases_detailsave d WHERE case_id = %(case)s
), comments AS (
    SELECT * FROM cases_comment WHERE case_id = %(case)s AND %(reads_comments)s
), lines AS (
    SELECT 'save' AS kind, s.saved_at AS at, s.saved_by_id AS who, s.question AS part,
        s.question AS about, b.value AS before, s.value AS after, s.note, s.version,
        s.same_as, s.loaded_by_id AS loaded_by, s.made_at AS device_at,
        ARRAY[1, s.base_version, coalesce(s.version, 2147483647)] AS turn
    FROM saves s LEFT JOIN cases_answersave b
        ON b.case_id = s.case_id AND b.question = s.question AND b.version = s.previous
    UNION ALL
    SELECT 'mark', pgh_created_at, (pgh_context ->> 'user')::bigint, question, question, NULL,
        CASE pgh_label WHEN 'quotable' THEN 'Note marked as quotable'
            ELSE 'Note no longer quotable' END,
        '', version, NULL, NULL, NULL, ARRAY[3, pgh_id, 0]
    FROM cases_quotablemarkevent
    WHERE pgh_obj_id IN (SELECT id FROM cases_answer WHERE case_id = %(case)s)
    UNION ALL
    SELECT 'detail', d.saved_at, d.saved_by_id, 'details', d.field, b.value::text, d.value::text,
        '', d.version, d.same_as, d.loaded_by_id, d.made_at,
        ARRAY[1, d.base_version, coalesce(d.version, 2147483647)]
    FROM details d LEFT JOIN cases_detailsave b
        ON b.case_id = d.case_id AND b.field = d.field AND b.version = d.previous
    UNION ALL
    SELECT 'step', at, who, 'steps', '', NULL, now ->> 'state', '', NULL, NULL, NULL, NULL,
        ARRAY[3, pgh_id, 0]
    FROM events
    WHERE before -> 'state' <> now -> 'state' AND before ->> 'state' <> 'TAKEN_OUT'
        AND now ->> 'state' IN ('SUBMITTED', 'RETURNED', 'SIGNED_OFF')
    UNION ALL
    SELECT 'sample', taken_out_at, taken_out_by_id, 'steps', '', NULL, 'Taken out of the sample',
        CASE WHEN %(sees_sampling)s THEN reason ELSE '' END, NULL, NULL, NULL, NULL,
        ARRAY[3, pgh_id, 0]
    FROM cases_takenoutevent WHERE case_id = %(case)s AND pgh_label = 'insert'
    UNION ALL
    SELECT 'sample', put_back_at, put_back_by_id, 'steps', '', NULL, 'Put back in the sample',
        CASE WHEN %(sees_sampling)s THEN reason ELSE '' END, NULL, NULL, NULL, NULL,
        ARRAY[3, id, 0]
    FROM cases_putback WHERE case_id = %(case)s
    UNION ALL
    SELECT 'allocation', at, who, 'steps', '', NULL, {named("u")}, '', NULL, NULL, NULL, NULL,
        ARRAY[3, pgh_id, 0]
    FROM events LEFT JOIN inspections_user u ON u.id = (now ->> 'allocated_to_id')::bigint
    WHERE before -> 'allocated_to_id' <> now -> 'allocated_to_id'
    UNION ALL
    SELECT 'comment', made_at, made_by_id, coalesce(nullif(question, ''), 'steps'), question, NULL,
        'Comment', text, NULL, NULL, loaded_by_id, NULL, ARRAY[2, id, 0]
    FROM comments
    UNION ALL
    SELECT 'reply', r.made_at, r.made_by_id, coalesce(nullif(c.question, ''), 'steps'), c.question,
        NULL, 'Reply', r.text, NULL, NULL, r.loaded_by_id, NULL, ARRAY[2, c.id, r.id]
    FROM comments c JOIN cases_commentreply r ON r.comment_id = c.id
    UNION ALL
    SELECT 'resolved', resolved_at, resolved_by_id, coalesce(nullif(question, ''), 'steps'),
        question, NULL, 'Comment resolved', text, NULL, NULL, NULL, NULL,
        ARRAY[4, id, 0]
    FROM comments WHERE resolved_at IS NOT NULL
)
"""
COUNT = LINES + "SELECT count(*) FROM lines WHERE %(part)s IN ('', part)"
PAGE = (
    LINES
    + f"""
SELECT kind, at, coalesce({named("u")}, ''), about, before, after, note, version, same_as,
    coalesce({named("loader")}, ''), device_at
FROM lines
LEFT JOIN inspections_user u ON u.id = who
LEFT JOIN inspections_user loader ON loader.id = loaded_by
WHERE %(part)s IN ('', part)
ORDER BY at DESC, turn DESC
LIMIT %(limit)s OFFSET %(offset)s
"""
)


TAKEN_OFF = f"""
SELECT DISTINCT ON (pgh_obj_id) pgh_obj_id, pgh_created_at, coalesce({named("u")}, '')
FROM cases_quotablemarkevent
LEFT JOIN inspections_user u ON u.id = (pgh_context ->> 'user')::bigint
WHERE pgh_obj_id = ANY(%s) AND pgh_label = 'not_quotable'
ORDER BY pgh_obj_id, pgh_id DESC
"""


@dataclass(frozen=True, slots=True)
class Line:
    """``before`` is empty if there was no value or it doesn't apply; ``device_at`` is the time of
    the device's clock."""

    at: datetime
    who: str
    about: str
    before: str
    after: str
    note: str
    outcome: str
    loaded_by: str = ""
    device_at: datetime | None = None

    @property
    def is_conflict(self) -> bool:
        return self.outcome == CONFLICT


CONFLICT = "Conflict"


class History:
    """The lines of ``part``: a question's code, ``details`` or ``steps``; all if empty. Comments
    are included for readers who may read them. Why a case left the sample or came back is for those
    who see the samples: it may name the service's own reference."""

    def __init__(self, case: Case, reader: User, part: str = "") -> None:
        self.asked: dict[str, Any] = {
            "case": case.pk,
            "part": part,
            "reads_comments": READ_COMMENTS.can(reader, case),
            "sees_sampling": SEE_SAMPLING.can(reader, case.inspection),
        }

    def __len__(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute(COUNT, self.asked)
            return int(cursor.fetchone()[0])

    def __getitem__(self, page: slice) -> list[Line]:
        start, stop = page.start or 0, page.stop
        limit = None if stop is None else stop - start
        with connection.cursor() as cursor:
            cursor.execute(PAGE, self.asked | {"limit": limit, "offset": start})
            return [_line(*row) for row in cursor.fetchall()]


def _line(
    kind: str,
    at: datetime,
    who: str,
    about: str,
    before: str | None,
    after: str | None,
    note: str,
    version: int | None,
    same_as: int | None,
    loaded_by: str,
    device_at: datetime | None,
) -> Line:
    """A line in words."""
    outcome = ""
    if kind == "save":
        before = "" if before is None else answer_words(before)
        after = answer_words(after)
        outcome = _outcome(version, same_as)
    elif kind == "mark":
        outcome = _outcome(version, same_as)
    elif kind == "detail":
        before = _detail_in_words(about, before)
        after = _detail_in_words(about, after) or "Not recorded"
        about = DETAIL_LABELS[about]
        outcome = _outcome(version, same_as, " of the details")
    elif kind == "step":
        after = Case.State(str(after)).label
    elif kind == "allocation":
        after = f"Allocated to {after}" if after else "Not allocated"
    about = about or "The case"
    return Line(at, who, about, before or "", after or "", note, outcome, loaded_by, device_at)


def _outcome(version: int | None, same_as: int | None, of: str = "") -> str:
    if version is not None:
        return f"Version {version}{of}"
    return CONFLICT if same_as is None else f"The same as version {same_as}{of}"


def _detail_in_words(field: str, value: str | None) -> str:
    """A value of a detail as JSON holds it, in the words of the case page; empty for none."""
    if value is None:
        return ""
    python: Any = Case._meta.get_field(field).to_python(json.loads(value))  # type: ignore[union-attr]
    return detail_words(Case(**{field: python}), field)


def marks_taken_off(answers: Iterable[Answer]) -> dict[int, tuple[datetime, str]]:
    """When, and by whom, the mark as quotable was last taken off each of these that has none now;
    by the answer's number, in one query."""
    bare = [one.pk for one in answers if one.quotable_version is None]
    with connection.cursor() as cursor:
        cursor.execute(TAKEN_OFF, [bare])
        return {answer: (at, who) for answer, at, who in cursor.fetchall()}


def reads_of(case: Case) -> QuerySet[CaseRead]:
    """Who read the case, the latest first."""
    return CaseRead.objects.filter(case_id=case.pk).select_related("reader")


def questions_saved(case: Case) -> Sequence[str]:
    """The codes of the questions that anything was saved for, in the order they are asked."""
    saved = set(case.saves.values_list("question", flat=True).distinct())
    asked = case.inspection.framework.case_questions(case.group)
    return [code for code in asked if code in saved]


def latest_save_of(case: Case, fields: Collection[str]) -> DetailSave:
    """The latest accepted save of any of these details, which have one."""
    saves = case.detail_saves.filter(field__in=fields, version__isnull=False)
    return saves.select_related("saved_by").latest("version")
