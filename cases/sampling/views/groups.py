"""Groups in addresses, and the way to the pages of samples."""

from __future__ import annotations

from django.http import Http404, QueryDict
from django.urls import reverse

from cases.sampling.eligible import Caseload
from inspections.access.requests import SignedInRequest
from inspections.framework import Group
from inspections.models import GroupChoice, Inspection

SLUGS = {
    Group.COURT: "court",
    Group.OUT_OF_COURT: "out-of-court",
    Group.RESETTLEMENT: "resettlement",
}
GROUPS = {slug: group for group, slug in SLUGS.items()}


def group_of(slug: str) -> Group:
    if slug not in GROUPS:
        raise Http404
    return GROUPS[slug]


def sent(request: SignedInRequest) -> QueryDict | None:
    """What was posted, even if it is nothing."""
    return request.POST if request.method == "POST" else None


def crumbs(inspection: Inspection, *further: tuple[str, str]) -> list[tuple[str, str]]:
    return [("Samples", reverse("cases:sample", args=[inspection.pk])), *further]


def group_crumb(inspection: Inspection, group: Group) -> tuple[str, str]:
    address = reverse("cases:draw", args=[inspection.pk, SLUGS[group]])
    return (GroupChoice(group).label, address)


def left_out_words(caseload: Caseload, group: Group) -> list[tuple[str, int]]:
    return [(reason.words, number) for reason, number in caseload.left_out(group).most_common()]
