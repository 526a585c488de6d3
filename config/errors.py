"""The pages for when a request could not even be read, or the service itself failed.

They are rendered without the request: whatever went wrong, these pages must not need it.
"""

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseServerError,
)
from django.template.loader import render_to_string


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponseBadRequest(_page("400.html"))


def server_error(request: HttpRequest) -> HttpResponse:
    return HttpResponseServerError(_page("500.html"))


def _page(template: str) -> str:
    return render_to_string(template, {"service_name": settings.SERVICE_NAME})
