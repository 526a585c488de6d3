"""What every page of an inspection loads first, or answers 404; and the way to a case."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.urls import reverse

from cases.models import Case
from inspections.models import Inspection, User


def load_inspection(user: User, inspection_id: int) -> Inspection:
    """The inspection with its team, for those on it; raises ``Http404`` for all others."""
    return get_object_or_404(Inspection.objects.visible_to(user).with_team(), pk=inspection_id)


def load_case(user: User, inspection_id: int, case_id: int) -> Case:
    """A case with its inspection and inspector, for those on the inspection.

    Raises ``Http404`` for all others.
    """
    inspections = Inspection.objects.visible_to(user).select_related("service")
    inspection = get_object_or_404(inspections, pk=inspection_id)
    return get_object_or_404(inspection.cases.select_related("allocated_to"), pk=case_id)


def crumbs_to(case: Case, *further: str) -> list[tuple[str, str]]:
    """The way from the first page to a case, or to a page of the case named ``further``."""
    cases = ("Cases", reverse("cases:cases", args=[case.inspection_id]))
    here = (case.reference, case.get_absolute_url())
    return [cases, here, *((name, "") for name in further)]
