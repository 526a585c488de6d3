"""An inspection's ratings, live."""

from __future__ import annotations

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from inspections.access.requests import SignedInRequest
from inspections.loading import load_inspection
from inspections.models import Inspection, User
from inspections.permissions import SEE_RATINGS
from ratings.models import hearings
from ratings.pages.live import hub as live
from ratings.pages.live.snapshot import Audience, audience_of
from ratings.pages.live.stream import stream
from ratings.permissions import DECIDE
from ratings.service import rate_inspection


@require_safe
def ratings(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    inspection = load_inspection(request.user, inspection_id, to=SEE_RATINGS, also=hearings())
    may_decide = DECIDE.can(request.user, inspection)
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
    load_inspection(request.user, inspection_id, to=SEE_RATINGS)
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
