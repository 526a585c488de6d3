"""What the lead inspector does next about lists of cases and samples."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.urls import reverse

from cases.models import ListedCase
from cases.permissions import DRAW_SAMPLE
from cases.sampling.eligible import load_caseload
from inspections.framework import Group
from inspections.models import GroupChoice, Inspection, User

NONE_ELIGIBLE = "No case of this group on the lists is eligible."


class SamplingStep(NamedTuple):
    """``why_not`` is what blocks it, in words; empty for a step that can be taken."""

    text: str
    address: str
    why_not: str = ""


def sampling_steps(inspection: Inspection, user: User) -> Iterator[SamplingStep]:
    """The steps of ``user``, most important first; none but in preparation."""
    if not DRAW_SAMPLE.can(user, inspection):
        return
    listed = ListedCase.objects.that_count(inspection)
    taken = set(listed.values_list("group", flat=True).distinct())
    lists = reverse("cases:lists", args=[inspection.pk])
    if inspection.case_lists.waiting().exists():
        yield SamplingStep("Take or discard the list of cases that was read", lists)
    elif not taken and not inspection.cases.in_sample().exists():
        yield SamplingStep("Load the service’s list of cases", lists)
    drawn = set(inspection.samples.filter(draws__isnull=False).values_list("group", flat=True))
    samples = reverse("cases:sample", args=[inspection.pk])
    caseload = load_caseload(inspection) if taken - drawn else None
    for group in GroupChoice:
        if caseload and group in taken - drawn:
            why_not = "" if caseload.eligible(Group(group)) else NONE_ELIGIBLE
            yield SamplingStep(f"Draw the sample: {group.label.lower()}", samples, why_not)
