"""Who may do what with findings, evidence and ratings: rows of the table of permissions."""

from __future__ import annotations

from django.utils import timezone
from django.utils.formats import date_format

from inspections.access.permissions import ADMINISTRATOR, ANY, Permission
from inspections.models import Inspection, Membership, User
from inspections.permissions import (
    BEFORE_FIELDWORK,
    CASES_ARE_JUDGED_FIRST,
    ONCE_FIELDWORK_HAS_CLOSED,
    leads,
)
from ratings.hearing_members import possible_chairs, present_members, why_chair_cannot_act
from ratings.models import Evidence, Signatory, current_hearing
from ratings.retention_permissions import unless_removed

Role = Membership.Role
State = Inspection.State

# --- Judgements, findings and evidence

SEE_FINDINGS = Permission(
    action="SEE_FINDINGS",
    who=ONCE_FIELDWORK_HAS_CLOSED,
    refusal="Only inspectors and the ratings panel of this inspection see its judgements.",
    closed=CASES_ARE_JUDGED_FIRST,
)
"""Judgements, and the strengths and areas for improvement that prepare them; figures of cases
beside evidence."""

SEE_EVIDENCE = Permission(
    action="SEE_EVIDENCE",
    who={
        **leads(ANY),
        Role.INSPECTOR: ANY,
        Role.REVIEWER: ANY,
        Role.PANEL_MEMBER: ANY,
    },
    refusal="Only inspectors and the ratings panel of this inspection see its evidence.",
)

BEFORE_THE_PANEL = frozenset({State.FIELDWORK, State.REVIEW})
TO_BE_READ = BEFORE_THE_PANEL | {State.PREPARATION}
"""Evidence in advance arrives and is read while an inspection is in preparation."""
CLOSED = "The inspection is with the ratings panel or sealed, so its {} can’t change."
ANNOUNCED_ONLY = "Evidence is added once the lead inspector has begun preparation."
NOT_ON_THE_TEAM = "Only the lead inspector and the inspectors add evidence."

GIVES_NO_RATINGS = "This inspection gives no ratings, so {}."


def if_judged(user: User, inspection: Inspection) -> str | None:
    return None if inspection.gives_ratings else GIVES_NO_RATINGS.format("no standard is judged")


def if_rated(user: User, inspection: Inspection) -> str | None:
    return (
        None
        if inspection.gives_ratings
        else GIVES_NO_RATINGS.format("the ratings panel doesn't hear it")
    )


JUDGE = Permission(
    action="JUDGE",
    check_first=if_judged,
    who=leads(BEFORE_THE_PANEL),
    refusal="Only the lead inspector judges the qualitative standards.",
    closed={
        **dict.fromkeys(BEFORE_FIELDWORK, "Standards are judged once fieldwork has begun."),
        State.SEALED: "The result is sealed, so its judgements can't change.",
        "": "The inspection is with the ratings panel, so its judgements can't change.",
    },
)

WRITE_FINDINGS = Permission(
    action="WRITE_FINDINGS",
    who=leads(BEFORE_THE_PANEL),
    refusal="Only the lead inspector writes strengths and areas for improvement.",
    closed={
        **dict.fromkeys(
            BEFORE_FIELDWORK,
            "Strengths and areas for improvement are written once fieldwork has begun.",
        ),
        "": CLOSED.format("strengths and areas for improvement"),
    },
)

ADD_EVIDENCE = Permission(
    action="ADD_EVIDENCE",
    who={**leads(TO_BE_READ), Role.INSPECTOR: TO_BE_READ},
    refusal=NOT_ON_THE_TEAM,
    closed={State.ANNOUNCED: ANNOUNCED_ONLY, "": CLOSED.format("evidence")},
)
"""Inspectors hold meetings and interviews too."""

CHANGE_EVIDENCE = Permission(
    action="CHANGE_EVIDENCE",
    who={**leads(TO_BE_READ), Evidence.ADDED_IT: TO_BE_READ},
    refusal="Only the lead inspector and the person who added this evidence can change it.",
    closed={State.ANNOUNCED: ANNOUNCED_ONLY, "": CLOSED.format("evidence")},
    barred={Role.PANEL_MEMBER: NOT_ON_THE_TEAM},
)


CHAIR = Signatory.CHAIR

NOT_SUBMITTED = "This inspection has not been submitted to a meeting of the ratings panel."
NOT_WITH_THE_PANEL = {"": "The ratings panel doesn't have this inspection now."}
GIVEN_BACK = (
    "This inspection was given back to the lead inspector and has not been submitted to the "
    "ratings panel again."
)


# --- The ratings panel and its hearings. Load the inspection with ``ratings.models.hearings()``.

SEE_PANEL = Permission(
    action="SEE_PANEL",
    who=ONCE_FIELDWORK_HAS_CLOSED,
    refusal="Only inspectors and the ratings panel of this inspection see the panel’s pages.",
    closed=CASES_ARE_JUDGED_FIRST,
)
"""The panel's page of an inspection, its hearing and what was decided before in like cases."""


def roles_in_hearing(user: User, inspection: Inspection) -> frozenset[str]:
    """``CHAIR`` for the member of the panel who chairs the current hearing."""
    if inspection.role_of(user) != Role.PANEL_MEMBER:
        return frozenset()
    hearing = current_hearing(inspection)
    chairs = hearing is not None and hearing.chair == user
    return frozenset({CHAIR}) if chairs else frozenset()


NAME_ANOTHER = "A member of the panel or an administrator names another chair first."


def signatory_of(user: User, inspection: Inspection) -> Signatory | None:
    """The signatory that ``user`` is, or ``None``."""
    roles = inspection.roles_of(user) | roles_in_hearing(user, inspection)
    return next((signatory for signatory in Signatory if signatory in roles), None)


def _day_to_come(inspection: Inspection) -> str:
    """The day of the panel's meeting if it is in the future, else empty."""
    hearing = current_hearing(inspection)
    if hearing is None or hearing.meeting.meeting_date <= timezone.localdate():
        return ""
    return date_format(hearing.meeting.meeting_date, "j F Y")


def once_submitted(user: User, inspection: Inspection) -> str | None:
    heard = inspection.state == State.SEALED or current_hearing(inspection) is not None
    return None if heard else NOT_SUBMITTED


def unless_stepped_aside(user: User, inspection: Inspection) -> str | None:
    if inspection.state not in {State.PANEL, State.SEALED}:
        return None
    hearing = current_hearing(inspection)
    if hearing is None:
        return None
    for row in hearing.stepped_aside.all():
        if row.member_id == user.pk:
            return f"You step aside from this hearing, so you take no part in it: {row.reason}"
    return None


def unless_stepped_aside_or_given_back(user: User, inspection: Inspection) -> str | None:
    if inspection.state in BEFORE_THE_PANEL and inspection.role_of(user) == Role.PANEL_MEMBER:
        return None if current_hearing(inspection) is None else GIVEN_BACK
    return unless_stepped_aside(user, inspection)


def seated_and_from_the_meeting_day(user: User, inspection: Inspection) -> str | None:
    """People on the panel who are not members of the meeting don't decide, because the record of
    a decision names those present."""
    hearing = current_hearing(inspection)
    if hearing is None:
        return NOT_SUBMITTED
    if all(seat.member_id != user.pk for seat in hearing.meeting.seats.all()):
        return "You are not a member of the meeting that hears this inspection."
    if day := _day_to_come(inspection):
        return f"The panel meets on {day}. It decides from that day on."
    if words := unless_quorate(user, inspection):
        return words
    if user not in hearing.present:
        return f"{hearing.chair}, who chairs, recorded that you sent apologies."
    return None


def unless_quorate(user: User, inspection: Inspection) -> str | None:
    """Nothing is decided or confirmed without a chair who can act, before they have recorded who
    is present, or with fewer members than the hearing's quorum says. The database holds it too."""
    hearing = current_hearing(inspection)
    if hearing is None:
        return NOT_SUBMITTED
    if words := why_chair_cannot_act(hearing, inspection):
        return f"{words} {NAME_ANOTHER}"
    if hearing.quorum is None or not hearing.is_attendance_recorded:
        if hearing.chair == user:
            return "Record first who is present."
        return f"{hearing.chair}, who chairs, has to record first who is present."
    present = len(present_members(hearing, inspection))
    if present < hearing.quorum:
        return (
            f"{present} {'member is' if present == 1 else 'members are'} present. "
            f"The panel needs {hearing.quorum} to decide."
        )
    return None


DECIDE = Permission(
    action="DECIDE",
    who={Role.PANEL_MEMBER: {State.PANEL}},
    refusal="Only a member of this inspection's ratings panel decides discretion.",
    closed={
        State.SEALED: "The result is sealed, so no decision can change.",
        "": "The lead inspector has not submitted this inspection to the panel yet.",
    },
    check_first=unless_stepped_aside_or_given_back,
    check_last=seated_and_from_the_meeting_day,
)
"""Professional discretion is the ratings panel's (method.md, Professional discretion)."""

SUBMIT = Permission(
    action="SUBMIT",
    check_first=if_rated,
    who=leads({State.REVIEW}),
    refusal="Only the lead inspector submits an inspection to the ratings panel.",
    closed={
        **dict.fromkeys(BEFORE_FIELDWORK, "Fieldwork has not begun."),
        State.FIELDWORK: "Close fieldwork before you submit the inspection to the ratings panel.",
        State.PANEL: "This inspection is with the ratings panel already. Take it back first.",
        State.SEALED: "The result is sealed.",
    },
)


def lead_only_before_the_panel_began(user: User, inspection: Inspection) -> str | None:
    """Load ``hearings__discretions`` and ``seal_agreements`` with the inspection."""
    hearing = current_hearing(inspection)
    if hearing is None or CHAIR in roles_in_hearing(user, inspection):
        return None
    if why_chair_cannot_act(hearing, inspection) and not possible_chairs(hearing, inspection):
        return None
    if any(decision.is_current for decision in hearing.discretions.all()):
        return (
            f"The panel has decided on a rating already. {hearing.chair}, who chairs it, "
            "can give the inspection back."
        )
    if any(one.agreed_at >= hearing.submitted_at for one in inspection.seal_agreements.all()):
        return (
            f"A result has been confirmed already. {hearing.chair}, who chairs the panel, "
            "can give the inspection back."
        )
    return None


GIVE_BACK = Permission(
    action="GIVE_BACK",
    who={**leads({State.PANEL}), CHAIR: {State.PANEL}},
    refusal="Only the lead inspector and the chair of the panel give an inspection back.",
    closed=NOT_WITH_THE_PANEL,
    extra_roles=roles_in_hearing,
    check_last=lead_only_before_the_panel_began,
)
"""The lead inspector can take an inspection back until the panel has begun, and then the chair can
give it back. Otherwise a lead could choose a panel by its decisions, and an error that the panel
finds could not be corrected."""

STEP_ASIDE = Permission(
    action="STEP_ASIDE",
    who={Role.PANEL_MEMBER: {State.PANEL}},
    refusal="You take no part in this hearing.",
    closed=NOT_WITH_THE_PANEL,
    barred={
        CHAIR: "The chair can't step aside. The lead inspector submits to another meeting instead."
    },
    extra_roles=roles_in_hearing,
    check_last=once_submitted,
)
"""A member declares their own interest while the panel has the inspection."""


def attendance_from_the_meeting_day(user: User, inspection: Inspection) -> str | None:
    if day := _day_to_come(inspection):
        return f"The panel meets on {day}. Who is present is recorded from that day on."
    return None


RECORD_ATTENDANCE = Permission(
    action="RECORD_ATTENDANCE",
    who={CHAIR: {State.PANEL}},
    refusal="Only the chair of the meeting records who is present.",
    closed=NOT_WITH_THE_PANEL,
    extra_roles=roles_in_hearing,
    check_last=attendance_from_the_meeting_day,
)
"""The chair is present whenever they record attendance."""


def if_the_chair_cannot_act(user: User, inspection: Inspection) -> str | None:
    """Administrators judge it themselves, such as of a chair who is ill."""
    hearing = current_hearing(inspection)
    if hearing is None:
        return NOT_SUBMITTED
    if ADMINISTRATOR in inspection.roles_of(user) or why_chair_cannot_act(hearing, inspection):
        return None
    return f"{hearing.chair} chairs this hearing. If they can’t any more, ask an administrator."


NAME_CHAIR = Permission(
    action="NAME_CHAIR",
    who={
        Role.PANEL_MEMBER: {State.PANEL, State.SEALED},
        ADMINISTRATOR: {State.PANEL, State.SEALED},
    },
    refusal="Only members of the panel and administrators name another chair.",
    closed=NOT_WITH_THE_PANEL,
    check_first=unless_stepped_aside,
    check_last=if_the_chair_cannot_act,
)
"""So that nobody is the only one who can go on. Of a sealed result too, as only a chair reopens
it."""

RELEASE = Permission(
    action="RELEASE",
    who={ADMINISTRATOR: {State.REVIEW}},
    refusal="Only administrators let another panel hear an inspection.",
    closed={"": "This inspection was not given back to its lead inspector."},
)
"""An inspection goes before the same panel again, so that no lead chooses a panel by its decisions.
An administrator sees neither."""

RECORD_OUTCOME = Permission(
    action="RECORD_OUTCOME",
    who={CHAIR: {State.PANEL}},
    refusal="Only the chair of the meeting notes its outcome.",
    closed=NOT_WITH_THE_PANEL,
    extra_roles=roles_in_hearing,
)


# --- Confirming a result, and reopening it

SEE_SEAL = Permission(
    action="SEE_SEAL",
    who={**ONCE_FIELDWORK_HAS_CLOSED, Role.PUBLISHER: {State.SEALED}},
    refusal="Only inspectors, the ratings panel and publishers of this inspection see its sealed "
    "result.",
    closed={
        **dict.fromkeys(
            (State.FIELDWORK, *BEFORE_FIELDWORK),
            "The result is not sealed. Inspectors see it once fieldwork has closed, the ratings "
            "panel from the submission on, publishers once it is sealed.",
        ),
        State.REVIEW: "The result is not sealed. The ratings panel sees it from the submission "
        "on, publishers once it is sealed.",
        "": "The result is not sealed, so there is nothing to publish.",
    },
)
"""The seal with the sealed result and its file; before that, what stands in its way. A publisher
sees none of a result that was reopened."""


def from_the_meeting_day(user: User, inspection: Inspection) -> str | None:
    if day := _day_to_come(inspection):
        return f"The panel meets on {day}. The result can be confirmed from that day on."
    return unless_quorate(user, inspection)


AGREE = Permission(
    action="AGREE",
    who={Signatory.LEAD_INSPECTOR: {State.PANEL}, CHAIR: {State.PANEL}},
    refusal="Only the lead inspector and the chair of the panel confirm a result.",
    closed={
        State.SEALED: "The result is sealed already.",
        # What was never submitted was refused first.
        "": GIVEN_BACK,
    },
    extra_roles=roles_in_hearing,
    check_first=once_submitted,
    check_last=from_the_meeting_day,
)
"""The lead inspector and the chair confirm what the panel has heard; the seal names both, so no
deputy confirms."""

REOPEN = Permission(
    action="REOPEN",
    who={CHAIR: {State.SEALED}},
    refusal="Only the chair of the panel reopens a sealed result.",
    closed={"": "The result is not sealed."},
    extra_roles=roles_in_hearing,
    check_last=unless_removed,
)
