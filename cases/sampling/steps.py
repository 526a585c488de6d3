"""What the lead inspector does next about lists of cases and samples."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from cases.models import ListedCase
from cases.permissions import DRAW_SAMPLE
from inspections.models import GroupChoice, Inspection, User


def sampling_steps(inspection: Inspection, user: User) -> Iterator[tuple[str, str]]:
    """The steps of ``user`` as text and address, most important first; none but in preparation."""
    if not DRAW_SAMPLE.can(user, inspection):
        return
    listed = ListedCase.objects.that_count(inspection)
    taken = set(listed.values_list("group", flat=True).distinct())
    lists = reverse("cases:lists", args=[inspection.pk])
    if inspection.case_lists.waiting().exists():
        yield "Take or discard the list of cases that was read", lists
    elif not taken and not inspection.cases.in_sample().exists():
        yield "Load the service’s list of cases", lists
    drawn = set(inspection.samples.filter(draws__isnull=False).values_list("group", flat=True))
    samples = reverse("cases:sample", args=[inspection.pk])
    for group in GroupChoice:
        if group in taken - drawn:
            yield f"Draw the sample: {group.label.lower()}", samples
