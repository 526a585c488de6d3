"""Saves sent by scripts: JSON in, JSON out; every refusal says why."""

from __future__ import annotations

from typing import Any

from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from cases.actions import SaveResult, SaveReused, record_answers
from cases.models import Case
from cases.save_parsing import case_questions, read_saves
from inspections.access.permissions import Refused
from inspections.access.requests import SIGN_IN_FIRST, SignedInRequest, for_scripts
from inspections.framework import NotValid

NOT_THERE = "This case isn't there, or is not yours to see."


@require_POST
@for_scripts
def saves(request: SignedInRequest, inspection_id: int, case_id: int) -> JsonResponse:
    """Record the saves in the request's body; see ``read_saves`` for its format.

    Answers 200 with a result for each save, in order; 400 if the body is not valid; 401 if signed
    out, or signed in as somebody else than the page was made for; 403 if the person may not record
    in the case (any more); 404 if they may not see it; 409 if the id of a save was used before.
    """
    user = request.user
    # A page may outlive its session: its author's answers must not be saved as the next person's.
    if request.headers.get("X-Recorded-By", str(user.pk)) != str(user.pk):
        return _refusal(401, SIGN_IN_FIRST)
    questions = case_questions(inspection_id, case_id)
    if questions is None:
        return _refusal(404, NOT_THERE)
    try:
        sent = read_saves(request.body, questions)
        results = record_answers(case_id=case_id, saves=sent, by=user, url=request.path)
    except (NotValid, Refused) as error:
        # Only now does it matter whether the person may see the case: 404 if not.
        if not Case.objects.visible_to(user).filter(pk=case_id).exists():
            return _refusal(404, NOT_THERE)
        return _refusal(403 if isinstance(error, Refused) else 400, str(error))
    except SaveReused as error:
        return _refusal(409, str(error))
    return _json({"results": [_result(result) for result in results]})


@require_GET
@for_scripts
def session(request: SignedInRequest) -> JsonResponse:
    """Who is signed in on this browser, a fresh token for sending, and the server's time."""
    return _json(
        {
            "user": request.user.pk,
            "token": get_token(request),
            "time": timezone.now().isoformat(),
        }
    )


def _refusal(status: int, words: str) -> JsonResponse:
    return _json({"error": words}, status)


def _json(what: dict[str, Any], status: int = 200) -> JsonResponse:
    return JsonResponse(what, status=status, headers={"Cache-Control": "no-store, private"})


def _result(result: SaveResult) -> dict[str, Any]:
    current = result.current
    return {
        "id": str(result.save.id),
        "outcome": result.outcome,
        "version": result.version,
        "standing": current
        and {
            "value": current.value,
            "note": current.note,
            "version": current.version,
            "by": current.by,
            "at": current.at.isoformat(),
        },
    }
