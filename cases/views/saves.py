"""Saves sent by scripts: JSON in, JSON out; every refusal says why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.http import JsonResponse, RawPostDataException
from django.middleware.csrf import get_token
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from cases.actions import (
    CommentSave,
    CurrentAnswer,
    CurrentComment,
    CurrentDetail,
    DetailChange,
    Outcome,
    Save,
    SaveResult,
    SaveReused,
    record_answers,
    record_comments,
    record_details,
)
from cases.detail_inputs import typed_as
from cases.details import TYPED_DETAILS
from cases.models import Case
from cases.save_parsing import (
    CaseQuestions,
    case_questions,
    read_comments,
    read_details,
    read_saves,
)
from cases.words import note_warnings
from inspections.access.permissions import Refused
from inspections.access.requests import SIGN_IN_FIRST, SignedInRequest, for_scripts
from inspections.framework import NotValid

NOT_THERE = "This case isn't there, or is not yours to see."

Sent = TypeVar("Sent")


@require_POST
@for_scripts
def saves(request: SignedInRequest, inspection_id: int, case_id: int) -> JsonResponse:
    """Record the saves of answers in the request's body; see ``read_saves`` for its format."""
    return _receive(
        request,
        inspection_id,
        case_id,
        read_saves,
        lambda sent: record_answers(case_id=case_id, saves=sent, by=request.user, url=request.path),
    )


@require_POST
@for_scripts
def details(request: SignedInRequest, inspection_id: int, case_id: int) -> JsonResponse:
    """Record the saves of details in the request's body; see ``read_details`` for its format."""
    return _receive(
        request,
        inspection_id,
        case_id,
        read_details,
        lambda sent: record_details(case_id=case_id, saves=sent, by=request.user),
    )


@require_POST
@for_scripts
def comments(request: SignedInRequest, inspection_id: int, case_id: int) -> JsonResponse:
    """Record the saves of comments in the request's body; see ``read_comments`` for its format.
    Each is refused or not by itself."""

    def record(sent: list[CommentSave]) -> list[SaveResult]:
        case = Case.objects.visible_to(request.user).filter(pk=case_id).first()
        if case is None:
            raise Refused(NOT_THERE)
        return record_comments(case=case, saves=sent, by=request.user)

    return _receive(request, inspection_id, case_id, read_comments, record)


@require_GET
@for_scripts
def session(request: SignedInRequest) -> JsonResponse:
    """Who is signed in on this browser, a fresh token for sending, the server's time, and in how
    many seconds the session ends unless something is done."""
    return _session(request)


@require_POST
@for_scripts
def stay(request: SignedInRequest) -> JsonResponse:
    """The same for somebody who is there: being sent, it moves the end of the session on."""
    return _session(request)


def _session(request: SignedInRequest) -> JsonResponse:
    return _json(
        {
            "user": request.user.pk,
            "token": get_token(request),
            "time": timezone.now().isoformat(),
            "ends_in": request.session.get_expiry_age(),
        }
    )


def _receive(
    request: SignedInRequest,
    inspection_id: int,
    case_id: int,
    read: Callable[[bytes, CaseQuestions], list[Sent]],
    record: Callable[[list[Sent]], Sequence[SaveResult]],
) -> JsonResponse:
    """Answers 200 with a result for each save, in order; 400 if the body is not valid; 401 if
    signed out, or signed in as somebody else than the page was made for; 403 if the person may not
    record in the case (any more); 404 if they may not see it; 409 if the id of a save was used
    before."""
    user = request.user
    # A page may outlive its session: its author's answers must not be saved as the next person's.
    if request.headers.get("X-Recorded-By", str(user.pk)) != str(user.pk):
        return _refusal(401, SIGN_IN_FIRST)
    questions = case_questions(inspection_id, case_id)
    if questions is None:
        return _refusal(404, NOT_THERE)
    try:
        body = request.body
    except RawPostDataException:
        body = b""  # it was read as a form, so it is not JSON
    try:
        results = record(read(body, questions))
    except (NotValid, Refused) as error:
        # Only now does it matter whether the person may see the case: 404 if not.
        if not Case.objects.visible_to(user).filter(pk=case_id).exists():
            return _refusal(404, NOT_THERE)
        return _refusal(403 if isinstance(error, Refused) else 400, str(error))
    except SaveReused as error:
        return _refusal(409, str(error))
    return _json({"results": [_result(result) for result in results]})


def _refusal(status: int, words: str) -> JsonResponse:
    return _json({"error": words}, status)


def _json(what: dict[str, Any], status: int = 200) -> JsonResponse:
    return JsonResponse(what, status=status, headers={"Cache-Control": "no-store, private"})


def _result(result: SaveResult) -> dict[str, Any]:
    return {
        "id": str(result.save.id),
        "outcome": result.outcome,
        "version": result.version,
        "standing": _standing(result),
        "why": result.why,
        "warnings": _warnings(result),
    }


def _warnings(result: SaveResult) -> list[str]:
    """What the saved note or detail seems to say of a person, for the page beside it."""
    if result.outcome is not Outcome.SAVED:
        return []
    save = result.save
    typed = save.note if isinstance(save, Save) else None
    if isinstance(save, DetailChange) and save.field in TYPED_DETAILS:
        typed = save.value
    return [str(warning) for warning in note_warnings(typed)]


def _standing(result: SaveResult) -> dict[str, Any] | None:
    current = result.current
    if isinstance(current, CurrentAnswer):
        return {
            "value": current.value,
            "note": current.note,
            "version": current.version,
            "by": current.by,
            "at": _time(current.at),
        }
    if isinstance(current, CurrentDetail):
        return {
            "value": typed_as(result.save.field, current.value),
            "version": current.version,
            "by": current.by,
            "at": _time(current.at),
        }
    if isinstance(current, CurrentComment):
        return {
            "comment": current.comment,
            "text": current.text,
            "by": current.by,
            "at": _time(current.at),
        }
    return None


def _time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
