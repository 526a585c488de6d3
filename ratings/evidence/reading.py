"""Reading an inspection's findings and evidence into the matrix."""

from __future__ import annotations

from collections import defaultdict

from inspections.framework import Edition
from inspections.models import Inspection
from ratings.evidence.matrix import Found, Piece, Row, matrix
from ratings.models import EvidenceUse


def qualitative_key_questions(edition: Edition) -> list[str]:
    """The codes of all key questions of qualitative standards, in the report's order."""
    return [
        question.code
        for standard in edition.standards
        if standard.is_qualitative
        for question in standard.key_questions
    ]


def matrix_of(inspection: Inspection) -> dict[str, Row]:
    """The matrix of ``inspection``, by key question; three queries."""
    pieces: defaultdict[str, list[Piece]] = defaultdict(list)
    uses = EvidenceUse.objects.filter(evidence__inspection=inspection)
    for code, number, kind in uses.order_by("evidence").values_list(
        "key_question", "evidence", "evidence__kind"
    ):
        pieces[code].append(Piece(number, kind))
    findings: defaultdict[str, list[Found]] = defaultdict(list)
    for finding in inspection.findings.prefetch_related("supports__use"):
        names = frozenset(one.use.evidence_id for one in finding.supports.all())
        findings[finding.key_question].append(Found(finding.pk, finding.kind, names))
    return matrix(qualitative_key_questions(inspection.framework), pieces, findings)
