"""What pages share: their context, and the pages of errors."""

import sys

import psycopg
from django.conf import settings
from django.db import Error
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseServerError,
    JsonResponse,
)
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.views.defaults import permission_denied
from psycopg_pool import PoolTimeout

from inspections.access.kept_forms import refused_rows
from inspections.loading import ContentRemoved

BUSY = (psycopg.errors.LockNotAvailable, psycopg.errors.QueryCanceled, PoolTimeout)
"""What waited for a lock, a statement or a connection, and gave up, having saved nothing."""
BUSY_WORDS = "The service is busy and nothing was saved. It is sent again in a moment."
SECONDS_UNTIL_AGAIN = 5


def service(request: HttpRequest | None = None) -> dict[str, str]:
    """Context for every template."""
    return {"service_name": settings.SERVICE_NAME}


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What was removed, because it need not be kept, is gone, and the page says by what rule."""
    if not isinstance(exception, ContentRemoved):
        return permission_denied(request, exception)
    context = {"inspection": exception.inspection, "certificate": exception.inspection.certificate}
    return render(request, "removed.html", context, status=410)


# These are rendered without the request: it couldn't be read, or the service itself failed. What
# was entered is taken from it if it can be read; that asks neither session nor database.


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponseBadRequest(render_to_string("400.html", _what_was_sent(request)))


def server_error(request: HttpRequest) -> HttpResponse:
    """Django calls this while it handles the error."""
    error = sys.exception()
    if isinstance(error, Error) and isinstance(error.__cause__, BUSY):
        return _busy(request)
    return HttpResponseServerError(render_to_string("500.html", _what_was_sent(request)))


def _busy(request: HttpRequest) -> HttpResponse:
    """In words, with what was entered; scripts, which send it again, get JSON."""
    headers = {"Retry-After": str(SECONDS_UNTIL_AGAIN), "Cache-Control": "no-store"}
    if _is_for_scripts(request):
        return JsonResponse({"error": BUSY_WORDS}, status=503, headers=headers)
    context = {**_what_was_sent(request), "was_sent": request.method == "POST"}
    return HttpResponse(render_to_string("503.html", context), status=503, headers=headers)


def _is_for_scripts(request: HttpRequest) -> bool:
    try:
        match = request.resolver_match or resolve(request.path_info)
    except Resolver404:
        return False
    return getattr(match.func, "is_for_scripts", False)


def _what_was_sent(request: HttpRequest) -> dict[str, object]:
    return {**service(), "rows": refused_rows(request)}
