"""What an inspection needs before the panel can hear it, and who can't be on its panel."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from cases.models import AnswerSave, Case, Comment, CommentReply
from inspections.history import events_of
from inspections.models import Inspection, Membership, User
from ratings.engine import NotRateable, Reason
from ratings.meeting_permissions import MEETINGS, SIT
from ratings.models import (
    Evidence,
    Finding,
    Judgement,
    PanelHearing,
    PanelMeeting,
    SteppedAside,
    current_hearing,
)
from ratings.service import RatedInspection
from ratings.words import moved

STILL_TO_COME = {
    Reason.NOT_ANSWERED: "has no answers yet",
    Reason.NOT_JUDGED: "has not been judged yet",
}
"""Reasons that block; a standard without a relevant case will stay so and blocks nothing."""

CASES_NAMED = 5
"""The most cases that a sentence names."""


@dataclass(frozen=True, slots=True)
class Blocker:
    """Something that has to be done first, in a sentence, with a link to where to do it."""

    sentence: str
    fix_href: str
    fix_text: str

    def __str__(self) -> str:
        return self.sentence


class NotReady(Exception):
    """Something can't be done yet; ``blockers`` have to be fixed first."""

    def __init__(self, blockers: Sequence[Blocker]) -> None:
        super().__init__(" ".join(map(str, blockers)))
        self.blockers = tuple(blockers)


def blockers(rated: RatedInspection) -> Iterator[Blocker]:
    """Everything that is missing; empty when the ratings are no longer provisional."""
    inspection = rated.inspection
    cases_page = (reverse("cases:cases", args=[inspection.pk]), "See the cases")
    for standard in rated.outcome.standards:
        computed = standard.computed
        if not isinstance(computed, NotRateable) or computed.reason not in STILL_TO_COME:
            continue
        words = STILL_TO_COME[computed.reason]
        sentence = f"Standard {standard.code} {standard.standard.name} {words}."
        if computed.reason is Reason.NOT_JUDGED:
            judgement = reverse("ratings:judgement", args=[inspection.pk, standard.code])
            yield Blocker(sentence, judgement, f"Judge {standard.code}")
        else:
            yield Blocker(sentence, *cases_page)
    if not rated.cases:
        yield Blocker("No case has been sampled.", *cases_page)
    not_signed_off = inspection.cases.in_sample().exclude(state=Case.State.SIGNED_OFF)
    open_cases = list(not_signed_off.in_order().values_list("reference", flat=True))
    if open_cases:
        named = ", ".join(open_cases[:CASES_NAMED])
        more = len(open_cases) - CASES_NAMED
        yield Blocker(
            f"{len(open_cases)} of {rated.cases} cases "
            f"{'is' if len(open_cases) == 1 else 'are'} not signed off: {named}"
            f"{f' and {more} more' if more > 0 else ''}.",
            *cases_page,
        )


def stale_decisions(rated: RatedInspection) -> Iterator[Blocker]:
    """Stale decisions, which the panel has to take again."""
    for decision in rated.decisions:
        if decision.applied.stale:
            target = decision.recorded.target
            yield Blocker(
                moved(decision.applied, decision.recorded.meeting_date),
                reverse("ratings:discretion", args=[rated.inspection.pk, target]),
                f"Look at the decision about {target} again",
            )


def panel_again(inspection: Inspection) -> PanelHearing | None:
    """The hearing whose panel has to hear the inspection again: the latest one, once it has begun
    and unless an administrator released it. Asks the database."""
    hearing = current_hearing(inspection)
    if hearing is None or hearing.released_at is not None:
        return None
    return hearing if PanelHearing.objects.begun().filter(pk=hearing.pk).exists() else None


def why_meeting_cannot_hear(meeting: PanelMeeting, before: PanelHearing | None) -> str | None:
    """Why an inspection can't be submitted to this meeting, in words, or ``None``; ``before`` is
    its ``panel_again``."""
    if meeting.is_cancelled:
        return "This meeting was cancelled. Choose another."
    if before is None or meeting == before.meeting:
        return None
    seated = (seat.member for seat in before.meeting.seats.all())
    if _can_come(meeting.members.all()) == _can_come(seated):
        return None
    return f"{heard_before(before)} An administrator can let another panel hear it."


def _who_can_hear(members: Iterable[User], interests: Collection[int]) -> list[User]:
    return [one for one in members if SIT.can(one, MEETINGS) and one.pk not in interests]


def why_too_few(meeting: PanelMeeting, interests: Collection[int]) -> str | None:
    """Why the quorum can't be reached in a meeting whoever comes, in words, or ``None``;
    ``interests`` are ``interests_in`` the inspection. Load ``with_people``."""
    able = len(_who_can_hear(meeting.members.all(), interests))
    if able >= settings.PANEL_QUORUM:
        return None
    return (
        f"{able or 'None'} of its members can hear this inspection, and the panel needs "
        f"{settings.PANEL_QUORUM} to decide."
    )


def why_no_panel_can_hear(inspection: Inspection) -> str | None:
    """Why an inspection that was given back can't be submitted to any meeting, in words, or
    ``None``. Asks the database."""
    before = panel_again(inspection)
    if before is None:
        return None
    members = [seat.member for seat in before.meeting.seats.all()]
    able = len(_who_can_hear(members, interests_in(inspection)))
    if able >= settings.PANEL_QUORUM:
        return None
    return (
        f"{heard_before(before)} Of its members, {able or 'none'} can hear it still, and the panel "
        f"needs {settings.PANEL_QUORUM} to decide. An administrator lets another panel hear it."
    )


def heard_before(before: PanelHearing) -> str:
    """That the panel of this hearing hears the inspection again, in words."""
    return (
        f"The panel that {before.meeting.chair} chaired on {before.meeting.meeting_date:%-d %B %Y} "
        "heard this inspection, so it goes before the same members again."
    )


def _can_come(members: Iterable[User]) -> frozenset[int]:
    return frozenset(one.pk for one in members if one.is_active)


ON_THE_TEAM = {
    Membership.Role.LEAD_INSPECTOR: "Lead inspector of this inspection.",
    Membership.Role.DEPUTY_LEAD: "Deputy lead inspector of this inspection.",
    Membership.Role.INSPECTOR: "Inspector on this inspection's team.",
    Membership.Role.LOCAL_ASSESSOR: "Local assessor on this inspection's team.",
    Membership.Role.REVIEWER: "Quality reviewer of this inspection.",
    Membership.Role.OBSERVER: "Observer of this inspection.",
    Membership.Role.PUBLISHER: "Publisher of this inspection.",
}


def interests_in(inspection: Inspection) -> Mapping[int, str]:
    """Why people can't hear ``inspection``, by the user's key.

    People who left the team keep an interest in what they recorded, found or judged, even if
    others have changed it since. People who stepped aside once can't hear it later.
    """
    declared = SteppedAside.objects.filter(hearing__inspection=inspection).order_by("pk")
    found = dict(declared.values_list("member", "reason"))
    changes = events_of(Case).filter(pgh_obj__inspection=inspection, pgh_label="update")
    comments = Comment.objects.filter(case__inspection=inspection)
    replies = CommentReply.objects.filter(comment__case__inspection=inspection)
    findings = events_of(Finding).filter(inspection=inspection)
    evidence = events_of(Evidence).filter(inspection=inspection)
    parts: list[tuple[str, list[tuple[QuerySet[Any], str]]]] = [
        (
            # They allocated or signed off cases, wrote down details, or commented.
            "Reviewed cases of this inspection.",
            [
                (changes, "pgh_context__user"),
                (comments, "made_by"),
                (comments, "resolved_by"),
                (replies, "made_by"),
            ],
        ),
        (
            "Submitted this inspection to the ratings panel.",
            [(PanelHearing.objects.filter(inspection=inspection), "submitted_by")],
        ),
        (
            "Recorded findings or evidence of this inspection.",
            [(findings, "saved_by"), (evidence, "added_by"), (evidence, "saved_by")],
        ),
        (
            "Judged standards of this inspection.",
            [(events_of(Judgement).filter(inspection=inspection), "saved_by")],
        ),
        (
            "Recorded cases of this inspection.",
            [(AnswerSave.objects.filter(case__inspection=inspection), "saved_by")],
        ),
    ]
    for words, rows in parts:
        for who, by in rows:
            people = who.exclude(**{by: None}).order_by().values_list(by, flat=True).distinct()
            found |= dict.fromkeys(people, words)
    on_the_team = inspection.memberships.filter(role__in=ON_THE_TEAM).values_list("user", "role")
    return found | {user: ON_THE_TEAM[Membership.Role(role)] for user, role in on_the_team}
