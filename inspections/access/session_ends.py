"""When a session ends: so long after its person last did something, and so long after signing in.

Both are the session's own expiry, which is compared with the clock whenever a session is loaded.
It is moved on at most once a minute, so that a save costs no more. What scripts ask by themselves
moves nothing: a page that is left open ends.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.http.response import HttpResponseBase

BEGUN, MOVED_ON = "begun_at", "moved_on_at"
"""The session has when its person signed in and when its end was moved on, in seconds (Unix)."""

HAS_SIGNED_IN = "has_signed_in"
"""The request with which somebody signed in has this attribute."""

EVERY = 60
"""Seconds."""


def begin(request: HttpRequest, **_: Any) -> None:
    """On signing in. allauth sets another end after this, so the response moves it on again."""
    request.session[BEGUN] = time.time()
    _move_on(request.session)
    setattr(request, HAS_SIGNED_IN, True)


def move_ends_on(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    def respond(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        # Asking for a session that nothing has asked for would cost a query.
        if request.session.accessed and SESSION_KEY in request.session:
            is_due = time.time() - request.session.get(MOVED_ON, 0) >= EVERY
            if (is_due or hasattr(request, HAS_SIGNED_IN)) and _is_somebody_there(
                request, response
            ):
                _move_on(request.session)
        return response

    return respond


def _is_somebody_there(request: HttpRequest, response: HttpResponseBase) -> bool:
    match = request.resolver_match
    asks_by_itself = request.method == "GET" and (
        getattr(match and match.func, "is_for_scripts", False)
        or "text/event-stream" in request.headers.get("Accept", "")
    )
    return not (asks_by_itself or response.streaming)


def _move_on(session: SessionBase) -> None:
    now = time.time()
    begun = session.setdefault(BEGUN, now)
    end = min(now + settings.SESSION_IDLE_AGE, begun + settings.SESSION_COOKIE_AGE)
    session[MOVED_ON] = now
    session.set_expiry(datetime.fromtimestamp(end, UTC))
