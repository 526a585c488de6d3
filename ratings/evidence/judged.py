"""Which qualitative standards are judged: not those that no case in the sample illustrates.

Source: method.md, From answers to ratings, 7. Resettlement is unrated without a resettlement case.
"""

from __future__ import annotations

from collections.abc import Iterator

from inspections.framework import Edition, Standard
from inspections.models import Inspection
from ratings.words import one_of_group


def qualitative(edition: Edition) -> Iterator[Standard]:
    """The qualitative standards, in the report's order."""
    return (standard for standard in edition.standards if standard.is_qualitative)


def not_judged(inspection: Inspection) -> dict[str, str]:
    """The codes of the qualitative standards that take no judgement, and why, in words; at most one
    query."""
    needing = [one for one in qualitative(inspection.framework) if one.needs_cases_of]
    if not needing:
        return {}
    sampled = inspection.cases.in_sample().order_by()
    found = set(sampled.values_list("group", flat=True).distinct())
    return {
        one.code: f"No {one_of_group(one.needs_cases_of)} is in the sample, so this standard is "
        "not judged."
        for one in needing
        if one.needs_cases_of and one.needs_cases_of.value not in found
    }


def standards_judged(inspection: Inspection) -> list[Standard]:
    """The standards that ask for a judgement, in the report's order; at most one query."""
    without = not_judged(inspection)
    return [one for one in qualitative(inspection.framework) if one.code not in without]


def why_not_judged(inspection: Inspection, standard: Standard) -> str | None:
    """Why ``standard`` takes no judgement, in words, or ``None``; at most one query."""
    return not_judged(inspection).get(standard.code) if standard.needs_cases_of else None
