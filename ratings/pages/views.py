"""An inspection's ratings, and their changes as they happen."""

from __future__ import annotations

from django.http import (
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.views.decorators.http import require_safe

from inspections.access.requests import SignedInRequest
from ratings.pages.live import broker as live
from ratings.pages.live.events import Stream
from ratings.pages.live.viewers import Viewer
from ratings.pages.rights import rights_of
from ratings.service import rate_inspection
from ratings.unrated import load_rated, says_if_unrated


@require_safe
@says_if_unrated
def ratings(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    inspection = load_rated(request.user, inspection_id)
    return render(
        request,
        "ratings/ratings.html",
        {
            "rated": rate_inspection(inspection),
            "rights": rights_of(request.user, inspection),
            "inspection": inspection,
            "crumbs": [("Ratings", "")],
        },
    )


@require_safe
def events(request: SignedInRequest) -> HttpResponseBase:
    """The changes of the ratings pages that a browser shows; see ``ratings.pages.live.events``.

    Takes the number of each ``inspection``. Those that the person may not see are ended in the
    stream, as those are that they may see no longer.
    """
    try:
        inspections = {int(number) for number in request.GET.getlist("inspection")}
    except ValueError:
        inspections = set()
    if not inspections:
        return HttpResponseBadRequest("Name the inspections by their numbers.")
    viewers = [Viewer(request.user.pk, request.session, one) for one in sorted(inspections)]
    try:
        place = live.broker.take_place(request.user.pk)
    except live.TooManyStreams:
        return HttpResponse("Too many live pages are open.", status=503, headers={"Retry-After": 5})
    return StreamingHttpResponse(
        Stream(viewers, place),
        content_type="text/event-stream",
        headers={
            "Cache-Control": "no-cache",
            # Compressed, events would wait for each other.
            "Content-Encoding": "identity",
            "X-Accel-Buffering": "no",
        },
    )
