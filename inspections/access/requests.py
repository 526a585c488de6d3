"""Requests of people who are signed in, and views that scripts call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest

from inspections.access.users import User

SIGN_IN_FIRST = "Sign in again: what waits on this device is sent then."

View = TypeVar("View", bound=Callable[..., Any])


class SignedInRequest(HttpRequest):
    """A request of someone who is signed in; ``LoginRequiredMiddleware`` refuses all others."""

    user: User


def for_scripts(view: View) -> View:
    """Mark a view that scripts call: signed out, it answers 401 in JSON, because a script can do
    nothing with a sign-in page (``config.middleware.LoginRequiredByDefault``)."""
    view.is_for_scripts = True  # type: ignore[attr-defined]
    return view
