"""Every write to judgements, findings and evidence.

Each holds the inspection's row, so that no change of its state and no other of these
writes comes between; answers to cases are saved meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from inspections.access.permissions import Refused
from inspections.announcements import announce
from inspections.framework import Rating
from inspections.models import Inspection, User
from ratings.models import Evidence, EvidenceUse, Finding, FindingSupport, Judgement
from ratings.permissions import ADD_EVIDENCE, CHANGE_EVIDENCE, JUDGE, WRITE_FINDINGS


class FindingOutdated(Exception):
    """Someone else saved first; ``current`` is what stands now, ``None`` once removed."""

    def __init__(self, current: Finding | None) -> None:
        super().__init__("Someone else has changed or removed this since you opened it.")
        self.current = current


class EvidenceOutdated(Exception):
    """Someone else saved first; ``current`` is what stands now, ``None`` once removed."""

    def __init__(self, current: Evidence | None) -> None:
        super().__init__("Someone else has changed or removed this evidence since you opened it.")
        self.current = current


class QuestionTaken(Exception):
    """The figure of this question is evidence already: ``piece``."""

    def __init__(self, piece: Evidence) -> None:
        super().__init__(f"Question {piece.case_question} is evidence of this inspection already.")
        self.piece = piece


class JudgementOutdated(Exception):
    """Someone else saved first; ``current`` is what stands now."""

    def __init__(self, current: Judgement) -> None:
        super().__init__("Someone else has saved this judgement since you opened it.")
        self.current = current


@transaction.atomic
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

    ``base_version`` is the version that ``by`` saw, 0 for none. Raises ``Refused``, and
    ``JudgementOutdated`` when another save came first.
    """
    JUDGE.check(by, inspection)
    written = {"rating": rating.name, "rationale": rationale}
    signed = {"saved_at": timezone.now(), "saved_by": by, "version": base_version + 1}
    mine = inspection.judgements.filter(standard=standard)
    if base_version:
        won = mine.filter(version=base_version).update(**written, **signed) == 1
    else:
        _, won = mine.get_or_create(
            inspection=inspection, standard=standard, defaults={**written, **signed}
        )
    current = mine.select_related("saved_by").get()
    if not won:
        raise JudgementOutdated(current)
    announce(inspection.pk)
    return current


@transaction.atomic
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

    ``rests_on`` are the numbers of the pieces it names, among those used there. Raises
    ``Refused``.
    """
    locked = _locked(inspection)
    WRITE_FINDINGS.check(by, locked)
    beside = locked.findings.filter(key_question=key_question, kind=kind)
    last = beside.aggregate(last=Max("position"))["last"] or 0
    finding = Finding.objects.create(
        inspection=locked,
        key_question=key_question,
        kind=kind,
        text=text,
        position=last + 1,
        saved_at=timezone.now(),
        saved_by=by,
    )
    _name(finding, rests_on)
    return finding


@transaction.atomic
def change_finding(
    *, finding: Finding, text: str, rests_on: Collection[int], base_version: int, by: User
) -> Finding:
    """Write ``finding`` anew. ``base_version`` is the version that ``by`` saw.

    Raises ``Refused``, and ``FindingOutdated`` when another save came first.
    """
    WRITE_FINDINGS.check(by, _locked(finding.inspection))
    current = _current_finding(finding, base_version)
    current.text = text
    current.version += 1
    current.saved_at, current.saved_by = timezone.now(), by
    current.save(update_fields=["text", "version", "saved_at", "saved_by"])
    current.supports.all().delete()
    _name(current, rests_on)
    return current


@transaction.atomic
def remove_finding(*, finding: Finding, base_version: int, by: User) -> None:
    """Raises ``Refused``, and ``FindingOutdated`` when it was changed or removed first."""
    WRITE_FINDINGS.check(by, _locked(finding.inspection))
    _current_finding(finding, base_version).delete()


@transaction.atomic
def move_finding(*, finding: Finding, up: bool, by: User) -> None:
    """Change places with the finding of its kind before or after it, where there is one.

    Raises ``Refused``.
    """
    WRITE_FINDINGS.check(by, _locked(finding.inspection))
    current = Finding.objects.filter(pk=finding.pk).first()
    if current is None:
        return
    beside = Finding.objects.filter(
        inspection=current.inspection_id, key_question=current.key_question, kind=current.kind
    )
    if up:
        other = beside.filter(position__lt=current.position).order_by("-position").first()
    else:
        other = beside.filter(position__gt=current.position).order_by("position").first()
    if other is not None:
        together = current.position + other.position
        beside.filter(pk__in=[current.pk, other.pk]).update(position=together - F("position"))


@transaction.atomic
def add_evidence(
    *,
    inspection: Inspection,
    kind: str,
    details: Mapping[str, Any],
    key_questions: Collection[str],
    by: User,
) -> Evidence:
    """Add a piece with the ``details`` that its kind holds, used under ``key_questions``.

    Raises ``Refused``, and ``QuestionTaken`` for the case data of a question that is there.
    """
    locked = _locked(inspection)
    ADD_EVIDENCE.check(by, locked)
    _check_question_free(locked, details, but=None)
    evidence = Evidence.objects.create(
        inspection=locked,
        kind=kind,
        **details,
        added_by=by,
        saved_at=timezone.now(),
        saved_by=by,
    )
    _use_under(evidence, key_questions)
    return evidence


@transaction.atomic
def change_evidence(
    *,
    evidence: Evidence,
    details: Mapping[str, Any],
    key_questions: Collection[str],
    base_version: int,
    by: User,
) -> Evidence:
    """Write a piece anew. ``base_version`` is the version that ``by`` saw.

    Raises ``Refused``, also when a finding names the piece under a key question that is
    left out, ``EvidenceOutdated`` when another save came first, and ``QuestionTaken``.
    """
    current = _current_evidence(evidence, base_version, by)
    _check_question_free(current.inspection, details, but=current)
    left = current.uses.exclude(key_question__in=key_questions)
    _check_unnamed(left)
    left.delete()
    _use_under(current, key_questions)
    for field, value in details.items():
        setattr(current, field, value)
    current.version += 1
    current.saved_at, current.saved_by = timezone.now(), by
    current.save()
    return current


@transaction.atomic
def remove_evidence(*, evidence: Evidence, base_version: int, by: User) -> None:
    """Raises ``Refused``, also when a finding names the piece, and ``EvidenceOutdated``."""
    current = _current_evidence(evidence, base_version, by)
    _check_unnamed(current.uses.all())
    current.delete()


@transaction.atomic
def use_evidence(*, evidence: Evidence, key_question: str, by: User) -> None:
    """Use a piece under ``key_question`` too. Raises ``Refused``."""
    CHANGE_EVIDENCE.check(by, _of_locked(evidence))
    _, is_new = EvidenceUse.objects.get_or_create(evidence=evidence, key_question=key_question)
    if is_new:
        _mark_changed(evidence, by)


@transaction.atomic
def stop_using_evidence(*, evidence: Evidence, key_question: str, by: User) -> None:
    """Use a piece under ``key_question`` no longer; the piece itself stays.

    Raises ``Refused``, also when a finding there names it.
    """
    CHANGE_EVIDENCE.check(by, _of_locked(evidence))
    use = evidence.uses.filter(key_question=key_question)
    _check_unnamed(use)
    if use.delete()[0]:
        _mark_changed(evidence, by)


def _locked(inspection: Inspection) -> Inspection:
    """The fresh row, held. Not as a key: saving answers only needs the row to stay."""
    return Inspection.objects.select_for_update(no_key=True).get(pk=inspection.pk)


def _of_locked(evidence: Evidence) -> Evidence:
    """The piece with its inspection as it is now, held."""
    evidence.inspection = _locked(evidence.inspection)
    return evidence


def _current_finding(finding: Finding, base_version: int) -> Finding:
    current = Finding.objects.select_related("saved_by").filter(pk=finding.pk).first()
    if current is None or current.version != base_version:
        raise FindingOutdated(current)
    return current


def _current_evidence(evidence: Evidence, base_version: int, by: User) -> Evidence:
    CHANGE_EVIDENCE.check(by, _of_locked(evidence))
    current = Evidence.objects.select_related("inspection", "saved_by").filter(pk=evidence.pk)
    found = current.first()
    if found is None or found.version != base_version:
        raise EvidenceOutdated(found)
    return found


def _name(finding: Finding, numbers: Collection[int]) -> None:
    """Let ``finding`` name those pieces that are used under its key question by now."""
    uses = EvidenceUse.objects.filter(
        evidence__in=numbers,
        evidence__inspection=finding.inspection_id,
        key_question=finding.key_question,
    )
    FindingSupport.objects.bulk_create(FindingSupport(finding=finding, use=use) for use in uses)


def _use_under(evidence: Evidence, key_questions: Collection[str]) -> None:
    for key_question in key_questions:
        EvidenceUse.objects.get_or_create(evidence=evidence, key_question=key_question)


def _mark_changed(evidence: Evidence, by: User) -> None:
    Evidence.objects.filter(pk=evidence.pk).update(
        version=F("version") + 1, saved_at=timezone.now(), saved_by=by
    )


def _check_question_free(
    inspection: Inspection, details: Mapping[str, Any], *, but: Evidence | None
) -> None:
    question = details.get("case_question", "")
    if not question:
        return
    others = inspection.evidence.filter(kind=Evidence.Kind.CASE_DATA, case_question=question)
    if but is not None:
        others = others.exclude(pk=but.pk)
    if (taken := others.first()) is not None:
        raise QuestionTaken(taken)


def _check_unnamed(uses: Any) -> None:
    """A finding that lost a piece it names would seem to rest on all the others."""
    named = Finding.objects.filter(supports__use__in=uses).first()
    if named is not None:
        raise Refused(
            f"{named.get_kind_display()} “{_begins(named.text)}” under {named.key_question} "
            "names this evidence. Change what it rests on first."
        )


def _begins(text: str, length: int = 60) -> str:
    return text if len(text) <= length else f"{text[:length].rstrip()}…"
