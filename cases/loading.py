"""Loading for the pages of cases, and their breadcrumbs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from cases.contradictions import Contradiction, case_contradictions
from cases.models import Case, Comment, Sample
from cases.permissions import READ_CASE, READ_COMMENTS, SEE_CASES
from cases.progress import answers_by_case
from inspections.access.permissions import Permission
from inspections.access.requests import SignedInRequest
from inspections.framework import KeyQuestion
from inspections.loading import load_inspection
from inspections.models import Inspection, User

SHOWN = "cases_shown"
"""The request has the cases that its page shows in this attribute."""


def load_case(
    request: SignedInRequest, inspection_id: int, case_id: int, *, to: Permission = READ_CASE
) -> Case:
    """A case with its inspection and inspector, for a page that shows it to those on the
    inspection. That it was read is recorded once the page is made.

    Raises ``Http404`` for everybody else, and ``Refused`` for those who may not do what ``to``
    permits.
    """
    # Whoever reads no cases isn't told either which there are.
    inspection = load_inspection(request.user, inspection_id, to=SEE_CASES)
    case = get_object_or_404(inspection.cases.select_related("allocated_to"), pk=case_id)
    to.check(request.user, case)
    note_shown(request, [case])
    return case


def note_shown(request: SignedInRequest, cases: Iterable[Case]) -> None:
    """The page of ``request`` shows what is recorded in ``cases``."""
    setattr(request, SHOWN, [*cases_shown(request), *cases])


def cases_shown(request: HttpRequest) -> Collection[Case]:
    """Each case that the page of ``request`` shows, once."""
    return {case.pk: case for case in getattr(request, SHOWN, ())}.values()


def load_for_form(request: SignedInRequest, inspection_id: int, to: Permission) -> Inspection:
    """The inspection of a page with a form. What is sent too late is refused by its action, on the
    page that shows it still; whoever never may do it isn't shown the page."""
    inspection = load_inspection(request.user, inspection_id)
    if request.method != "POST" or not to.is_for(request.user, inspection):
        to.check(request.user, inspection)
    return inspection


def cases_crumb(inspection: Inspection) -> tuple[str, str]:
    return "Cases", reverse("cases:cases", args=[inspection.pk])


def crumbs_to(case: Case, *further: str) -> list[tuple[str, str]]:
    """Breadcrumbs to a case, or to a page of the case named ``further``."""
    this_case = (case.reference, case.get_absolute_url())
    return [cases_crumb(case.inspection), this_case, *((name, "") for name in further)]


def comments_for(reader: User, case: Case) -> list[Comment]:
    """The comments on ``case`` in the order they were made; none for those who don't read
    them."""
    return list(case.comments.with_replies()) if READ_COMMENTS.can(reader, case) else []


def contradictions_of(case: Case, answers: Mapping[str, str]) -> tuple[Contradiction, ...]:
    """Possible inconsistencies in ``case``, given its answers by question; one query."""
    return _contradictions(case, answers, _samples(case.inspection))


def contradictions_by_case(
    inspection: Inspection, cases: Collection[Case]
) -> dict[int, tuple[Contradiction, ...]]:
    """The same for many cases of one inspection, by case number; two queries."""
    samples, answers = _samples(inspection), answers_by_case(cases)
    return {case.pk: _contradictions(case, answers[case.pk], samples) for case in cases}


def _contradictions(
    case: Case, answers: Mapping[str, str], samples: Mapping[str, Sample]
) -> tuple[Contradiction, ...]:
    questions: list[KeyQuestion] = [
        question
        for standard in case.inspection.framework.case_standards(case.group)
        for question in standard.key_questions
    ]
    sample = samples.get(case.group)
    return case_contradictions(questions, answers, case, sample, timezone.localdate())


def _samples(inspection: Inspection) -> dict[str, Sample]:
    return {sample.group: sample for sample in inspection.samples.all()}
