"""What a browser needs to record offline: the service worker, its fallback pages, and the list of
cases that it may keep. The scripts are in static/recording/."""

from __future__ import annotations

import json
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from cases.models import Case
from cases.permissions import RECORD
from inspections.access.devices import SIGNED_OUT, owner_of
from inspections.access.requests import SignedInRequest, for_scripts
from inspections.framework import Group
from inspections.models import Inspection, User

STATIC = Path(settings.BASE_DIR) / "static"
SHARED_ASSETS = (
    "app.js",
    "icon.svg",
    "build/app.css",
    "build/govuk-frontend.min.js",
    "build/idb.js",
)


@require_GET
@login_not_required  # a browser fetches it signed in or not; it names nobody
@never_cache
def service_worker(request: HttpRequest) -> HttpResponse:
    """The service worker, preceded by a list of this release's files.

    It is served from the root, as a worker answers only for addresses below its own.
    """
    scripts = sorted(
        f"{folder}/{path.name}"
        for folder in ("forms", "recording")
        for path in (STATIC / folder).glob("*.js")
    )
    release = {
        "ASSETS": [static(name) for name in (*SHARED_ASSETS, *scripts)],
        "PAGES": [reverse("site:offline"), reverse("site:outbox")],
        "OFFLINE": reverse("site:offline"),
        "ACCOUNTS": reverse("account_login").removesuffix("login/"),
    }
    constants = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in release.items())
    source = (STATIC / "service-worker.js").read_text()
    return HttpResponse(constants + source, content_type="text/javascript; charset=utf-8")


@require_GET
@login_not_required  # the device keeps this page without anybody's name
@never_cache  # or Safari keeps it for Back, with its hold on the storage that all pages use
def offline(request: HttpRequest) -> HttpResponse:
    """What this device keeps; shown in place of pages that can't be reached."""
    return render(request, "site/device/offline.html")


@require_GET
@login_not_required  # the device keeps this page without anybody's name
@never_cache  # or Safari keeps it for Back, with its hold on the storage that all pages use
def outbox(request: HttpRequest) -> HttpResponse:
    """The unsent saves of this device; scripts fill the page in."""
    return render(request, "site/device/outbox.html")


@require_GET
@login_not_required  # a device asks when nobody is signed in, of somebody whose it was
@never_cache
def last_owner(request: HttpRequest) -> JsonResponse:
    """Whether copies have to leave the device of the person whom the token ``of`` names: they have
    signed out in this browser, or their account is closed. Never because a session has expired."""
    person = owner_of(request.GET.get("of", ""))
    if person is None or request.user.is_authenticated:
        return JsonResponse({"leaves": False})
    is_open = User.objects.filter(pk=person, is_active=True).exists()
    return JsonResponse({"leaves": not is_open or request.session.get(SIGNED_OUT) == person})


@require_GET
@for_scripts
@never_cache
def offline_cases(request: SignedInRequest) -> JsonResponse:
    """The cases that may be on this person's device: those they may record in now.

    Each comes with the addresses of its pages, its own first; ``time`` is the server's.
    """
    user = request.user
    held = Case.objects.visible_to(user).allocated_to(user)
    # Cases of earlier inspections are not loaded.
    held = held.filter(inspection__state=Inspection.State.FIELDWORK)
    held = held.select_related("inspection__service", "allocated_to")
    cases = [
        {
            "case": case.pk,
            "inspection": case.inspection_id,
            "service": str(case.inspection.service),
            "reference": case.reference,
            "pages": _pages(case),
        }
        for case in held.prefetch_related("inspection__memberships")
        if RECORD.can(user, case)
    ]
    return JsonResponse({"user": user.pk, "time": timezone.now().isoformat(), "cases": cases})


def _pages(case: Case) -> list[str]:
    standards = case.inspection.framework.case_standards(Group(case.group))
    return [
        case.get_absolute_url(),
        reverse("cases:details", args=[case.inspection_id, case.pk]),
        *(case.record_url(standard.code) for standard in standards),
    ]
