"""Gathering the result of an inspection from its rows, as its sealed document says it."""

from __future__ import annotations

from datetime import UTC, date, datetime

from inspections.models import Inspection
from ratings.engine import ENGINE_VERSION
from ratings.models import Discretion, Judgement, PanelHearing, SealedResult
from ratings.panel.hearings import members_hearing
from ratings.results.document.canonical import Json
from ratings.results.document.contents import WITHDRAWN, counts_of, outcome_of, state_of
from ratings.results.sealed_findings import findings_of
from ratings.service import RatedInspection, move_of


def result_of(rated: RatedInspection) -> dict[str, Json]:
    """The ``result`` of ``ratings.results.document``: the same rows give the same result.

    It knows no clock, so that lead inspector and chair agree to the same digest.
    """
    inspection, outcome = rated.inspection, rated.outcome
    earlier = latest_seal(inspection)
    return {
        "number": 1 if earlier is None else earlier.number + 1,
        "earlier": None if earlier is None else _earlier(earlier),
        "inspection": _inspection(inspection),
        "edition": {
            "code": outcome.edition.code,
            "name": outcome.edition.name,
            "digest": outcome.edition.digest,
        },
        "engine": {"version": ENGINE_VERSION},
        "hearings": [
            _hearing(hearing)
            for hearing in inspection.hearings.order_by("submitted_at", "pk").select_related(
                "meeting__chair", "submitted_by"
            )
        ],
        "evidence": {
            "inspected": {group.value: cases for group, cases in rated.inspected.items()},
            "eligible": {group.value: cases for group, cases in rated.eligible.items()},
            "signed_off": rated.cases_signed_off,
            "counts": counts_of(outcome),
        },
        "judgements": {code: _judgement(row) for code, row in rated.judgements.items()},
        "judged_from": findings_of(inspection),
        "decisions": [
            _decision(decision, rated)
            for decision in inspection.discretions.order_by("decided_at", "pk").select_related(
                "decided_by", "withdrawn_by", "hearing__meeting"
            )
        ],
        "outcome": outcome_of(outcome),
    }


def latest_seal(inspection: Inspection) -> SealedResult | None:
    return inspection.sealed_results.order_by("-number").first()


def moment(at: datetime) -> str:
    """A moment as the document writes it: in UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _earlier(seal: SealedResult) -> Json:
    """The seal before, which the chair reopened: nothing else lets another one follow."""
    reopening = getattr(seal, "reopening", None)
    return {
        "sha256": seal.sha256,
        "reopened": None
        if reopening is None
        else {
            "reason": reopening.reason,
            "at": moment(reopening.reopened_at),
            "by": reopening.reopened_by.name,
        },
    }


def _inspection(inspection: Inspection) -> Json:
    return {
        "id": inspection.pk,
        "service": inspection.service.name,
        "area": inspection.service.area,
        "fieldwork_start_date": _day(inspection.fieldwork_start_date),
        "fieldwork_end_date": _day(inspection.fieldwork_end_date),
        "team": [
            {"name": member.user.name, "role": member.role}
            for member in inspection.memberships.select_related("user").order_by(
                "role", "user__name", "user"
            )
        ],
    }


def _hearing(hearing: PanelHearing) -> Json:
    return {
        "meeting_date": _day(hearing.meeting.meeting_date),
        "chair": hearing.meeting.chair.name,
        "members": [member.name for member in members_hearing(hearing)],
        "stepped_aside": [
            {"name": row.member.name, "reason": row.reason}
            for row in hearing.stepped_aside.select_related("member").order_by("member__name", "pk")
        ],
        "lead_view": hearing.lead_view,
        "outcome_notes": hearing.outcome_notes,
        "submitted_at": moment(hearing.submitted_at),
        "submitted_by": hearing.submitted_by.name,
    }


def _judgement(row: Judgement) -> Json:
    return {
        "rating": row.rating.lower(),
        "rationale": row.rationale,
        "at": moment(row.saved_at),
        "by": row.saved_by.name,
    }


def _decision(row: Discretion, rated: RatedInspection) -> Json:
    return {
        "standard": row.standard,
        "key_question": row.key_question or None,
        "from": row.from_rating.lower(),
        "to": row.to_rating.lower(),
        "state": state_of(move_of(row), rated.outcome) if row.withdrawn_at is None else WITHDRAWN,
        "meeting_date": _day(row.meeting_date),
        "members": []
        if row.hearing is None
        else [member.name for member in members_hearing(row.hearing)],
        "lead_view": row.lead_view,
        "evidence": row.evidence,
        "reason": row.reason,
        "footnote": row.footnote,
        "at": moment(row.decided_at),
        "by": row.decided_by.name,
        "withdrawn_at": None if row.withdrawn_at is None else moment(row.withdrawn_at),
        "withdrawn_by": None if row.withdrawn_by is None else row.withdrawn_by.name,
    }
