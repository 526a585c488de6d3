"""What pages share: their context, the error pages, and how a refusal is logged."""

import logging

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseServerError,
)
from django.template.loader import render_to_string


def service(request: HttpRequest | None = None) -> dict[str, str]:
    """Context for every template."""
    return {"service_name": settings.SERVICE_NAME}


# These are rendered without the request: it couldn't be read, or the service itself failed.


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponseBadRequest(render_to_string("400.html", service()))


def server_error(request: HttpRequest) -> HttpResponse:
    return HttpResponseServerError(render_to_string("500.html", service()))


def without_traceback(record: logging.LogRecord) -> bool:
    """Log a refusal in one line without a traceback: it is not an error of the service."""
    if record.exc_info and isinstance(record.exc_info[1], PermissionDenied):
        record.exc_info = None
    return True
