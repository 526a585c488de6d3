"""Who has a part in an inspection, and so none in the panel's decisions about it."""

from __future__ import annotations

from cases.models import AnswerSave
from inspections.models import Inspection, Membership, User
from ratings.models import SteppedAside

WORDS: dict[str | None, str] = {
    Membership.Role.LEAD_INSPECTOR: "Lead inspector of this inspection.",
    Membership.Role.INSPECTOR: "Inspector on this inspection's team.",
}


def interest_of(member: User, inspection: Inspection) -> str | None:
    """Why ``member`` can't hear ``inspection``, in words, or ``None``.

    Whoever left the team keeps an interest in what they recorded or judged.
    """
    on_the_team = WORDS.get(inspection.role_of(member))
    if on_the_team is not None:
        return on_the_team
    if AnswerSave.objects.filter(case__inspection=inspection, saved_by=member).exists():
        return "Recorded cases of this inspection."
    if inspection.judgements.filter(judged_by=member).exists():
        return "Judged standards of this inspection."
    declared = SteppedAside.objects.filter(hearing__inspection=inspection, member=member).last()
    return None if declared is None else declared.reason
