"""The page on which changed counts and ratings are tried out."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from inspections.access.requests import SignedInRequest
from inspections.models import Inspection
from ratings.pages.whatif.forms import WhatIfForm
from ratings.pages.whatif.presenter import what_if_page
from ratings.policies import check_see_ratings
from ratings.service import rate_inspection


@require_safe
def what_if(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """The changes stand in the address; whoever may see the ratings may try others."""
    visible = Inspection.objects.visible_to(request.user).select_related("service")
    inspection = get_object_or_404(visible, pk=inspection_id)
    check_see_ratings(request.user, inspection)
    rated = rate_inspection(inspection)
    form = WhatIfForm(request.GET.dict(), rated)
    form.is_valid()
    return render(
        request,
        "ratings/what_if.html",
        {
            "page": what_if_page(rated, form),
            "form": form,
            "inspection": inspection,
            "crumbs": [
                ("Ratings", reverse("ratings:ratings", args=[inspection.pk])),
                ("What if", ""),
            ],
        },
    )
