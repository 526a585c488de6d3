"""Who is inspected, by whom, and against which standards."""

from inspections.models.editions import (
    EditionQuestion,
    EditionRecord,
    EditionStandard,
    GroupChoice,
)
from inspections.models.findings import Evidence, EvidenceUse, Finding, FindingSupport
from inspections.models.inspection import Inspection, InspectionQuerySet, Membership, Service
from inspections.models.judgement import Judgement, RatingChoice
from inspections.models.people import User, UserManager

__all__ = [
    "EditionQuestion",
    "EditionRecord",
    "EditionStandard",
    "Evidence",
    "EvidenceUse",
    "Finding",
    "FindingSupport",
    "GroupChoice",
    "Inspection",
    "InspectionQuerySet",
    "Judgement",
    "Membership",
    "RatingChoice",
    "Service",
    "User",
    "UserManager",
]
