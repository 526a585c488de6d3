"""Who writes findings, who brings evidence, and who sees which."""

from __future__ import annotations

from inspections.access.permissions import refuse
from inspections.models import Inspection, Membership, User
from inspections.permissions import SEE_RATINGS
from ratings.models import Evidence

Role = Membership.Role
OPEN = frozenset({Inspection.State.FIELDWORK, Inspection.State.REVIEW})
"""The states in which findings and evidence can change."""

CLOSED = "The inspection is with the ratings panel or sealed, so its {what} can’t change."


def why_not_judge(user: User, inspection: Inspection) -> str | None:
    """Qualitative standards are the lead inspector's to judge, until the panel has them."""
    if inspection.role_of(user) != Role.LEAD_INSPECTOR:
        return "Only the lead inspector judges the qualitative standards."
    if inspection.state == Inspection.State.SEALED:
        return "The result is sealed, so its judgements can't change."
    if inspection.state not in {Inspection.State.FIELDWORK, Inspection.State.REVIEW}:
        return "The inspection is with the ratings panel, so its judgements can't change."
    return None


def can_judge(user: User, inspection: Inspection) -> bool:
    return why_not_judge(user, inspection) is None


def check_judge(user: User, inspection: Inspection) -> None:
    refuse(why_not_judge(user, inspection))


def can_see_findings(user: User, inspection: Inspection) -> bool:
    """Findings are judgements in the making: inspectors see them once fieldwork has closed.

    Evidence is seen by everyone on the inspection at all times.
    """
    return SEE_RATINGS.can(user, inspection)


def check_see_findings(user: User, inspection: Inspection) -> None:
    SEE_RATINGS.check(user, inspection)


def why_not_write_findings(user: User, inspection: Inspection) -> str | None:
    """Strengths and areas for improvement are the lead inspector's to write."""
    if inspection.role_of(user) != Role.LEAD_INSPECTOR:
        return "Only the lead inspector writes strengths and areas for improvement."
    if inspection.state not in OPEN:
        return CLOSED.format(what="strengths and areas for improvement")
    return None


def can_write_findings(user: User, inspection: Inspection) -> bool:
    return why_not_write_findings(user, inspection) is None


def check_write_findings(user: User, inspection: Inspection) -> None:
    refuse(why_not_write_findings(user, inspection))


def why_not_add_evidence(user: User, inspection: Inspection) -> str | None:
    """Everyone on the team brings evidence: inspectors hold meetings and interviews too."""
    if inspection.role_of(user) not in {Role.LEAD_INSPECTOR, Role.INSPECTOR}:
        return "Only the lead inspector and the inspectors add evidence."
    if inspection.state not in OPEN:
        return CLOSED.format(what="evidence")
    return None


def can_add_evidence(user: User, inspection: Inspection) -> bool:
    return why_not_add_evidence(user, inspection) is None


def check_add_evidence(user: User, inspection: Inspection) -> None:
    refuse(why_not_add_evidence(user, inspection))


def why_not_change_evidence(user: User, evidence: Evidence) -> str | None:
    """The lead inspector changes any piece, an inspector those that they added."""
    inspection = evidence.inspection
    if inspection.role_of(user) == Role.INSPECTOR and evidence.added_by_id != user.pk:
        return "Only the lead inspector and the person who added this evidence can change it."
    return why_not_add_evidence(user, inspection)


def can_change_evidence(user: User, evidence: Evidence) -> bool:
    return why_not_change_evidence(user, evidence) is None


def check_change_evidence(user: User, evidence: Evidence) -> None:
    refuse(why_not_change_evidence(user, evidence))
