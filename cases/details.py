"""A case's details as pages show them: their order, labels and hints.

Source: method.md, What a case record holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Detail:
    """One field of ``cases.models.Case``, with its label and hint."""

    field: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    details: tuple[Detail, ...]


SECTIONS: tuple[Section, ...] = (
    Section(
        "The disposal",
        (
            Detail("disposal_type", "Disposal type"),
            Detail("disposal_local_name", "Local name", "If the type is other."),
            Detail("disposal_date", "Disposal date", "For example, 14 3 2021."),
            Detail(
                "offence_category",
                "Offence category",
                "Of the most serious offence of this disposal.",
            ),
            Detail("offence_type", "Offence type", "In more detail, such as assault by beating."),
        ),
    ),
    Section(
        "The child",
        (
            Detail("gender", "Gender"),
            Detail("age", "Age", "In years, at the disposal."),
            Detail("ethnicity", "Ethnicity"),
            Detail("looked_after", "Looked after"),
            Detail("protection_plan", "Child protection or child-in-need plan"),
            Detail("education_status", "Education status"),
        ),
    ),
    Section(
        "Risk of serious harm to others",
        (
            Detail("serious_harm_level", "The service’s classification of serious harm"),
            Detail("serious_harm_agreed", "Do you agree with the classification of serious harm?"),
            Detail("serious_harm_own_level", "Your own level of serious harm", "If you disagree."),
            Detail("serious_harm_reason", "Why this level of serious harm", "If you disagree."),
        ),
    ),
    Section(
        "The child’s safety and wellbeing",
        (
            Detail("safety_level", "The service’s classification of safety and wellbeing"),
            Detail("safety_agreed", "Do you agree with the classification of safety?"),
            Detail(
                "safety_own_level", "Your own level of safety and wellbeing", "If you disagree."
            ),
            Detail("safety_reason", "Why this level of safety and wellbeing", "If you disagree."),
        ),
    ),
    Section(
        "Interview and oversight",
        (
            Detail("case_manager_interviewed", "Was the case manager interviewed?"),
            Detail("interview_notes", "Notes of the interview with the case manager"),
            Detail("no_interview_reason", "Why there was no interview", "If there was none."),
            Detail(
                "management_oversight_met_needs",
                "Did management oversight meet the needs of the case?",
            ),
        ),
    ),
    Section(
        "Factors and practice examples",
        (
            Detail(
                "factors",
                "Factors most related to the child’s offending",
                "Choose all that apply.",
            ),
            Detail(
                "good_practice",
                "Good practice example",
                "Change the child’s name in what you write.",
            ),
            Detail(
                "poor_practice",
                "Poor practice example",
                "Change the child’s name in what you write.",
            ),
        ),
    ),
)

TYPED_DETAILS = frozenset(
    {
        "disposal_local_name",
        "offence_type",
        "serious_harm_reason",
        "safety_reason",
        "no_interview_reason",
        "interview_notes",
        "good_practice",
        "poor_practice",
    }
)
"""Those that are typed as text, which may hold what says who somebody is (ADR 35)."""

DETAIL_LABELS = {detail.field: detail.label for section in SECTIONS for detail in section.details}

DETAIL_FIELDS = tuple(DETAIL_LABELS)


NEVER_MISSING = {
    # cases.contradictions warns when these are needed and missing: a disagreement without a
    # level, no interview without a reason.
    "serious_harm_own_level",
    "safety_own_level",
    "no_interview_reason",
    # They are for the inspector's own use.
    "interview_notes",
    # The category is what is counted.
    "offence_type",
    # Not every case is an example.
    "good_practice",
    "poor_practice",
}

ONLY_WHERE = {
    "disposal_local_name": ("disposal_type", "OTHER"),
    "serious_harm_reason": ("serious_harm_agreed", "NO"),
    "safety_reason": ("safety_agreed", "NO"),
}
"""Details that are asked for only where another has a certain value."""


def missing_details(case: Any) -> Iterator[Detail]:
    """The details still to record in a case.

    **D** They are listed and never block anything: ratings depend on the answers, and a service's
    own data about a child may be incomplete, which is a finding in itself.
    """
    for section in SECTIONS:
        for detail in section.details:
            other, value = ONLY_WHERE.get(detail.field, ("", None))
            is_asked = detail.field not in NEVER_MISSING and (
                not other or getattr(case, other) == value
            )
            if is_asked and getattr(case, detail.field) in (None, "", []):
                yield detail
