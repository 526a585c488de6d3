"""Confirming an inspection's result, its seals, and reopening it."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from inspections.access.requests import SignedInRequest, accepts_form, posted
from inspections.forms import LaidOutForm, Paragraphs
from inspections.models import Inspection, User
from inspections.versions import Conflict
from ratings.models import SealedResult, current_hearing, hearings, seals_of
from ratings.panel.readiness import NotReady
from ratings.permissions import AGREE, REOPEN, SEE_SEAL, signatory_of
from ratings.results import actions
from ratings.results.as_sealed import AsSealed, as_sealed
from ratings.results.build import file_of
from ratings.results.document import counts_of, outcome_of, sealed_outcome
from ratings.unrated import load_rated, says_if_unrated


def _load(user: User, inspection_id: int) -> Inspection:
    return load_rated(user, inspection_id, to=SEE_SEAL, also=hearings(), shows_what_stays=True)


@accepts_form
@says_if_unrated
def seal(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """The seal or what is missing for it; lead inspector and chair confirm here."""
    inspection = _load(request.user, inspection_id)
    if inspection.certificate:
        return _show_what_stays(request, inspection)
    if request.method != "POST":
        return _show(request, inspection, actions.readiness(inspection))
    AGREE.check(request.user, inspection)
    digest = request.POST.get("result_sha256", "")
    try:
        sealed = actions.agree_to_seal(inspection=inspection, result_sha256=digest, by=request.user)
    except (Conflict, NotReady, actions.TriggersMissing) as refused:
        return _show(request, inspection, actions.readiness(inspection), problem=str(refused))
    if sealed is None:
        messages.success(request, "You have confirmed this result.")
    else:
        messages.success(request, f"The result is sealed. This is seal {sealed.number}.")
    return redirect("ratings:seal", inspection.pk)


def _show(
    request: SignedInRequest, inspection: Inspection, now: actions.Readiness, problem: str = ""
) -> HttpResponse:
    seals = as_sealed(seals_of(inspection))
    sealed = seals[0] if seals and inspection.is_sealed else None
    signatory = signatory_of(request.user, inspection)
    agreed = signatory in now.agreed
    why_not = AGREE.why_not(request.user, inspection)
    at_the_panel = inspection.state == Inspection.State.PANEL
    context = {
        "inspection": inspection,
        "problem": problem,
        "now": now,
        "outcome": now.rated.outcome,
        "sealed": sealed,
        "earlier": [one for one in seals if one != sealed],
        "differs_from_seal": sealed is not None and _differs_from_seal(sealed, now),
        "agreements": now.words if at_the_panel and current_hearing(inspection) else (),
        "signatory": signatory,
        "agreed": agreed,
        "why_not": why_not,
        "may_agree": not (sealed or why_not or agreed or now.blockers),
        "crumbs": [("Seal", "")],
    }
    return render(
        request, "ratings/results/seal_page.html", context, status=409 if problem else 200
    )


def _show_what_stays(request: SignedInRequest, inspection: Inspection) -> HttpResponse:
    """Once case content was removed nothing is left to rate: the outcome is that of the seal."""
    if request.method == "POST":
        AGREE.check(request.user, inspection)
    sealed, *earlier = as_sealed(seals_of(inspection))
    context = {
        "inspection": inspection,
        "outcome": sealed_outcome(sealed.seal.document),
        "sealed": sealed,
        "earlier": earlier,
        "crumbs": [("Seal", "")],
    }
    return render(request, "ratings/results/seal_page.html", context)


def _differs_from_seal(sealed: AsSealed, now: actions.Readiness) -> bool:
    """Whether the record no longer gives the sealed outcome: because of a later version of the
    rating rules, or because the owner of the tables bypassed the triggers."""
    return bool(
        sealed.result["outcome"] != outcome_of(now.rated.outcome)
        or sealed.result["evidence"]["counts"] != counts_of(now.rated.outcome)
    )


@require_safe
@says_if_unrated
def seal_file(request: SignedInRequest, inspection_id: int, number: int) -> HttpResponse:
    """The file that ``manage.py verify_seal`` checks."""
    inspection = _load(request.user, inspection_id)
    sealed = get_object_or_404(inspection.sealed_results.all(), number=number)
    return HttpResponse(
        file_of(sealed),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{sealed.file_name}"'},
    )


class ReopenForm(LaidOutForm):
    button = "Reopen the result"
    button_warns = True
    reason = Paragraphs(
        label="Why is the result reopened?",
        help_text="What was found to be wrong and has to be put right. The reason is kept for ever "
        "and stands in the next seal.",
        max_length=20_000,
        missing="Enter why the result is reopened",
        called="the reason",
    )
    number = forms.IntegerField(required=False, widget=forms.HiddenInput)
    """Of the seal that the page was about."""


@accepts_form
@says_if_unrated
def reopen(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """The chair gives a sealed inspection back to the panel, with a reason."""
    inspection = _load(request.user, inspection_id)
    REOPEN.check(request.user, inspection)
    sealed = seals_of(inspection)[0]
    form = ReopenForm(posted(request), initial={"number": sealed.number})
    is_stale = form.is_valid() and form.cleaned_data["number"] != sealed.number
    if is_stale:
        form = _about(sealed, form)
    elif form.is_valid():
        actions.reopen(sealed_result=sealed, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(
            request, f"The result is reopened. Seal {sealed.number} stays in the record."
        )
        return redirect("ratings:seal", inspection.pk)
    context = {
        "inspection": inspection,
        "number": sealed.number,
        "form": form,
        "crumbs": [("Seal", reverse("ratings:seal", args=[inspection.pk])), ("Reopen", "")],
    }
    return render(request, "ratings/results/reopen.html", context, status=409 if is_stale else 200)


def _about(sealed: SealedResult, form: ReopenForm) -> ReopenForm:
    """The form of an older seal, now about this one."""
    again = ReopenForm({**form.cleaned_data, "number": sealed.number})
    again.add_error(
        None,
        f"Seal {form.cleaned_data['number']} was reopened after you opened this page. "
        f"This is about seal {sealed.number}: look at it before you reopen it.",
    )
    return again
