"""An inspection's ratings, and their changes as they happen."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from inspections.access.requests import SignedInRequest
from inspections.loading import load_inspection
from inspections.permissions import SEE_RATINGS
from ratings.pages.live import broker as live
from ratings.pages.live.events import Viewer, stream
from ratings.permissions import DECIDE
from ratings.service import rate_inspection


@require_safe
def ratings(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    inspection = load_inspection(request.user, inspection_id, to=SEE_RATINGS)
    return render(
        request,
        "ratings/ratings.html",
        {
            "rated": rate_inspection(inspection),
            "decide_in": inspection.pk if DECIDE.can(request.user, inspection) else None,
            "inspection": inspection,
            "crumbs": [("Ratings", "")],
        },
    )


@require_safe
def events(request: SignedInRequest, inspection_id: int) -> HttpResponseBase:
    """The ratings page's changes; see ``ratings.pages.live.events``."""
    load_inspection(request.user, inspection_id, to=SEE_RATINGS)
    try:
        live.broker.check_capacity()
    except live.TooManyPages:
        return HttpResponse("Too many live pages are open.", status=503, headers={"Retry-After": 5})
    return StreamingHttpResponse(
        stream(Viewer(request.user.pk, request.session, inspection_id)),
        content_type="text/event-stream",
        headers={
            "Cache-Control": "no-cache",
            # Compressed, events would wait for each other.
            "Content-Encoding": "identity",
            "X-Accel-Buffering": "no",
        },
    )
