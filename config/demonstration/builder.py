"""Makes what an inspection consists of, one thing at a time, with sensible defaults.

The demonstration, the tests and the benchmarks make theirs with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from django.conf import settings
from django.utils import timezone

from cases.actions import DetailChange, Save, SaveResult, record_answers, record_details
from cases.allocation.actions import add_interview, declare_interest, link_cases
from cases.models import (
    Answer,
    AnswerValue,
    Case,
    DeclaredInterest,
    InterviewSlot,
    LinkedCases,
    Sample,
)
from config.demonstration import PASSWORD
from inspections.framework import Group, Rating
from inspections.models import GroupChoice, Inspection, Membership, Service, User
from ratings.evidence.actions import add_evidence, add_finding
from ratings.models import (
    Discretion,
    Evidence,
    Finding,
    Judgement,
    PanelHearing,
    PanelMeeting,
)

Role = Membership.Role
_numbers = count(1)


def user(name: str = "", **fields: Any) -> User:
    """A person with an account who is on no inspection yet."""
    number = next(_numbers)
    return User.objects.create_user(
        **{"email": f"person{number}@fieldwork.example", "password": PASSWORD} | fields,
        name=name or f"Person {number}",
    )


def inspection(edition: str = "2021", service: str = "", **fields: Any) -> Inspection:
    """An inspection in fieldwork, without a team or cases."""
    inspected, _ = Service.objects.get_or_create(name=service or f"Service {next(_numbers)}")
    return Inspection.objects.create(service=inspected, edition_id=edition, **fields)


def member(of: Inspection, role: str, name: str = "") -> User:
    """A new person with a role in the inspection."""
    is_on_loan = role == Role.LOCAL_ASSESSOR
    home = Service.objects.create(name=f"Service {next(_numbers)}") if is_on_loan else None
    person = user(name or role.replace("_", " ").capitalize(), home_service=home)
    Membership.objects.create(inspection=of, user=person, role=role)
    return person


def lead_inspector(of: Inspection, name: str = "") -> User:
    return member(of, Role.LEAD_INSPECTOR, name)


def inspector(of: Inspection, name: str = "") -> User:
    return member(of, Role.INSPECTOR, name)


def panel_member(of: Inspection, name: str = "") -> User:
    return member(of, Role.PANEL_MEMBER, name)


def sample(of: Inspection, group: str, **fields: Any) -> Sample:
    return Sample.objects.create(inspection=of, group=group, **fields)


def case(
    of: Inspection, group: str = GroupChoice.COURT, to: User | None = None, **fields: Any
) -> Case:
    """A sampled case, allocated to ``to``."""
    return cases(of, group, 1, to, **fields)[0]


def cases(of: Inspection, group: str, number: int, to: User | None, **fields: Any) -> list[Case]:
    return Case.objects.bulk_create(
        Case(
            inspection=of,
            group=group,
            allocated_to=to,
            **{"reference": f"{group[:1]}-{next(_numbers):03}"} | fields,
        )
        for _ in range(number)
    )


def interview(
    of: Inspection, inspector: User, *about: Case, by: User, **details: Any
) -> InterviewSlot:
    """An hour with a case manager, by default tomorrow at this time."""
    planned = {
        "inspector": inspector,
        "case_manager": "CM-1",
        "start_at": timezone.now().replace(second=0, microsecond=0) + timedelta(days=1),
        "minutes": 60,
    }
    return add_interview(
        inspection=of, details=planned | details, cases=[one.pk for one in about], by=by
    )


def linked_cases(of: Inspection, *together: Case, by: User, why: str = "SIBLINGS") -> LinkedCases:
    return link_cases(inspection=of, why=why, cases=[one.pk for one in together], by=by)


def interest(
    of: Inspection, person: User, *, by: User, reason: str = "Worked there."
) -> DeclaredInterest:
    """Of this person in the service of the inspection."""
    return declare_interest(inspection=of, person=person, reason=reason, by=by)


def answers(in_case: Case, by: User, **values: str) -> None:
    """Record answers as the inspector would: ``answers(case, by, **{"2.1.1": "YES"})``."""
    record_answers(
        case_id=in_case.pk,
        saves=[Save(question, value, "", base_version=0) for question, value in values.items()],
        by=by,
    )


def details(in_case: Case, by: User, base_version: int = 0, **values: Any) -> list[SaveResult]:
    """Record details as the inspector would: ``details(case, by, age=15)``."""
    saves = [DetailChange(field, value, base_version) for field, value in values.items()]
    return record_details(case_id=in_case.pk, saves=saves, by=by)


def fill(
    of: Inspection,
    by: User,
    *,
    number: int | Mapping[Group, int] = 10,
    yes: Mapping[str, int] | None = None,
    judged: Mapping[str, Rating] | None = None,
    state: str = Case.State.SIGNED_OFF,
) -> None:
    """Give each group a number of cases, all answered Yes but for the questions in ``yes``,
    which get so many Yes and for the rest No; judge every qualitative standard Good but
    for those in ``judged``. Answers made so have no history."""
    now = timezone.now()
    for group in Group:
        sampled = cases(
            of, group, number if isinstance(number, int) else number.get(group, 0), by, state=state
        )
        Answer.objects.bulk_create(
            Answer(
                case=one,
                question=code,
                value=AnswerValue.YES
                if place < (yes or {}).get(code, len(sampled))
                else AnswerValue.NO,
                version=1,
                answered_at=now,
                answered_by=by,
            )
            for code in of.framework.case_questions(group)
            for place, one in enumerate(sampled)
        )
    judge_all(of, by, judged)


def answered_inspection(number: int) -> Inspection:
    """An inspection with so many cases, two court to three out-of-court, fully answered,
    three Yes to a No, and judged; allocated to one inspector."""
    made = inspection()
    court = (2 * number + 4) // 5
    numbers = {Group.COURT: court, Group.OUT_OF_COURT: number - court}
    for group in Group:
        sample(made, group, eligible_cases=3 * number)
    yes = {
        code: (3 * numbers[group] + 3) // 4
        for group in numbers
        for code in made.framework.case_questions(group)
    }
    fill(made, inspector(made), number=numbers, yes=yes, state=Case.State.IN_PROGRESS)
    return made


def judge(
    of: Inspection,
    by: User,
    standard: str,
    rating: Rating,
    *,
    rationale: str = "",
    at: datetime | None = None,
) -> Judgement:
    return Judgement.objects.create(
        inspection=of,
        standard=standard,
        rating=rating.name,
        rationale=rationale or f"What was seen under {standard}.",
        saved_at=at or timezone.now(),
        saved_by=by,
    )


def judge_all(of: Inspection, by: User, judged: Mapping[str, Rating] | None = None) -> None:
    """Judge every qualitative standard Good but for those in ``judged``."""
    for standard in of.framework.standards:
        if standard.is_qualitative:
            judge(of, by, standard.code, (judged or {}).get(standard.code, Rating.GOOD))


DETAILS: dict[str, dict[str, Any]] = {
    "DOCUMENT": {"title": "Youth justice plan", "evidence_date": None},
    "MEETING": {
        "title": "Management board",
        "evidence_date": date(2026, 3, 12),
        "roles": "chair of the board",
    },
    "SURVEY": {"title": "Survey of staff", "sent": 20, "returned": 12},
    "INTERVIEW": {
        "title": "Workloads",
        "evidence_date": date(2026, 3, 13),
        "roles": "operational manager",
    },
    "CASE_DATA": {"title": "2.1.1", "case_question": "2.1.1"},
}
"""What evidence of each kind holds."""


def evidence(
    of: Inspection, by: User, kind: str = "MEETING", *under: str, **details: Any
) -> Evidence:
    """Evidence named under these key questions, 1.1.1 unless there are any."""
    return add_evidence(
        inspection=of,
        kind=kind,
        details={**DETAILS[kind], **details},
        key_questions=under or ("1.1.1",),
        by=by,
    )


def finding(
    of: Inspection,
    by: User,
    text: str = "Found.",
    kind: str = "STRENGTH",
    *,
    key_question: str = "1.1.1",
    rests_on: Iterable[int] = (),
) -> Finding:
    return add_finding(
        inspection=of,
        key_question=key_question,
        kind=kind,
        text=text,
        rests_on=tuple(rests_on),
        by=by,
    )


def hearing(of: Inspection, lead: User, chair: User) -> PanelHearing:
    """The inspection before a panel that meets today: the chair and a member, both present."""
    now = timezone.now()
    meeting = PanelMeeting.objects.create(
        meeting_date=timezone.localdate(), chair=chair, arranged_at=now, arranged_by=lead
    )
    heard = PanelHearing.objects.create(
        meeting=meeting,
        inspection=of,
        lead_view="3.1 rests on one key question.",
        quorum=settings.PANEL_QUORUM,
        submitted_at=now,
        submitted_by=lead,
    )
    for person in (chair, panel_member(of, "Sam Member")):
        meeting.seats.create(member=person)
        heard.attendance.create(member=person, is_present=True)
    return heard


def decision(of: Inspection, standard: str = "3.1", **fields: Any) -> Discretion:
    """A decision stored about ``of``, by somebody without a role in it unless said."""
    stored = {
        "from_rating": "REQUIRES_IMPROVEMENT",
        "to_rating": "GOOD",
        "lead_view": "One case.",
        "evidence": "The case was read again.",
        "reason": "All evidence in the round.",
        "footnote": "Professional discretion was used.",
        "decided_at": timezone.now(),
        "decided_by": fields.get("decided_by") or user(),
    }
    return Discretion.objects.create(inspection=of, standard=standard, **stored | fields)
