"""Middleware of our own."""

from collections.abc import Callable
from typing import Any

from csp.middleware import CSPMiddleware
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

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


class SignedInUnlessSaid(LoginRequiredMiddleware):
    """As its parent, but asks who is signed in only where that matters."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., Any],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


class ContentSecurityPolicy(CSPMiddleware):
    """As its parent, but composes no policy for what is exempt from it."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if getattr(response, "_csp_exempt", False):
            return response
        return super().process_response(request, response)


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
