"""Adding, changing and removing findings and evidence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import slugify
from django.views.decorators.http import require_POST

from cases.words import what_notes_hold
from inspections.access.permissions import Refused
from inspections.access.requests import SignedInRequest, accepts_form, posted
from inspections.forms import VersionForm
from inspections.history import events_of
from inspections.loading import load_inspection
from inspections.models import Inspection
from inspections.versions import Conflict, based_on, differences
from ratings.evidence import actions
from ratings.evidence.forms import FIELDS, EvidenceForm, FindingForm
from ratings.evidence.judged import qualitative
from ratings.evidence.tallies import count_cases
from ratings.evidence.views import (
    evidence_crumb,
    key_question_context,
    live_figure,
)
from ratings.models import Evidence, Finding
from ratings.permissions import (
    ADD_EVIDENCE,
    CHANGE_EVIDENCE,
    SEE_EVIDENCE,
    SEE_FINDINGS,
    WRITE_FINDINGS,
)

FINDING_KINDS = {slugify(kind.label): kind for kind in Finding.Kind}
EVIDENCE_KINDS = {slugify(kind.label): kind for kind in Evidence.Kind}
"""Kinds by their word in URLs."""

FINDING_GONE = "This has been removed since you opened it. Add it again if it still holds."
EVIDENCE_GONE = (
    "This evidence has been removed since you opened it. Add it again if it still counts."
)

REMOVED_ALREADY = "{} has been removed already."


@accepts_form
def add_finding(request: SignedInRequest, inspection_id: int, code: str, kind: str) -> HttpResponse:
    inspection = load_inspection(request.user, inspection_id, to=SEE_EVIDENCE)
    if kind not in FINDING_KINDS:
        raise Http404
    new = Finding(inspection=inspection, key_question=code, kind=FINDING_KINDS[kind], version=0)
    return _edit_finding(request, new)


@accepts_form
def change_finding(request: SignedInRequest, inspection_id: int, finding_id: int) -> HttpResponse:
    inspection = load_inspection(request.user, inspection_id, to=SEE_EVIDENCE)
    finding = inspection.findings.with_evidence().filter(pk=finding_id).first()
    if finding is not None:
        return _edit_finding(request, finding)
    if not request.POST.get("text"):
        raise Http404
    form = FindingForm(request.POST, finding=Finding(kind=Finding.Kind.STRENGTH), evidence=[])
    form.fields["text"].label = "What you wrote"
    return changes_rejected(request, inspection, FINDING_GONE, form, status=404)


def _edit_finding(request: SignedInRequest, finding: Finding) -> HttpResponse:
    """Add ``finding`` if it is new, change it otherwise."""
    inspection, code = finding.inspection, finding.key_question
    heading = f"{'Change' if finding.pk else 'Add'} {Finding.Kind(finding.kind).with_article}"
    context = key_question_context(inspection, code, heading) | {"heading": heading}
    used = list(inspection.evidence.filter(uses__key_question=code).order_by("kind", "title", "pk"))
    form = FindingForm(posted(request), finding=finding, evidence=used)
    try:
        WRITE_FINDINGS.check(request.user, inspection)
        if form.is_valid():
            saved = _save_finding(request, finding, form)
            messages.success(request, f"The {finding.get_kind_display().lower()} is saved.")
            if words := what_notes_hold({"its text": saved.text}):
                messages.warning(request, words)
            return redirect(f"{context['address']}#finding-{saved.pk}")
    except Refused as refusal:
        if not form.is_bound:
            raise
        return changes_rejected(request, inspection, str(refusal), form)
    except Conflict as conflict:
        if conflict.current is None:
            return changes_rejected(request, inspection, FINDING_GONE, form, status=404)
        sent = based_on(conflict.current, request.POST)
        form = FindingForm(sent, finding=conflict.current, evidence=used)
        context |= {"conflict": conflict.current, "differences": differences(form)}
    context["form"] = form
    status = 409 if "conflict" in context else 200
    return render(request, "ratings/evidence/finding.html", context, status=status)


def _save_finding(request: SignedInRequest, finding: Finding, form: FindingForm) -> Finding:
    sent = {"text": form.cleaned_data["text"], "rests_on": form.cleaned_data.get("rests_on", [])}
    if finding.pk:
        version = form.cleaned_data["base_version"]
        return actions.change_finding(
            finding=finding, base_version=version, by=request.user, **sent
        )
    return actions.add_finding(
        inspection=finding.inspection,
        key_question=finding.key_question,
        kind=finding.kind,
        by=request.user,
        **sent,
    )


@accepts_form
def remove_finding(request: SignedInRequest, inspection_id: int, finding_id: int) -> HttpResponse:
    """A confirmation page; a finding or evidence that was changed meanwhile is shown again."""
    inspection = load_inspection(request.user, inspection_id, to=SEE_EVIDENCE)
    WRITE_FINDINGS.check(request.user, inspection)
    finding = inspection.findings.filter(pk=finding_id).first()
    if finding is None:
        gone = _removed(Finding, inspection, finding_id)
        messages.warning(request, REMOVED_ALREADY.format(_this(gone.kind)))
        return redirect("ratings:key_question", inspection.pk, gone.key_question)
    context = key_question_context(inspection, finding.key_question, "Remove")
    form = VersionForm(request.POST)
    if form.is_valid():
        try:
            actions.remove_finding(
                finding=finding, base_version=form.cleaned_data["base_version"], by=request.user
            )
            messages.success(request, f"The {finding.get_kind_display().lower()} is removed.")
            return redirect(context["address"])
        except Conflict as conflict:
            if conflict.current is None:
                messages.warning(request, REMOVED_ALREADY.format(_this(finding.kind)))
                return redirect(context["address"])
            finding = conflict.current
    was_changed = request.method == "POST"
    context |= {"finding": finding, "was_changed": was_changed}
    status = 409 if was_changed else 200
    return render(request, "ratings/evidence/remove_finding.html", context, status=status)


@require_POST
def move_finding(request: SignedInRequest, inspection_id: int, finding_id: int) -> HttpResponse:
    inspection = load_inspection(request.user, inspection_id, to=SEE_EVIDENCE)
    finding = get_object_or_404(inspection.findings, pk=finding_id)
    actions.move_finding(finding=finding, up=request.POST.get("to") == "up", by=request.user)
    context = key_question_context(inspection, finding.key_question)
    return redirect(f"{context['address']}#finding-{finding.pk}")


@accepts_form
def add_evidence(request: SignedInRequest, inspection_id: int, kind: str) -> HttpResponse:
    """Add evidence; ``?key_question=`` names the one from whose page it is added."""
    inspection = load_inspection(request.user, inspection_id, to=SEE_EVIDENCE)
    if kind not in EVIDENCE_KINDS:
        raise Http404
    if request.method != "POST":
        ADD_EVIDENCE.check(request.user, inspection)
    new = Evidence(inspection=inspection, kind=EVIDENCE_KINDS[kind], version=0)
    return _edit_evidence(request, new, ADD_EVIDENCE.why_not(request.user, inspection))


@accepts_form
def evidence_item(request: SignedInRequest, inspection_id: int, evidence_id: int) -> HttpResponse:
    """One evidence item: a form for those who may change it, a summary for others."""
    inspection = load_inspection(request.user, inspection_id, to=SEE_EVIDENCE)
    item = inspection.evidence.with_uses().filter(pk=evidence_id).first()
    if item is None:
        gone = Evidence(inspection=inspection, version=0)
        gone.kind = _removed(Evidence, inspection, evidence_id).kind
        if request.method != "POST":
            raise Http404
        form = EvidenceForm(request.POST, evidence=gone)
        return changes_rejected(request, inspection, EVIDENCE_GONE, form, status=404)
    return _edit_evidence(request, item, CHANGE_EVIDENCE.why_not(request.user, item))


def _edit_evidence(request: SignedInRequest, item: Evidence, refused: str | None) -> HttpResponse:
    """Add ``item`` if it is new; otherwise change it or, if ``refused``, show it."""
    inspection = item.inspection
    proposed = request.GET.get("key_question", "")
    back = _back_from_evidence(inspection, proposed)
    form = EvidenceForm(posted(request), evidence=item, key_questions=[proposed])
    context: dict[str, Any] = {}
    if request.method == "POST":
        if refused:
            return changes_rejected(request, inspection, refused, form)
        try:
            if form.is_valid():
                saved = _save_evidence(request, item, form)
                done = "saved" if item.pk else "added"
                what = "" if item.pk else f"{saved.get_kind_display()} "
                messages.success(request, f"{what}“{saved}” is {done}.")
                return redirect(back)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except actions.QuestionTaken:
            question = form.cleaned_data["case_question"]
            form.add_error(
                "case_question",
                f"The figure of question {question} is evidence already. "
                "Use that piece under your key question.",
            )
        except Conflict as conflict:
            if conflict.current is None:
                return changes_rejected(request, inspection, EVIDENCE_GONE, form, status=404)
            item = conflict.current
            form = EvidenceForm(based_on(item, request.POST), evidence=item)
            context |= {"conflict": item, "differences": differences(form)}
    title = item.title if item.pk else f"Add evidence: {item.get_kind_display().lower()}"
    counts = None
    if item.case_question and SEE_FINDINGS.can(request.user, inspection):
        counts = count_cases(inspection)
    context |= {
        "inspection": inspection,
        "title": title,
        "item": item,
        "figure": live_figure(item, counts),
        "refused": refused,
        "rows": list(_summary(item, form)) if refused else [],
        "form": None if refused else form,
        "back": back,
        "crumbs": [evidence_crumb(inspection), (title, "")],
    }
    status = 409 if "conflict" in context else 200
    return render(request, "ratings/evidence/evidence_item.html", context, status=status)


def _save_evidence(request: SignedInRequest, item: Evidence, form: EvidenceForm) -> Evidence:
    sent = {"details": form.details(), "key_questions": form.cleaned_data["key_questions"]}
    if item.pk:
        version = form.cleaned_data["base_version"]
        return actions.change_evidence(evidence=item, base_version=version, by=request.user, **sent)
    return actions.add_evidence(inspection=item.inspection, kind=item.kind, by=request.user, **sent)


@accepts_form
def remove_evidence(request: SignedInRequest, inspection_id: int, evidence_id: int) -> HttpResponse:
    """A confirmation page; a finding or evidence that was changed meanwhile is shown again."""
    inspection = load_inspection(request.user, inspection_id, to=SEE_EVIDENCE)
    item = inspection.evidence.with_uses().filter(pk=evidence_id).first()
    if item is None:
        gone = _removed(Evidence, inspection, evidence_id)
        messages.warning(request, REMOVED_ALREADY.format(f"“{gone.title}”"))
        return redirect("ratings:evidence", inspection.pk)
    CHANGE_EVIDENCE.check(request.user, item)
    why_not = ""
    form = VersionForm(request.POST)
    if form.is_valid():
        try:
            actions.remove_evidence(
                evidence=item, base_version=form.cleaned_data["base_version"], by=request.user
            )
            messages.success(request, f"“{item}” is removed.")
            return redirect("ratings:evidence", inspection.pk)
        except Refused as refusal:
            why_not = str(refusal)
        except Conflict as conflict:
            if conflict.current is None:
                messages.warning(request, REMOVED_ALREADY.format(f"“{item}”"))
                return redirect("ratings:evidence", inspection.pk)
            item = conflict.current
    is_refused = request.method == "POST"
    address = reverse("ratings:evidence_item", args=[inspection.pk, item.pk])
    context = {
        "inspection": inspection,
        "item": item,
        "is_refused": is_refused,
        "why_not": why_not,
        "crumbs": [evidence_crumb(inspection), (item.title, address), ("Remove", "")],
    }
    status = 409 if is_refused else 200
    return render(request, "ratings/evidence/remove_evidence.html", context, status=status)


@require_POST
def use_evidence(request: SignedInRequest, inspection_id: int, code: str) -> HttpResponse:
    """Use existing evidence under this key question too."""
    inspection = load_inspection(request.user, inspection_id, to=SEE_EVIDENCE)
    context = key_question_context(inspection, code)
    numbers = [number for number in request.POST.getlist("evidence") if number.isdecimal()]
    items = list(inspection.evidence.filter(pk__in=[int(n) for n in numbers if len(n) < 19]))
    try:
        for item in items:
            actions.use_evidence(evidence=item, key_question=code, by=request.user)
    except Conflict:
        raise Http404 from None
    if items:
        names = ", ".join(f"“{item}”" for item in items)
        messages.success(request, f"{names} is used under {code} now.")
    else:
        messages.warning(request, "Select the evidence to use here first. Nothing has changed.")
    return redirect(f"{context['address']}#evidence")


@require_POST
def stop_using_evidence(
    request: SignedInRequest, inspection_id: int, code: str, evidence_id: int
) -> HttpResponse:
    """Stop using evidence under this key question; other uses stay."""
    inspection = load_inspection(request.user, inspection_id, to=SEE_EVIDENCE)
    context = key_question_context(inspection, code)
    item = get_object_or_404(inspection.evidence, pk=evidence_id)
    try:
        actions.stop_using_evidence(evidence=item, key_question=code, by=request.user)
    except Conflict:
        raise Http404 from None
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"“{item}” is no longer used under {code}.")
    return redirect(f"{context['address']}#evidence")


def _this(kind: str) -> str:
    return f"This {Finding.Kind(kind).label.lower()}"


def _removed(model: type[Finding | Evidence], inspection: Inspection, number: int) -> Any:
    """The last event of a record that was removed. Raises ``Http404`` if there never was one."""
    events = events_of(model).filter(inspection=inspection, pgh_obj_id=number, pgh_label="delete")
    return get_object_or_404(events)


def changes_rejected(
    request: SignedInRequest,
    inspection: Inspection,
    reason: str,
    form: FindingForm | EvidenceForm,
    *,
    status: int = 403,
) -> HttpResponse:
    """A page that says why nothing was saved and shows the submitted texts for copying."""
    context = {
        "inspection": inspection,
        "reason": reason,
        "typed": [
            {"key": field.label, "value": value}
            for field in form.visible_fields()
            if isinstance(value := field.value(), str) and value.strip()
        ],
        "crumbs": [evidence_crumb(inspection)],
    }
    return render(request, "ratings/evidence/changes_rejected.html", context, status=status)


def _back_from_evidence(inspection: Inspection, code: str) -> str:
    """The next page: the key question that this one was opened from, or the matrix."""
    for standard in qualitative(inspection.framework):
        if code in {question.code for question in standard.key_questions}:
            return reverse("ratings:key_question", args=[inspection.pk, code]) + "#evidence"
    return reverse("ratings:evidence", args=[inspection.pk])


def _summary(item: Evidence, form: EvidenceForm) -> Iterator[dict[str, Any]]:
    """The fields of evidence with the labels of its form, for those who can't change it."""
    for name in FIELDS[item.kind]:
        value = item.title if name == "case_question" else getattr(item, name)
        if isinstance(value, date):
            value = date_format(value, "j F Y")
        has_value = value not in {None, ""}
        yield {"key": form.fields[name].label, "value": value if has_value else "None recorded"}
