"""Findings and evidence in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format

from inspections.models import Inspection, User
from ratings.engine import Outcome
from ratings.evidence.figures import Figure, question_figure
from ratings.evidence.forms import EVIDENCE_KINDS, FINDING_KINDS
from ratings.evidence.matrix import Row
from ratings.evidence.matrix_presenters import FOOTING_WORDS, PLURALS
from ratings.models import Evidence, Finding
from ratings.permissions import CHANGE_EVIDENCE

SLUG_OF_FINDING = {kind: slug for slug, kind in FINDING_KINDS.items()}
SLUG_OF_EVIDENCE = {kind: slug for slug, kind in EVIDENCE_KINDS.items()}

WAITS = "The figure shows once fieldwork has closed."
"""Said to inspectors, who see no ratings before."""


@dataclass(frozen=True)
class AddLink:
    """Where a piece of evidence of one kind is added."""

    kind: str
    href: str


@dataclass(frozen=True)
class PieceView:
    """A piece of evidence: what is known of it, and its live figure where it has one."""

    number: int
    title: str
    kind: str
    facts: str
    figure: Figure | None
    waits: str
    notes: str
    used_under: tuple[str, ...]
    added_by: str
    href: str
    may_change: bool


@dataclass(frozen=True)
class FindingView:
    """A strength or an area for improvement and what it rests on; ``warning`` in words."""

    number: int
    text: str
    rests_on: tuple[str, ...]
    warning: str
    saved_by: str
    version: int
    is_first: bool
    is_last: bool


@dataclass(frozen=True)
class FindingsView:
    """All findings of one kind under a key question."""

    kind: str
    heading: str
    one: str
    add: str
    findings: tuple[FindingView, ...]
    add_href: str


def piece_view(piece: Evidence, user: User, outcome: Outcome | None) -> PieceView:
    """``outcome`` is ``None`` for those who may not see ratings yet."""
    figure = None
    if piece.case_question and outcome is not None:
        figure = question_figure(outcome, piece.case_question)
    return PieceView(
        number=piece.pk,
        title=piece.title,
        kind=piece.get_kind_display(),
        facts=facts(piece),
        figure=figure,
        waits=WAITS if piece.case_question and outcome is None else "",
        notes=piece.notes,
        used_under=tuple(sorted(use.key_question for use in piece.uses.all())),
        added_by=piece.added_by.name,
        href=piece.get_absolute_url(),
        may_change=CHANGE_EVIDENCE.can(user, piece),
    )


def facts(piece: Evidence) -> str:
    """What a piece's kind tells of it: “12 March 2026, with chair of the board”."""
    day = "" if piece.evidence_date is None else date_format(piece.evidence_date, "j F Y")
    if piece.kind == Evidence.Kind.SURVEY:
        return f"{piece.sent} sent, {piece.returned} returned"
    return f"{day}, with {piece.roles}" if piece.roles else day


def rows_of(piece: Evidence, words: Mapping[str, str]) -> list[dict[str, str]]:
    """What a piece holds as a summary list; ``words`` name its fields."""
    values = {
        "title": piece.title,
        "evidence_date": ""
        if piece.evidence_date is None
        else date_format(piece.evidence_date, "j F Y"),
        "roles": piece.roles,
        "sent": "" if piece.sent is None else str(piece.sent),
        "returned": "" if piece.returned is None else str(piece.returned),
        "case_question": piece.title,
        "notes": piece.notes,
    }
    return [
        {"key": label, "value": values[name] or "None recorded"}
        for name, label in words.items()
        if name in values
    ]


def findings_view(
    inspection: Inspection,
    kind: str,
    row: Row,
    findings: Iterable[Finding],
    pieces: Mapping[int, str],
) -> FindingsView:
    """``findings`` of ``kind`` in their order; ``pieces`` are titles by number."""
    own = [finding for finding in findings if finding.kind == kind]
    found = {one.number: one for one in row.findings}
    last = len(own) - 1
    return FindingsView(
        kind=kind,
        heading=PLURALS[Finding.Kind(kind)],
        one=Finding.Kind(kind).label.lower(),
        add=f"Add {a_finding(kind)}",
        findings=tuple(
            FindingView(
                number=finding.pk,
                text=finding.text,
                rests_on=tuple(pieces[number] for number in sorted(found[finding.pk].names)),
                warning=FOOTING_WORDS[row.footing_of(found[finding.pk])],
                saved_by=finding.saved_by.name,
                version=finding.version,
                is_first=place == 0,
                is_last=place == last,
            )
            for place, finding in enumerate(own)
        ),
        add_href=reverse(
            "ratings:add_finding",
            args=[inspection.pk, row.key_question, SLUG_OF_FINDING[Finding.Kind(kind)]],
        ),
    )


def a_finding(kind: str) -> str:
    """“a strength”, “an area for improvement”."""
    label = Finding.Kind(kind).label.lower()
    return f"an {label}" if label[0] in "aeiou" else f"a {label}"


def add_links(inspection: Inspection, key_question: str = "") -> list[AddLink]:
    """A link for each kind of evidence, to be used under ``key_question`` where one is given."""
    query = f"?key_question={key_question}" if key_question else ""
    return [
        AddLink(kind.label, reverse("ratings:add_evidence", args=[inspection.pk, slug]) + query)
        for slug, kind in EVIDENCE_KINDS.items()
    ]
