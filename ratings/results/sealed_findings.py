"""Findings and the evidence they rest on, as the sealed document says them."""

from __future__ import annotations

from datetime import UTC, datetime

from inspections.models import Inspection
from ratings.models import Evidence, Finding
from ratings.results.document.canonical import Json


def findings_of(inspection: Inspection) -> dict[str, Json]:
    """``pieces`` of evidence, numbered from 1 in the order added, and ``findings`` in the order
    of each key question: what each rests on is named by the numbers of pieces.

    A finding that names none rests on every piece used under its key question.
    """
    pieces = list(
        inspection.evidence.order_by("pk")
        .select_related("added_by", "saved_by")
        .prefetch_related("uses")
    )
    numbers = {piece.pk: number for number, piece in enumerate(pieces, start=1)}
    findings = (
        inspection.findings.order_by("key_question", "-kind", "position", "pk")
        .select_related("saved_by")
        .prefetch_related("supports__use")
    )
    return {
        "pieces": [_piece(piece, numbers[piece.pk]) for piece in pieces],
        "findings": [_finding(finding, numbers) for finding in findings],
    }


def _piece(piece: Evidence, number: int) -> Json:
    return {
        "number": number,
        "kind": piece.kind,
        "title": piece.title,
        "date": None if piece.evidence_date is None else piece.evidence_date.isoformat(),
        "roles": piece.roles,
        "sent": piece.sent,
        "returned": piece.returned,
        "case_question": piece.case_question or None,
        "notes": piece.notes,
        "key_questions": sorted(use.key_question for use in piece.uses.all()),
        "added_by": piece.added_by.name,
        "at": _moment(piece.saved_at),
        "by": piece.saved_by.name,
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


def _moment(at: datetime) -> str:
    """In UTC, to the microsecond, as elsewhere in the document."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
