"""The history of a case, the latest line first: every save of an answer, accepted or not, every
change of its details, every step and every comment.

It combines saves of answers, events of the case (``inspections.history``) and comments, which never
change. The database sorts and pages them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from cases.details import DETAIL_FIELDS, SECTIONS
from cases.models import Case
from cases.permissions import READ_COMMENTS
from cases.words import answer_words, detail_words
from inspections.history import events_of
from inspections.models import User

DETAILS, STEPS = "details", "steps"
"""Parts of the history to filter by, besides the codes of questions."""

LABELS = {detail.field: detail.label for section in SECTIONS for detail in section.details}

# ``turn`` orders lines of the same moment. Nothing is known before a case's first event, so that
# event is not a change.
LINES = """
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
), comments AS (
    SELECT * FROM cases_comment WHERE case_id = %(case)s AND %(reads_comments)s
), lines AS (
    SELECT 'save' AS kind, s.saved_at AS at, s.saved_by_id AS who, s.question AS part,
        s.question AS about, b.value AS before, s.value AS after, s.note, s.version,
        s.loaded_by_id AS loaded_by, s.made_at AS device_at,
        ARRAY[1, s.base_version, coalesce(s.version, 2147483647)] AS turn
    FROM saves s LEFT JOIN cases_answersave b
        ON b.case_id = s.case_id AND b.question = s.question AND b.version = s.previous
    UNION ALL
    SELECT 'detail', at, who, 'details', field, (before -> field)::text, (now -> field)::text, '',
        (now ->> 'version')::int, NULL, NULL, ARRAY[3, pgh_id, place]
    FROM events, unnest(%(fields)s::text[]) WITH ORDINALITY AS f(field, place)
    WHERE before -> field <> now -> field
    UNION ALL
    SELECT 'step', at, who, 'steps', '', NULL, now ->> 'state', '', NULL, NULL, NULL,
        ARRAY[3, pgh_id, 0]
    FROM events
    WHERE before -> 'state' <> now -> 'state'
        AND now ->> 'state' IN ('SUBMITTED', 'RETURNED', 'SIGNED_OFF')
    UNION ALL
    SELECT 'allocation', at, who, 'steps', '', NULL, u.name, '', NULL, NULL, NULL,
        ARRAY[3, pgh_id, 0]
    FROM events LEFT JOIN inspections_user u ON u.id = (now ->> 'allocated_to_id')::bigint
    WHERE before -> 'allocated_to_id' <> now -> 'allocated_to_id'
    UNION ALL
    SELECT 'comment', made_at, made_by_id, coalesce(nullif(question, ''), 'steps'), question, NULL,
        'Comment', text, NULL, NULL, NULL, ARRAY[2, id, 0]
    FROM comments
    UNION ALL
    SELECT 'reply', r.made_at, r.made_by_id, coalesce(nullif(c.question, ''), 'steps'), c.question,
        NULL, 'Reply', r.text, NULL, NULL, NULL, ARRAY[2, c.id, r.id]
    FROM comments c JOIN cases_commentreply r ON r.comment_id = c.id
    UNION ALL
    SELECT 'resolved', resolved_at, resolved_by_id, coalesce(nullif(question, ''), 'steps'),
        question, NULL, 'Comment resolved', text, NULL, NULL, NULL, ARRAY[4, id, 0]
    FROM comments WHERE resolved_at IS NOT NULL
)
"""
COUNT = LINES + "SELECT count(*) FROM lines WHERE %(part)s IN ('', part)"
PAGE = (
    LINES
    + """
SELECT kind, at, coalesce(u.name, ''), about, before, after, note, version,
    coalesce(loader.name, ''), device_at
FROM lines
LEFT JOIN inspections_user u ON u.id = who
LEFT JOIN inspections_user loader ON loader.id = loaded_by
WHERE %(part)s IN ('', part)
ORDER BY at DESC, turn DESC
LIMIT %(limit)s OFFSET %(offset)s
"""
)


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
    are included for readers who may read them."""

    def __init__(self, case: Case, reader: User, part: str = "") -> None:
        self.asked: dict[str, Any] = {
            "case": case.pk,
            "part": part,
            "fields": list(DETAIL_FIELDS),
            "reads_comments": READ_COMMENTS.can(reader, case),
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
    loaded_by: str,
    device_at: datetime | None,
) -> Line:
    """A line in words."""
    outcome = ""
    if kind == "save":
        before = "" if before is None else answer_words(before)
        after = answer_words(after)
        outcome = CONFLICT if version is None else f"Version {version}"
    elif kind == "detail":
        before = _detail_in_words(about, before)
        after = _detail_in_words(about, after) or "Not recorded"
        about = LABELS[about]
        outcome = f"Version {version} of the details"
    elif kind == "step":
        after = Case.State(str(after)).label
    elif kind == "allocation":
        after = f"Allocated to {after}" if after else "Not allocated"
    about = about or "The case"
    return Line(at, who, about, before or "", after or "", note, outcome, loaded_by, device_at)


def _detail_in_words(field: str, value: str | None) -> str:
    """A value of a detail as JSON holds it, in the words of the case page."""
    python: Any = Case._meta.get_field(field).to_python(json.loads(value or "null"))  # type: ignore[union-attr]
    return detail_words(Case(**{field: python}), field)


def questions_saved(case: Case) -> Sequence[str]:
    """The codes of the questions that anything was saved for, in the order they are asked."""
    saved = set(case.saves.values_list("question", flat=True).distinct())
    asked = case.inspection.framework.case_questions(case.group)
    return [code for code in asked if code in saved]


def latest_details_save(case: Case) -> tuple[User | None, datetime | None]:
    """Who saved the current details, and when, if that is known."""
    events = events_of(Case).filter(pgh_obj=case.pk, version=case.version)
    made = events.order_by("pgh_id").values_list("pgh_context__user", "pgh_created_at").first()
    return (User.objects.filter(pk=made[0]).first(), made[1]) if made else (None, None)
