"""Inspections with the figures that a test needs."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone

from cases.models import Answer, AnswerValue, Case
from inspections.framework import Group, Rating
from inspections.models import Inspection, User
from ratings.models import Discretion, Judgement
from ratings.panel.decisions import decide_discretion
from tests import build


def fill(
    inspection: Inspection,
    by: User,
    *,
    cases: int = 10,
    yes: Mapping[str, int] | None = None,
    judged: Mapping[str, Rating] | None = None,
    state: str = Case.State.SIGNED_OFF,
) -> None:
    """Give each group ``cases`` cases, all answered Yes but for the questions in ``yes``,
    which get so many Yes and for the rest No; judge every qualitative standard Good but
    for those in ``judged``."""
    framework = inspection.framework
    for group in Group:
        sampled = [build.case(inspection, group, by, state=state) for _ in range(cases)]
        Answer.objects.bulk_create(
            Answer(
                case=case,
                question=code,
                value=AnswerValue.YES if number < (yes or {}).get(code, cases) else AnswerValue.NO,
                version=1,
                answered_at=timezone.now(),
                answered_by=by,
            )
            for code in framework.case_questions(group)
            for number, case in enumerate(sampled)
        )
    for standard in framework.standards:
        if standard.is_qualitative:
            judge(inspection, by, standard.code, (judged or {}).get(standard.code, Rating.GOOD))


def judge(inspection: Inspection, by: User, standard: str, rating: Rating) -> Judgement:
    return Judgement.objects.create(
        inspection=inspection,
        standard=standard,
        rating=rating.name,
        rationale=f"What was seen under {standard}.",
        saved_at=timezone.now(),
        saved_by=by,
    )


def decide(
    inspection: Inspection, by: User, code: str, to: Rating, came_from: Rating
) -> Discretion:
    """A decision about the standard or key question ``code``, with all that it needs."""
    is_standard = code in inspection.framework.standards_by_code
    standing = Discretion.objects.current().filter(
        inspection=inspection,
        standard=code if is_standard else code.rpartition(".")[0],
        key_question="" if is_standard else code,
    )
    return decide_discretion(
        inspection=inspection,
        standard=code if is_standard else code.rpartition(".")[0],
        key_question="" if is_standard else code,
        from_rating=came_from,
        to_rating=to,
        lead_view="The lead inspector’s view.",
        evidence="The evidence weighed.",
        reason="The reason.",
        footnote=f"A footnote on {code}.",
        by=by,
        in_place_of=standing.values_list("pk", flat=True).first(),
    )
