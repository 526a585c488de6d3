"""Builds the document of a sealed result from an inspection's rows, and the file of a seal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime

from inspections.models import Inspection
from ratings.engine import ENGINE_VERSION
from ratings.models import (
    Discretion,
    Evidence,
    Finding,
    Judgement,
    PanelHearing,
    SealAgreement,
    SealedResult,
    decisions_of,
    hearings_of,
    seals_of,
)
from ratings.results.document import SCHEMA, Signature, read_canonical, seal_file
from ratings.results.document.canonical import Json
from ratings.results.document.contents import WITHDRAWN, counts_of, outcome_of, state_of
from ratings.results.history import Head
from ratings.service import RatedInspection, move_of


def file_of(sealed: SealedResult) -> bytes:
    """The bytes of a seal's file, which never change and can be verified without the database."""
    signature = Signature(sealed.signed_with, sealed.signature) if sealed.signature else None
    return seal_file(
        read_canonical(sealed.document.encode()), signature.in_file if signature else None
    )


def build_document(
    result: Mapping[str, Json],
    agreements: Iterable[SealAgreement],
    sealed_at: datetime,
    head: Head,
) -> dict[str, Json]:
    """The document that is sealed; see ``ratings.results.document``."""
    return {
        "schema": SCHEMA,
        "result": result,
        "agreements": [
            {
                "part": agreement.signatory,
                "sha256": agreement.result_sha256,
                "at": _moment(agreement.agreed_at),
                "by": agreement.agreed_by.name,
            }
            for agreement in agreements
        ],
        "history": {"entries": head.number, "sha256": head.sha256},
        "sealed_at": _moment(sealed_at),
    }


def build_result(rated: RatedInspection) -> dict[str, Json]:
    """The ``result`` of ``ratings.results.document``: the same rows give the same result.

    It contains no current time, so that lead inspector and chair confirm the same digest.
    """
    inspection, outcome = rated.inspection, rated.outcome
    earlier = next(iter(seals_of(inspection)), None)
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
        "hearings": [_hearing(hearing) for hearing in hearings_of(inspection)],
        "evidence": {
            "inspected": {group.value: cases for group, cases in rated.inspected.items()},
            "eligible": {group.value: cases for group, cases in rated.eligible.items()},
            "signed_off": rated.cases_signed_off,
            "counts": counts_of(outcome),
        },
        "judgements": {code: _judgement(row) for code, row in rated.judgements.items()},
        "judged_from": _judged_from(inspection),
        "decisions": [_decision(decision, rated) for decision in decisions_of(inspection)],
        "outcome": outcome_of(outcome),
    }


def _moment(at: datetime) -> str:
    """A moment as the document writes it: in UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _earlier(seal: SealedResult) -> Json:
    """The previous seal, and its reopening by the chair."""
    reopening = getattr(seal, "reopening", None)
    return {
        "sha256": seal.sha256,
        "reopened": None
        if reopening is None
        else {
            "reason": reopening.reason,
            "at": _moment(reopening.reopened_at),
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
        "chair": hearing.chair.name,
        "named_chairs": [
            {
                "name": row.chair.name,
                "reason": row.reason,
                "at": _moment(row.named_at),
                "by": row.named_by.name,
            }
            for row in hearing.named_chairs.all()
        ],
        "members": [member.name for member in hearing.members],
        "quorum": hearing.quorum,
        "present": [member.name for member in hearing.present],
        "apologies": [member.name for member in hearing.apologies],
        "stepped_aside": [
            {"name": row.member.name, "reason": row.reason} for row in hearing.stepped_aside.all()
        ],
        "lead_view": hearing.lead_view,
        "outcome_notes": hearing.outcome_notes,
        "submitted_at": _moment(hearing.submitted_at),
        "submitted_by": hearing.submitted_by.name,
    }


def _judgement(row: Judgement) -> Json:
    return {
        "rating": row.rating.lower(),
        "rationale": row.rationale,
        "at": _moment(row.saved_at),
        "by": row.saved_by.name,
    }


def _decision(row: Discretion, rated: RatedInspection) -> Json:
    return {
        "standard": row.standard,
        "key_question": row.key_question or None,
        "from": row.from_rating.lower(),
        "to": row.to_rating.lower(),
        "state": state_of(move_of(row), rated.outcome) if row.is_current else WITHDRAWN,
        "meeting_date": _day(row.meeting_date),
        "members": [member.name for member in row.members_present],
        "lead_view": row.lead_view,
        "evidence": row.evidence,
        "reason": row.reason,
        "footnote": row.footnote,
        "at": _moment(row.decided_at),
        "by": row.decided_by.name,
        "withdrawn_at": None if row.withdrawn_at is None else _moment(row.withdrawn_at),
        "withdrawn_by": None if row.withdrawn_by is None else row.withdrawn_by.name,
    }


def _judged_from(inspection: Inspection) -> dict[str, Json]:
    """Evidence items (``pieces`` in the schema), numbered from 1 in the order added, and
    ``findings`` in the order of each key question, which name items by their numbers.

    A finding that names none rests on every item used under its key question.
    """
    evidence = list(
        inspection.evidence.order_by("pk")
        .select_related("added_by", "saved_by")
        .prefetch_related("uses")
    )
    numbers = {item.pk: number for number, item in enumerate(evidence, start=1)}
    findings = (
        inspection.findings.order_by("key_question", "-kind", "position", "pk")
        .select_related("saved_by")
        .prefetch_related("supports__use")
    )
    return {
        "pieces": [_evidence(item, numbers[item.pk]) for item in evidence],
        "findings": [_finding(finding, numbers) for finding in findings],
    }


def _evidence(item: Evidence, number: int) -> Json:
    return {
        "number": number,
        "kind": item.kind,
        "title": item.title,
        "date": None if item.evidence_date is None else item.evidence_date.isoformat(),
        "roles": item.roles,
        "sent": item.sent,
        "returned": item.returned,
        "case_question": item.case_question or None,
        "notes": item.notes,
        "key_questions": sorted(use.key_question for use in item.uses.all()),
        "added_by": item.added_by.name,
        "at": _moment(item.saved_at),
        "by": item.saved_by.name,
    }


def _finding(finding: Finding, numbers: dict[int, int]) -> Json:
    return {
        "key_question": finding.key_question,
        "kind": finding.kind,
        "text": finding.text,
        "rests_on": sorted(numbers[one.use.evidence_id] for one in finding.supports.all()),
        "at": _moment(finding.saved_at),
        "by": finding.saved_by.name,
    }
