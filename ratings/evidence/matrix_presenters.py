"""The matrix of evidence in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.urls import reverse

from inspections.framework import KeyQuestion, Standard
from inspections.models import Inspection
from ratings.evidence.matrix import Footing, Found, Row
from ratings.models import Evidence, Finding

PLURALS: dict[str, str] = {
    Finding.Kind.STRENGTH: "Strengths",
    Finding.Kind.AREA_FOR_IMPROVEMENT: "Areas for improvement",
}

FOOTING_WORDS = {
    Footing.NOTHING: "Rests on no evidence",
    Footing.ONE_SOURCE: "Rests on one source alone",
    Footing.ONE_KIND: "Rests on one kind of evidence alone",
    Footing.SEVERAL_KINDS: "",
}


NO_EVIDENCE = "No evidence yet"


@dataclass(frozen=True)
class MatrixRow:
    """A key question's line: how many pieces of each kind, and what to look at, in words."""

    code: str
    text: str
    href: str
    counts: tuple[tuple[str, int], ...]
    pieces: int
    strengths: int
    areas: int
    notes: tuple[str, ...]


@dataclass(frozen=True)
class MatrixPart:
    """A standard's lines of the matrix; ``judge_href`` leads to its proposed rating."""

    code: str
    title: str
    rows: tuple[MatrixRow, ...]
    judge_href: str


def matrix_parts(
    inspection: Inspection, rows: Mapping[str, Row], *, sees_findings: bool
) -> list[MatrixPart]:
    """The matrix, standard by standard; without findings for those who don't see them yet."""
    return [
        matrix_part(inspection, standard, rows, sees_findings=sees_findings)
        for standard in inspection.framework.standards
        if standard.is_qualitative
    ]


def by_note(parts: Iterable[MatrixPart]) -> list[tuple[str, list[MatrixRow]]]:
    """What to look at, each note with the key questions it is on; missing evidence last."""
    found: dict[str, list[MatrixRow]] = {}
    for part in parts:
        for row in part.rows:
            for note in row.notes:
                found.setdefault(note, []).append(row)
    return sorted(found.items(), key=lambda noted: (noted[0] == NO_EVIDENCE, noted[0]))


def matrix_part(
    inspection: Inspection, standard: Standard, rows: Mapping[str, Row], *, sees_findings: bool
) -> MatrixPart:
    """The lines of one standard."""
    return MatrixPart(
        standard.code,
        standard.name,
        tuple(
            _matrix_row(inspection, question, rows[question.code], sees_findings)
            for question in standard.key_questions
        ),
        reverse("ratings:judgement", args=[inspection.pk, standard.code]) if sees_findings else "",
    )


def _matrix_row(
    inspection: Inspection, question: KeyQuestion, row: Row, sees_findings: bool
) -> MatrixRow:
    return MatrixRow(
        code=question.code,
        text=question.text,
        href=reverse("ratings:key_question", args=[inspection.pk, question.code]),
        counts=tuple((kind.label, row.counts.get(kind, 0)) for kind in Evidence.Kind),
        pieces=len(row.pieces),
        strengths=row.number_of(Finding.Kind.STRENGTH),
        areas=row.number_of(Finding.Kind.AREA_FOR_IMPROVEMENT),
        notes=tuple(row_notes(row, sees_findings=sees_findings)),
    )


def row_notes(row: Row, *, sees_findings: bool) -> Iterator[str]:
    """What to look at in a key question's line, in sentences without their full stops."""
    if not row.pieces:
        yield NO_EVIDENCE
    if not sees_findings:
        return
    for footing, words in (
        (Footing.NOTHING, "no evidence"),
        (Footing.ONE_SOURCE, "one source alone"),
        (Footing.ONE_KIND, "one kind of evidence alone"),
    ):
        found = row.findings_on(footing)
        if found:
            yield f"{counted(found)} on {words}"
    if row.pieces and not row.findings:
        yield "Evidence but no finding yet"


def counted(findings: tuple[Found, ...]) -> str:
    """“1 strength rests”, “1 strength and 2 areas for improvement rest”."""
    words = []
    for kind in Finding.Kind:
        number = sum(one.kind == kind for one in findings)
        if number:
            noun = Finding.Kind(kind).label if number == 1 else PLURALS[kind]
            words.append(f"{number} {noun.lower()}")
    return f"{' and '.join(words)} {'rests' if len(findings) == 1 else 'rest'}"
