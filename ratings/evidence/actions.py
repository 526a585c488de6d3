"""Every write to judgements, findings and evidence.

Each locks the inspection's row first, so that its state can't change meanwhile and these writes
exclude each other. Answers to cases can still be saved.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db import models
from django.db.models import F, Max

from inspections.access.permissions import Refused, refuse
from inspections.announcements import announce
from inspections.framework import Rating
from inspections.history import action
from inspections.models import Inspection, User
from inspections.versions import Conflict, lock_version
from ratings.evidence.judged import why_not_judged
from ratings.models import Evidence, EvidenceUse, Finding, FindingSupport, Judgement
from ratings.permissions import ADD_EVIDENCE, CHANGE_EVIDENCE, JUDGE, WRITE_FINDINGS


class QuestionTaken(Exception):
    """The case data of this question is evidence already."""


@action
def record_judgement(
    *,
    inspection: Inspection,
    standard: str,
    rating: Rating,
    rationale: str,
    base_version: int,
    by: User,
) -> Judgement:
    """Write the lead inspector's rating of a qualitative standard and why.

    ``base_version`` is the version that ``by`` saw, 0 for none. Raises ``Refused``, also where no
    case in the sample illustrates it, and ``Conflict`` when another save came first.
    """
    locked = _locked(inspection)
    JUDGE.check(by, locked)
    refuse(why_not_judged(locked, locked.framework.standards_by_code[standard]))
    stored = locked.judgements.filter(standard=standard)
    if base_version or stored.exists():
        judgement = lock_version(stored, base_version)
    else:
        judgement = Judgement(inspection=locked, standard=standard, version=0)
    if judgement.fill({"rating": rating.name, "rationale": rationale}):
        judgement.mark_saved(by=by)
        judgement.save()
        announce(locked.pk)
    return judgement


@action
def add_finding(
    *,
    inspection: Inspection,
    key_question: str,
    kind: str,
    text: str,
    rests_on: Collection[int],
    by: User,
) -> Finding:
    """Write a finding after the others of its kind under ``key_question``.

    ``rests_on`` are the numbers of the evidence it names, of that used there. Raises ``Refused``.
    """
    locked = _locked(inspection)
    WRITE_FINDINGS.check(by, locked)
    others = locked.findings.filter(key_question=key_question, kind=kind)
    last = others.aggregate(last=Max("position"))["last"] or 0
    finding = Finding(
        inspection=locked,
        key_question=key_question,
        kind=kind,
        text=text,
        position=last + 1,
        version=0,
    )
    finding.mark_saved(by=by)
    finding.save()
    _name_evidence(finding, _uses_of(finding, rests_on))
    return finding


@action
def change_finding(
    *, finding: Finding, text: str, rests_on: Collection[int], base_version: int, by: User
) -> Finding:
    """Write ``finding`` anew. ``base_version`` is the version that ``by`` saw.

    Raises ``Refused``, and ``Conflict`` when another save came first.
    """
    current = _locked_finding(finding, base_version, by)
    uses = _uses_of(current, rests_on)
    named = {support.use_id for support in current.supports.all()}
    if current.fill({"text": text}) or named != {use.pk for use in uses}:
        current.mark_saved(by=by)
        current.save()
        current.supports.all().delete()
        _name_evidence(current, uses)
    return current


@action
def remove_finding(*, finding: Finding, base_version: int, by: User) -> None:
    """Raises ``Refused``, and ``Conflict`` when it was changed or removed first."""
    _locked_finding(finding, base_version, by).delete()


@action
def move_finding(*, finding: Finding, up: bool, by: User) -> None:
    """Swap positions with the finding of its kind before or after it, if there is one.

    Raises ``Refused``.
    """
    locked = _locked(finding.inspection)
    WRITE_FINDINGS.check(by, locked)
    current = locked.findings.filter(pk=finding.pk).first()
    if current is None:
        return
    others = locked.findings.filter(key_question=current.key_question, kind=current.kind)
    if up:
        other = others.filter(position__lt=current.position).order_by("-position").first()
    else:
        other = others.filter(position__gt=current.position).order_by("position").first()
    if other is not None:
        both = current.position + other.position
        others.filter(pk__in=[current.pk, other.pk]).update(position=both - F("position"))


@action
def add_evidence(
    *,
    inspection: Inspection,
    kind: str,
    details: Mapping[str, Any],
    key_questions: Collection[str],
    by: User,
) -> Evidence:
    """Add evidence with the ``details`` that its kind holds, used under ``key_questions``.

    Raises ``Refused``, and ``QuestionTaken`` if the question's case data is evidence already.
    """
    locked = _locked(inspection)
    ADD_EVIDENCE.check(by, locked)
    evidence = Evidence(inspection=locked, kind=kind, added_by=by, version=0, **details)
    _save_evidence(evidence, key_questions, by)
    return evidence


@action
def change_evidence(
    *,
    evidence: Evidence,
    details: Mapping[str, Any],
    key_questions: Collection[str],
    base_version: int,
    by: User,
) -> Evidence:
    """Write ``evidence`` anew. ``base_version`` is the version that ``by`` saw.

    Raises ``Refused``, also when a finding names it under a key question that is left out,
    ``Conflict`` when another save came first, and ``QuestionTaken``.
    """
    current = _locked_evidence(evidence, by, base_version)
    left = current.uses.exclude(key_question__in=key_questions)
    _check_unnamed(left)
    used = {use.key_question for use in current.uses.all()}
    if current.fill(details) or used != {*key_questions}:
        left.delete()
        _save_evidence(current, key_questions, by)
    return current


@action
def remove_evidence(*, evidence: Evidence, base_version: int, by: User) -> None:
    """Raises ``Refused``, also when a finding names the evidence, and ``Conflict``."""
    current = _locked_evidence(evidence, by, base_version)
    _check_unnamed(current.uses.all())
    current.delete()


@action
def use_evidence(*, evidence: Evidence, key_question: str, by: User) -> None:
    """Use evidence under ``key_question`` too.

    Raises ``Refused``, and ``Conflict`` once it is removed.
    """
    current = _locked_evidence(evidence, by)
    _, is_new = current.uses.get_or_create(key_question=key_question)
    if is_new:
        current.mark_saved(by=by)
        current.save()


@action
def stop_using_evidence(*, evidence: Evidence, key_question: str, by: User) -> None:
    """Stop using evidence under ``key_question``; other uses stay.

    Raises ``Refused``, also when a finding there names it, and ``Conflict`` once it is removed.
    """
    current = _locked_evidence(evidence, by)
    use = current.uses.filter(key_question=key_question)
    _check_unnamed(use)
    if use.delete()[0]:
        current.mark_saved(by=by)
        current.save()


def _locked(inspection: Inspection) -> Inspection:
    """The current row, locked with FOR NO KEY UPDATE, so that answers can still be saved."""
    return Inspection.objects.select_for_update(no_key=True).get(pk=inspection.pk)


def _locked_finding(finding: Finding, base_version: int, by: User) -> Finding:
    locked = _locked(finding.inspection)
    WRITE_FINDINGS.check(by, locked)
    return lock_version(locked.findings.filter(pk=finding.pk), base_version)


def _locked_evidence(evidence: Evidence, by: User, base_version: int | None = None) -> Evidence:
    """The current row of a locked inspection; at ``base_version``, unless that is ``None``."""
    locked = _locked(evidence.inspection)
    current = locked.evidence.select_related("saved_by").filter(pk=evidence.pk).first()
    if current is None:
        raise Conflict(None)
    CHANGE_EVIDENCE.check(by, current)
    if base_version not in {None, current.version}:
        raise Conflict(current)
    return current


def _uses_of(finding: Finding, numbers: Collection[int]) -> list[EvidenceUse]:
    """Those of these evidence items that are used under the key question of ``finding``."""
    return list(
        EvidenceUse.objects.filter(
            evidence__in=numbers,
            evidence__inspection=finding.inspection_id,
            key_question=finding.key_question,
        )
    )


def _name_evidence(finding: Finding, uses: Collection[EvidenceUse]) -> None:
    FindingSupport.objects.bulk_create(FindingSupport(finding=finding, use=use) for use in uses)


def _save_evidence(evidence: Evidence, key_questions: Collection[str], by: User) -> None:
    if evidence.case_question:
        taken = evidence.inspection.evidence.filter(case_question=evidence.case_question)
        if taken.exclude(pk=evidence.pk).exists():
            raise QuestionTaken
    evidence.mark_saved(by=by)
    evidence.save()
    for key_question in key_questions:
        evidence.uses.get_or_create(key_question=key_question)


def _check_unnamed(uses: models.QuerySet[EvidenceUse]) -> None:
    """Refuse if a finding names one of ``uses``: without any, it would rest on all evidence."""
    named = Finding.objects.filter(supports__use__in=uses).first()
    if named is not None:
        text = named.text if len(named.text) <= 60 else f"{named.text[:60].rstrip()}…"
        raise Refused(
            f"{named.get_kind_display()} “{text}” under {named.key_question} "
            "names this evidence. Change what it rests on first."
        )
