"""What views are told about who sends a request, and what they say about who may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest

from inspections.access.users import User

SIGN_IN_FIRST = "Sign in again: what waits on this device is sent then."

View = TypeVar("View", bound=Callable[..., Any])


class SignedInRequest(HttpRequest):
    """A request of someone who is signed in: ``LoginRequiredMiddleware`` lets no other through."""

    user: User


def for_scripts(view: View) -> View:
    """Mark a view that scripts call: whoever is signed out is told 401 in JSON, as a script can
    do nothing with a sign-in page (``config.middleware.LoginRequiredByDefault``)."""
    view.is_for_scripts = True  # type: ignore[attr-defined]
    return view
