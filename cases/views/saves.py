"""Saves as a browser's script sends them: JSON in, JSON out, every refusal in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from csp.decorators import csp_exempt
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from cases.actions import SavedAnswer, SaveReused, record_answers, record_together
from cases.frames import frame_of
from cases.models import Case
from cases.sent_saves import NotReadable, read_saves
from inspections.access.permissions import Refused
from inspections.framework import load_edition
from inspections.signed_in import proof_of

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
    results = _record_with_others(request, inspection_id, case_id)
    if results is not None:
        return _told(results)
    if not request.user.is_authenticated or not _is_from(request, request.user.pk):
        return _refusal(401, SIGN_IN_FIRST)
    frame = frame_of(inspection_id, case_id)
    if frame is None:
        return _refusal(404, NOT_THERE)
    try:
        sent = read_saves(request.body, load_edition(frame.edition), frame.group)
        return _told(record_answers(case_id=case_id, saves=sent, by=request.user))
    except (NotReadable, Refused) as error:
        # Only the refused are told apart: whoever saves in a case sees it.
        if not Case.objects.visible_to(request.user).filter(pk=case_id).exists():
            return _refusal(404, NOT_THERE)
        return _refusal(403 if isinstance(error, Refused) else 400, str(error))
    except SaveReused as error:
        return _refusal(409, str(error))


def _record_with_others(
    request: HttpRequest, inspection_id: int, case_id: int
) -> list[SavedAnswer] | None:
    """What became of the saves, as nearly always: ``None`` when anything is out of order."""
    proof, frame = proof_of(request), frame_of(inspection_id, case_id)
    if proof is None or frame is None or not _is_from(request, proof.user):
        return None
    try:
        sent = read_saves(request.body, load_edition(frame.edition), frame.group)
    except NotReadable:
        return None
    return record_together(case_id=case_id, saves=sent, proof=proof)


def _is_from(request: HttpRequest, user_id: int) -> bool:
    """A page may outlive its session: what its owner wrote must not go out as the next
    person's."""
    return request.META.get("HTTP_X_RECORDED_BY", str(user_id)) == str(user_id)


@require_GET
@login_not_required
def session(request: HttpRequest) -> JsonResponse:
    """Who is signed in on this browser, a fresh token for sending, and the server's time."""
    user = request.user
    return _json(
        {
            "user": user.pk if user.is_authenticated else None,
            "token": get_token(request),
            "time": timezone.now().isoformat(),
        }
    )


def _refusal(status: int, words: str) -> JsonResponse:
    return _json({"error": words}, status)


def _told(results: Sequence[SavedAnswer]) -> JsonResponse:
    return _json({"results": [_result(result) for result in results]})


def _json(what: dict[str, Any], status: int = 200) -> JsonResponse:
    # Without an encoder of its own each response would not make one anew.
    return JsonResponse(
        what,
        encoder=None,  # type: ignore[arg-type]
        status=status,
        headers={"Cache-Control": "no-store, private"},
    )


def _result(result: SavedAnswer) -> dict[str, Any]:
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
