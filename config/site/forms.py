"""What becomes of forms: which were accepted, and those that couldn't be received."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from inspections.access.requests import SignedInRequest, for_scripts
from inspections.access.sent_forms import read_form_id
from inspections.models import KeptForm, SentForm

MOST_ASKED = 50


@require_GET
@for_scripts
@never_cache
def sent_forms(request: SignedInRequest) -> JsonResponse:
    """Which of the forms in ``?id=`` were accepted; a person is told of their own alone."""
    asked = {
        form.uuid: sent
        for sent in request.GET.getlist("id")[:MOST_ASKED]
        if (form := read_form_id(sent)) is not None and form.user == request.user.pk
    }
    accepted = SentForm.objects.accepted(request.user, asked)
    return JsonResponse({"accepted": [sent for uuid, sent in asked.items() if uuid in accepted]})


@require_GET
def not_sent(request: SignedInRequest) -> HttpResponse:
    """What this person entered on this browser before their session ended, to be sent now."""
    context = {"kept": KeptForm.objects.of(request), "crumbs": []}
    return render(request, "site/not_sent.html", context)


@require_POST
def discard(request: SignedInRequest) -> HttpResponse:
    kept = [one for one in KeptForm.objects.of(request) if str(one.pk) == request.POST.get("kept")]
    if not kept:
        raise Http404
    kept[0].delete()
    messages.success(request, "What was not sent is discarded.")
    return redirect(
        "site:not-sent" if KeptForm.objects.of(request).exists() else "site:inspections"
    )
