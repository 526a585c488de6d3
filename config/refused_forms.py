"""Forms that came from a page of an earlier session."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.csrf import csrf_failure

from inspections.access.kept_forms import keep_form

SIGN_IN_PAGES = {"account_login", "mfa_authenticate", "mfa_login_webauthn"}


def expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is of an earlier session: its person signed in or out since.

    What was entered is kept for them. Whoever is signed in, in another tab, needs no sign-in page.
    """
    if request.resolver_match and not getattr(request.resolver_match.func, "is_for_scripts", False):
        if request.resolver_match.view_name in SIGN_IN_PAGES and request.user.is_authenticated:
            return redirect(_where_they_were_going(request))
        if (response := keep_until_signed_in(request)) is not None:
            return response
    return csrf_failure(request, reason)


def _where_they_were_going(request: HttpRequest) -> str:
    asked = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME, "")
    is_ours = url_has_allowed_host_and_scheme(
        asked, {request.get_host()}, require_https=request.is_secure()
    )
    return asked if is_ours else settings.LOGIN_REDIRECT_URL


def keep_until_signed_in(request: HttpRequest) -> HttpResponse | None:
    """Keep what was sent; leads to where it can be sent, after signing in if need be."""
    if request.method != "POST" or keep_form(request) is None:
        return None
    page = reverse("site:not-sent")
    if request.user.is_authenticated:
        return redirect(page)
    messages.warning(
        request,
        "What you entered is not saved yet, because you are not signed in any more. "
        "It is kept for 2 hours. Sign in to send it.",
    )
    return redirect_to_login(page)
