"""Which qualitative standards are judged: not those that no case in the sample illustrates.

Source: method.md, From answers to ratings, 7. Resettlement is unrated without a resettlement case.
"""

from __future__ import annotations

from inspections.framework import Group, Standard
from inspections.models import Inspection
from ratings.evidence.matrix import qualitative
from ratings.words import one_of_group


def standards_judged(inspection: Inspection) -> list[Standard]:
    """The standards that ask for a judgement, in the report's order; at most one query."""
    missing = _without_a_case(inspection)
    return [one for one in qualitative(inspection.framework) if one.needs_cases_of not in missing]


def why_not_judged(inspection: Inspection, standard: Standard) -> str | None:
    """Why ``standard`` takes no judgement, in words, or ``None``; at most one query."""
    needs = standard.needs_cases_of
    if needs is None or needs not in _without_a_case(inspection):
        return None
    return f"No {one_of_group(needs)} is in the sample, so this standard is not judged."


def _without_a_case(inspection: Inspection) -> frozenset[Group]:
    """The groups that standards need and of which no case is in the sample."""
    needed = {one.needs_cases_of for one in inspection.framework.standards} - {None}
    if not needed:
        return frozenset()
    sampled = inspection.cases.in_sample().filter(group__in=needed).order_by()
    found = set(sampled.values_list("group", flat=True).distinct())
    return frozenset(group for group in needed if group and group.value not in found)
