"""Who has a part in an inspection, and so none in the panel's decisions about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cases.models import AnswerSave, CaseDetailsChange, CaseMove, Comment, CommentReply
from inspections.models import Inspection, Membership
from ratings.models import PanelHearing, SteppedAside

ON_THE_TEAM = {
    Membership.Role.LEAD_INSPECTOR: "Lead inspector of this inspection.",
    Membership.Role.INSPECTOR: "Inspector on this inspection's team.",
}


def interests_in(inspection: Inspection) -> Mapping[int, str]:
    """Why each of these people can't hear ``inspection``, in words, by the user's key.

    Whoever left the team keeps an interest in what they recorded, found or judged, and
    whoever stepped aside once does so for good.
    """
    declared = SteppedAside.objects.filter(hearing__inspection=inspection).order_by("pk")
    recorded = AnswerSave.objects.filter(case__inspection=inspection).order_by()
    found = dict(declared.values_list("member", "reason"))
    found |= dict.fromkeys(_reviewed(inspection), "Reviewed cases of this inspection.")
    found |= dict.fromkeys(
        PanelHearing.objects.filter(inspection=inspection)
        .order_by()
        .values_list("submitted_by", flat=True),
        "Submitted this inspection to the ratings panel.",
    )
    found |= dict.fromkeys(
        [
            *inspection.findings.order_by().values_list("saved_by", flat=True),
            *inspection.evidence.order_by().values_list("added_by", flat=True),
        ],
        "Recorded findings or evidence of this inspection.",
    )
    found |= dict.fromkeys(
        inspection.judgements.order_by().values_list("saved_by", flat=True),
        "Judged standards of this inspection.",
    )
    found |= dict.fromkeys(
        recorded.values_list("saved_by", flat=True).distinct(),
        "Recorded cases of this inspection.",
    )
    on_the_team = inspection.memberships.filter(role__in=ON_THE_TEAM).values_list("user", "role")
    return found | {user: ON_THE_TEAM[Membership.Role(role)] for user, role in on_the_team}


def _reviewed(inspection: Inspection) -> Iterator[int]:
    """Who allocated, signed off or commented on cases, or wrote down their details."""
    for model, way, who in (
        (CaseMove, "case", "moved_by"),
        (CaseDetailsChange, "case", "saved_by"),
        (Comment, "case", "made_by"),
        (Comment, "case", "resolved_by"),
        (CommentReply, "comment__case", "made_by"),
    ):
        rows = model._default_manager.filter(**{f"{way}__inspection": inspection})
        yield from rows.exclude(**{who: None}).order_by().values_list(who, flat=True).distinct()
