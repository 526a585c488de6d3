"""Requests of people who are signed in, and views that scripts call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest, QueryDict
from django.views.decorators.http import require_http_methods

from inspections.access.users import User

SIGN_IN_FIRST = "Sign in again: what waits on this device is sent then."

View = TypeVar("View", bound=Callable[..., Any])


class SignedInRequest(HttpRequest):
    """A request of someone who is signed in; ``LoginRequiredMiddleware`` refuses all others."""

    user: User


accepts_form = require_http_methods(["GET", "HEAD", "POST"])


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: nothing unless it was sent."""
    return request.POST if request.method == "POST" else None


def for_scripts(view: View) -> View:
    """Mark a view that scripts call: signed out, it answers 401 in JSON, because a script can do
    nothing with a sign-in page (``config.middleware.LoginRequiredByDefault``)."""
    view.is_for_scripts = True  # type: ignore[attr-defined]
    return view
