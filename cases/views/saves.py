"""Saves as a browser's script sends them: JSON in, JSON out, every refusal in words."""

from __future__ import annotations

from typing import Any

from csp.decorators import csp_exempt
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from cases.actions import SavedAnswer, SaveReused, record_answers
from cases.frames import frame_of
from cases.models import Case
from cases.sent_saves import NotReadable, read_saves
from inspections.editions import load_edition
from inspections.policies import Refused

NOT_THERE = "This case isn't there, or is not yours to see."
SIGN_IN_FIRST = "Sign in again: what waits on this device is sent then."


@csp_exempt()  # type: ignore[arg-type]  # JSON is no page
@require_POST
@login_not_required  # a script can do nothing with a sign-in page: it is told in JSON
def saves(request: HttpRequest, inspection_id: int, case_id: int) -> JsonResponse:
    """Record the saves in the request's body; see ``read_saves`` for its form.

    Answers 200 with a result a save, in order; 400 when the body can't be read, 401
    signed out or signed in as somebody else than the page says, 403 when the case is not
    this person's to record in (any more), 404 when it isn't theirs to see, 409 when a
    save's id was used for something else.
    """
    # A page may outlive its session: what its owner wrote must not go out as the next person's.
    by = request.headers.get("X-Recorded-By", str(request.user.pk))
    if not request.user.is_authenticated or by != str(request.user.pk):
        return _refusal(401, SIGN_IN_FIRST)
    frame = frame_of(inspection_id, case_id)
    if frame is None:
        return _refusal(404, NOT_THERE)
    try:
        sent = read_saves(request.body, load_edition(frame.edition), frame.group)
        results = record_answers(case_id=case_id, saves=sent, by=request.user)
    except (NotReadable, Refused) as error:
        # Only the refused are told apart: whoever saves in a case sees it.
        if not Case.objects.visible_to(request.user).filter(pk=case_id).exists():
            return _refusal(404, NOT_THERE)
        return _refusal(403 if isinstance(error, Refused) else 400, str(error))
    except SaveReused as error:
        return _refusal(409, str(error))
    return JsonResponse({"results": [_told(result) for result in results]})


@require_GET
@never_cache
@login_not_required
def session(request: HttpRequest) -> JsonResponse:
    """Who is signed in on this browser, a fresh token for sending, and the server's time."""
    user = request.user
    return JsonResponse(
        {
            "user": user.pk if user.is_authenticated else None,
            "token": get_token(request),
            "time": timezone.now().isoformat(),
        }
    )


def _refusal(status: int, words: str) -> JsonResponse:
    return JsonResponse({"error": words}, status=status)


def _told(result: SavedAnswer) -> dict[str, Any]:
    standing = result.standing
    return {
        "id": str(result.save.id),
        "outcome": result.outcome,
        "version": result.version,
        "standing": standing
        and {
            "value": standing.value,
            "note": standing.note,
            "version": standing.version,
            "by": standing.by,
            "at": standing.at.isoformat(),
        },
    }
