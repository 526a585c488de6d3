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
"""Bytes that the network carries in one go, compressed or not."""


class CompressPages(GZipMiddleware):
    """Compresses pages, but not streams: compressing one would hold its events back."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not isinstance(response, HttpResponse) or len(response.content) < ONE_PACKET:
            return response
        return super().process_response(request, response)


class ContentSecurityPolicy(CSPMiddleware):
    """As its parent, but composes no policy for JSON, which is no page."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if isinstance(response, JsonResponse):
            return response
        return super().process_response(request, response)


class LoginRequiredByDefault(LoginRequiredMiddleware):
    """As its parent, but tells scripts in JSON that nobody is signed in."""

    def handle_no_permission(  # type: ignore[override]  # its own always redirects
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        if getattr(view_func, "is_for_scripts", False):
            error = {"error": SIGN_IN_FIRST}
            return JsonResponse(error, status=401, headers={"Cache-Control": "no-store, private"})
        return super().handle_no_permission(request, view_func)


class HistoryOfRequests(HistoryMiddleware):
    """As its parent, but leaves out saves, whose statement itself says who makes them: with
    another put before it, it couldn't be prepared."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.endswith("/saves/"):
            return self.get_response(request)
        return super().__call__(request)


def keep_no_page(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Tells browsers to keep no page of somebody who is signed in.

    Otherwise "back" would show it after they have signed out, or to the next person.
    """

    def respond(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        # Asking who it is takes two queries; what says for itself how it is kept needs none.
        if "Cache-Control" not in response and request.user.is_authenticated:
            response.headers["Cache-Control"] = "no-store, private"
        return response

    return respond
