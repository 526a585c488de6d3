"""The history of judgements, and of findings, evidence and what links them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inspections.changes import Entry, Links, Names, Tracked, entries
from inspections.framework import Standard
from inspections.history import events_of
from inspections.models import Inspection
from ratings.evidence.forms import EvidenceForm, FindingForm, JudgementForm, labels_of
from ratings.models import Evidence, EvidenceUse, Finding, FindingSupport, Judgement


def changes_of_judgement(inspection: Inspection, standard: Standard) -> list[Entry]:
    """Of the judgement of one qualitative standard, the latest first; two queries."""
    labels = {name: str(JudgementForm.base_fields[name].label) for name in ("rating", "rationale")}
    events = events_of(Judgement).filter(inspection=inspection.pk, standard=standard.code)
    return entries(
        Tracked(
            events,
            called=lambda event, names: f"Judgement of {event.standard}",
            labels=lambda event: labels,
        )
    )


def changes_of_evidence(
    inspection: Inspection, standard: Standard | None, *, sees_findings: bool
) -> list[Entry]:
    """Of findings and evidence, with the key questions and findings that evidence is used for, the
    latest first; at most five queries.

    With a ``standard``, of all that was ever used or found under its key questions; else of the
    whole inspection. Without findings for readers who may not see them yet.
    """
    evidence = events_of(Evidence).filter(inspection=inspection.pk)
    uses = events_of(EvidenceUse).filter(evidence__in=evidence.values("pgh_obj"))
    findings = events_of(Finding).filter(inspection=inspection.pk)
    if standard is not None:
        codes = [question.code for question in standard.key_questions]
        evidence = evidence.filter(
            pgh_obj__in=uses.filter(key_question__in=codes).values("evidence")
        )
        findings = findings.filter(key_question__in=codes)
    of_evidence, of_uses = list(evidence), list(uses)
    tracked = [
        Tracked(
            of_evidence,
            called=_evidence_called,
            labels=lambda event: labels_of(event.kind),
            links=[
                Links(
                    of_uses,
                    of="evidence_id",
                    label=str(EvidenceForm.base_fields["key_questions"].label),
                    item=lambda event, names: str(event.key_question),
                )
            ],
        )
    ]
    if sees_findings:
        supports = events_of(FindingSupport).filter(finding__in=findings.values("pgh_obj"))
        called = _evidence_by_use(of_evidence, of_uses)
        tracked.append(
            Tracked(
                findings,
                called=lambda event, names: f"{_kind(event)} under {event.key_question}",
                labels=lambda event: {"text": _kind(event), "position": "Place in the list"},
                if_changed={"position"},
                links=[
                    Links(
                        supports,
                        of="finding_id",
                        label=str(FindingForm.base_fields["rests_on"].label),
                        item=lambda event, names: called.get(event.use_id, "Evidence"),
                    )
                ],
            )
        )
    return entries(*tracked)


def _kind(event: Any) -> str:
    return Finding.Kind(event.kind).label


def _evidence_called(event: Any, names: Names) -> str:
    """As the form of a finding names it."""
    return f"{Evidence.Kind(event.kind).label}: {event.title}"


def _evidence_by_use(evidence: list[Any], uses: list[Any]) -> Mapping[int, str]:
    """What evidence is called by now, by the number of its use under a key question."""
    latest = {one.pgh_obj_id: one for one in sorted(evidence, key=lambda one: one.pgh_id)}
    return {
        use.pgh_obj_id: f"{Evidence.Kind(known.kind).label}: {known.title}"
        for use in uses
        if (known := latest.get(use.evidence_id))
    }
