"""Where on the pages of a case something stands, as links to it."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from cases.contradictions import Contradiction
from cases.details import DETAIL_FIELDS, missing_details
from cases.models import Case
from cases.presenters import anchor, record_url
from cases.threads import Thread
from inspections.presenters import Link


def question_url(case: Case, code: str) -> str:
    """A question on the page of its standard."""
    standard = case.inspection.framework.standard_of_question[code]
    return f"{record_url(case, standard)}#{anchor(code)}"


def detail_url(case: Case, field: str, *, can_record: bool) -> str:
    """A detail: its field for those who record it, otherwise where the case page shows it."""
    if can_record:
        details = reverse("cases:details", args=[case.inspection_id, case.pk])
        return f"{details}#div_id_{field}"
    return f"{case.get_absolute_url()}#detail-{field}"


def contradiction_link(case: Case, found: Contradiction, *, can_record: bool) -> Link:
    if found.is_question:
        return Link(found.words, question_url(case, found.place))
    return Link(found.words, detail_url(case, found.place, can_record=can_record))


def missing_detail_links(case: Case, *, can_record: bool) -> Iterator[Link]:
    recorded = {field: getattr(case, field) for field in DETAIL_FIELDS}
    for detail in missing_details(recorded):
        yield Link(detail.label, detail_url(case, detail.field, can_record=can_record))


def thread_url(case: Case, thread: Thread) -> str:
    """A comment where it can be answered."""
    if not thread.question:
        return f"{case.get_absolute_url()}#{thread.anchor}"
    standard = case.inspection.framework.standard_of_question[thread.question]
    return f"{record_url(case, standard)}#{thread.anchor}"
