"""What a public body has to say of its service: accessibility, personal data, cookies.

Nobody has to sign in to read it. What only the operator knows comes from settings.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from config.site import kept_on_devices
from inspections.access import kept_forms, sent_forms


@require_GET
@login_not_required  # the law wants it read by everybody; it names the operator alone
def accessibility(request: HttpRequest) -> HttpResponse:
    return _statement(request, "accessibility")


@require_GET
@login_not_required  # children, families and services read it too, who have no account
def privacy(request: HttpRequest) -> HttpResponse:
    return _statement(
        request,
        "privacy",
        months=settings.CASE_CONTENT_MONTHS,
        form_hours=kept_forms.KEPT_FOR.total_seconds() // 3600,
        form_days=sent_forms.KEPT_FOR.days,
    )


@require_GET
@login_not_required  # it says what is put on a device before anybody signs in
def cookies(request: HttpRequest) -> HttpResponse:
    return _statement(
        request,
        "cookies",
        cookies=kept_on_devices.cookies(),
        database=kept_on_devices.DATABASE,
        caches=kept_on_devices.CACHES,
        settings_kept=kept_on_devices.SETTINGS,
        of_administration=kept_on_devices.OF_ADMINISTRATION,
    )


def _statement(request: HttpRequest, name: str, **context: object) -> HttpResponse:
    context["operator"] = settings.OPERATOR
    return render(request, f"site/statements/{name}.html", context)
