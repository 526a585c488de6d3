"""The kind of request that every page but the sign-in pages gets."""

from __future__ import annotations

from django.http import HttpRequest

from inspections.models import User


class SignedInRequest(HttpRequest):
    """A request of someone who is signed in: ``LoginRequiredMiddleware`` lets no other through."""

    user: User
