"""An inspection's ratings, live, and the ratings panel's decisions."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.sessions.backends.base import SessionBase
from django.http import (
    Http404,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from inspections.access.requests import SignedInRequest
from inspections.models import Inspection, User
from ratings import actions, policies
from ratings.forms import DiscretionForm
from ratings.models import Discretion
from ratings.pages.live import hub as live
from ratings.pages.live.snapshot import Audience, audience_of
from ratings.pages.live.stream import stream
from ratings.pages.presenters.discretion import discretion_page
from ratings.service import rate_inspection
from ratings.targets import Target, find_target


def _visible(user: User, inspection_id: int) -> Inspection:
    """The inspection, for whoever is on it and may see its ratings now."""
    visible = Inspection.objects.visible_to(user).select_related("service")
    inspection = get_object_or_404(visible, pk=inspection_id)
    policies.check_see_ratings(user, inspection)
    return inspection


@require_safe
def ratings(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    inspection = _visible(request.user, inspection_id)
    may_decide = policies.can_decide(request.user, inspection)
    return render(
        request,
        "ratings/ratings.html",
        {
            "rated": rate_inspection(inspection),
            "decide_in": inspection.pk if may_decide else None,
            "inspection": inspection,
            "crumbs": [("Ratings", "")],
        },
    )


@require_safe
def events(request: SignedInRequest, inspection_id: int) -> HttpResponseBase:
    """The ratings page's changes as they happen; see ``ratings.pages.live.stream``."""
    _visible(request.user, inspection_id)
    hub = live.hub
    try:
        hub.check_room_for_one_more()
    except live.Full:
        return HttpResponse("Too many live pages are open.", status=503, headers={"Retry-After": 5})
    user_id, session = request.user.pk, request.session

    def audience_now() -> Audience | None:
        return _audience_now(user_id, session, inspection_id)

    return StreamingHttpResponse(
        stream(hub, inspection_id, audience_now),
        content_type="text/event-stream",
        headers={
            "Cache-Control": "no-cache",
            # Compressed, events would wait for each other.
            "Content-Encoding": "identity",
            "X-Accel-Buffering": "no",
        },
    )


def _audience_now(user_id: int, session: SessionBase, inspection_id: int) -> Audience | None:
    """What the viewer of an open page may see by now, asked of the database."""
    if session.session_key is None or not session.exists(session.session_key):
        return None
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return None
    inspection = Inspection.objects.visible_to(user).filter(pk=inspection_id).first()
    return None if inspection is None else audience_of(user, inspection)


@require_http_methods(["GET", "HEAD", "POST"])
def discretion(request: SignedInRequest, inspection_id: int, target: str) -> HttpResponse:
    inspection = _visible(request.user, inspection_id)
    about = _target(inspection, target)
    form = None
    if request.method == "POST":
        policies.check_decide(request.user, inspection)
        form = DiscretionForm(
            request.POST,
            computed=about.computed_in(rate_inspection(inspection).outcome),
        )
        if form.is_valid() and (decided := _decide(form, inspection, about, request.user)):
            messages.success(request, f"The panel’s decision on {about.title} is saved.")
            return decided
    return _discretion_page(request, inspection, about, form)


def _decide(
    form: DiscretionForm, inspection: Inspection, about: Target, by: User
) -> HttpResponseRedirect | None:
    """``None`` when rating or decision changed meanwhile; the form then says so."""
    try:
        actions.decide_discretion(
            inspection=inspection,
            standard=about.standard.code,
            key_question=about.key_question,
            by=by,
            **form.cleaned_data,
        )
    except actions.RatingMoved as moved:
        form.start_again_from(moved.computed)
        return None
    except actions.DecidedMeanwhile as decided:
        form.start_again_beside(decided.standing)
        return None
    address = reverse("ratings:ratings", args=[inspection.pk])
    return HttpResponseRedirect(f"{address}#standard-{about.standard.code}")


def _discretion_page(
    request: SignedInRequest, inspection: Inspection, about: Target, form: DiscretionForm | None
) -> HttpResponse:
    """What is computed and decided on a rating, and for those who may decide, the form."""
    rated = rate_inspection(inspection)
    page = discretion_page(rated, about, request.user)
    if form is None and page.may_decide:
        standing = rated.discretions.get((about.standard.code, about.key_question))
        form = DiscretionForm(
            computed=page.computed_rating,
            initial={
                "lead_view": page.lead_view,
                "in_place_of": None if standing is None else standing.pk,
            },
        )
    return render(
        request,
        "ratings/discretion.html",
        {
            "page": page,
            "inspection": inspection,
            "form": form,
            "crumbs": [
                ("Ratings", reverse("ratings:ratings", args=[inspection.pk])),
                (f"Discretion on {about.code}", ""),
            ],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: SignedInRequest, inspection_id: int, discretion_id: int) -> HttpResponse:
    inspection = _visible(request.user, inspection_id)
    policies.check_decide(request.user, inspection)
    decision = get_object_or_404(
        Discretion.objects.standing().filter(inspection=inspection), pk=discretion_id
    )
    about = _target(inspection, decision.key_question or decision.standard)
    if request.method == "POST":
        actions.withdraw_discretion(discretion=decision, by=request.user)
        messages.success(request, f"The panel’s decision on {about.title} is withdrawn.")
        return redirect("ratings:ratings", inspection.pk)
    return render(
        request,
        "ratings/withdraw.html",
        {
            "inspection": inspection,
            "about": about,
            "decision": decision,
            "crumbs": [
                ("Ratings", reverse("ratings:ratings", args=[inspection.pk])),
                (f"Discretion on {about.code}", about.address_in(inspection.pk)),
                ("Withdraw", ""),
            ],
        },
    )


def _target(inspection: Inspection, code: str) -> Target:
    about = find_target(inspection.framework, code)
    if about is None:
        raise Http404(f"Discretion moves no rating {code}.")
    return about
