"""The matrix of key questions by kinds of evidence, and what each finding rests on.

A finding rests on the evidence that it names; where it names none, on all that is used under its
key question. Each evidence item is a source: two documents are two sources of one kind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from inspections.framework import Edition, KeyQuestion, Standard
from inspections.models import Inspection
from ratings.evidence.judged import not_judged, qualitative
from ratings.models import Evidence, Finding

NO_EVIDENCE = "No evidence yet"


class Support(StrEnum):
    """How well a finding is supported, in words."""

    NOTHING = "no evidence"
    ONE_SOURCE = "a single source"
    ONE_KIND = "a single kind of evidence"
    SEVERAL_KINDS = "several kinds of evidence"

    @property
    def warning(self) -> str:
        """The warning beside the finding; empty if it rests on several kinds."""
        return "" if self is Support.SEVERAL_KINDS else f"Based on {self}"


@dataclass(frozen=True)
class MatrixRow:
    """A key question's row; ``findings`` is ``None`` for readers who may not see them yet.

    Of a standard that ``is_judged`` no evidence may be missing.
    """

    question: KeyQuestion
    evidence: tuple[Evidence, ...] = ()
    findings: tuple[Finding, ...] | None = ()
    is_judged: bool = True

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How much evidence of each kind is used here."""
        counts = Counter(item.kind for item in self.evidence)
        return [(kind.label, counts[kind]) for kind in Evidence.Kind]

    @property
    def finding_counts(self) -> list[tuple[str, int]]:
        """How many findings of each kind there are."""
        return [(kind.plural, len(self.findings_of(kind))) for kind in Finding.Kind]

    @property
    def supported_findings(self) -> list[tuple[Finding.Kind, list[tuple[Finding, Support]]]]:
        """The findings of each kind in their order, each with how much it rests on."""
        return [
            (kind, [(finding, self.support_of(finding)) for finding in self.findings_of(kind)])
            for kind in Finding.Kind
        ]

    @property
    def notes(self) -> list[str]:
        """What to check, in sentences without full stops."""
        notes = [] if self.evidence or not self.is_judged else [NO_EVIDENCE]
        for support in (Support.NOTHING, Support.ONE_SOURCE, Support.ONE_KIND):
            found = [one for one in self.findings or () if self.support_of(one) is support]
            if found:
                notes.append(f"{_counted(found)} on {support}")
        if self.evidence and self.findings == ():
            notes.append("Evidence but no finding yet")
        return notes

    def findings_of(self, kind: Finding.Kind) -> list[Finding]:
        return [finding for finding in self.findings or () if finding.kind == kind]

    def support_of(self, finding: Finding) -> Support:
        return support(finding.named_evidence or self.evidence)


@dataclass(frozen=True)
class Matrix:
    """All evidence of an inspection, and a row for each qualitative key question."""

    edition: Edition
    evidence: tuple[Evidence, ...]
    rows: Mapping[str, MatrixRow]

    @property
    def standards(self) -> list[tuple[Standard, list[MatrixRow]]]:
        return [(standard, self.rows_of(standard)) for standard in qualitative(self.edition)]

    @property
    def to_look_at(self) -> list[tuple[str, list[MatrixRow]]]:
        """Each note with the rows that it is on; missing evidence last."""
        found: dict[str, list[MatrixRow]] = {}
        for row in self.rows.values():
            for note in row.notes:
                found.setdefault(note, []).append(row)
        return sorted(found.items(), key=lambda noted: (noted[0] == NO_EVIDENCE, noted[0]))

    def rows_of(self, standard: Standard) -> list[MatrixRow]:
        return [self.rows[question.code] for question in standard.key_questions]

    def by_standard(
        self, evidence: Iterable[Evidence]
    ) -> list[tuple[Standard | None, list[Evidence]]]:
        """``evidence`` under the first standard that each item is used for; last what is used for
        none, under ``None``."""
        left = list(evidence)
        found: list[tuple[Standard | None, list[Evidence]]] = []
        for standard in qualitative(self.edition):
            codes = {question.code for question in standard.key_questions}
            here = [item for item in left if codes.intersection(item.used_under)]
            left = [item for item in left if item not in here]
            found.append((standard, here))
        return [(standard, items) for standard, items in [*found, (None, left)] if items]


def load_matrix(inspection: Inspection, *, sees_findings: bool) -> Matrix:
    """The matrix of ``inspection``; at most five queries."""
    edition = inspection.framework
    without = not_judged(inspection)
    evidence = tuple(inspection.evidence.with_uses())
    findings = tuple(inspection.findings.with_evidence()) if sees_findings else None
    rows = {}
    for standard in qualitative(edition):
        for question in standard.key_questions:
            rows[question.code] = MatrixRow(
                question,
                tuple(item for item in evidence if question.code in item.used_under),
                None
                if findings is None
                else tuple(one for one in findings if one.key_question == question.code),
                is_judged=standard.code not in without,
            )
    return Matrix(edition, evidence, rows)


def support(evidence: Collection[Evidence]) -> Support:
    """The support that this evidence gives."""
    if not evidence:
        return Support.NOTHING
    if len(evidence) == 1:
        return Support.ONE_SOURCE
    if len({item.kind for item in evidence}) == 1:
        return Support.ONE_KIND
    return Support.SEVERAL_KINDS


def _counted(findings: Collection[Finding]) -> str:
    """“1 strength is based”, “1 strength and 2 areas for improvement are based”."""
    words = []
    for kind in Finding.Kind:
        number = sum(finding.kind == kind for finding in findings)
        if number:
            noun = kind.label if number == 1 else kind.plural
            words.append(f"{number} {noun.lower()}")
    return f"{' and '.join(words)} {'is' if len(findings) == 1 else 'are'} based"
