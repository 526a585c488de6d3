"""Middleware of our own."""

from collections.abc import Callable
from typing import Any

from csp.middleware import CSPMiddleware
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.gzip import GZipMiddleware
from pghistory.middleware import HistoryMiddleware

from inspections.access.requests import SIGN_IN_FIRST

ONE_PACKET = 1_400
"""Bytes that fit into one packet, so compressing them gains nothing."""


class CompressPages(GZipMiddleware):
    """Compresses pages, but not streams, whose events compression would delay."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not isinstance(response, HttpResponse) or len(response.content) < ONE_PACKET:
            return response
        return super().process_response(request, response)


class ContentSecurityPolicy(CSPMiddleware):
    """As its parent, but without a policy for JSON."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if isinstance(response, JsonResponse):
            return response
        return super().process_response(request, response)


class LoginRequiredByDefault(LoginRequiredMiddleware):
    """As its parent, but answers scripts with 401 in JSON."""

    def handle_no_permission(  # type: ignore[override]  # its own always redirects
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        if getattr(view_func, "is_for_scripts", False):
            error = {"error": SIGN_IN_FIRST}
            return JsonResponse(error, status=401, headers={"Cache-Control": "no-store, private"})
        return super().handle_no_permission(request, view_func)


class HistoryOfRequests(HistoryMiddleware):
    """As its parent, but skips saves: their statement sets the person itself, and couldn't be
    prepared with another one before it."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.endswith("/saves/"):
            return self.get_response(request)
        return super().__call__(request)


def keep_no_page(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Forbid browsers to store pages of people who are signed in.

    Otherwise "back" would show them after signing out, or to the next person.
    """

    def respond(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        # Reading the user takes two queries, so responses with a Cache-Control come first.
        if "Cache-Control" not in response and request.user.is_authenticated:
            response.headers["Cache-Control"] = "no-store, private"
        return response

    return respond
