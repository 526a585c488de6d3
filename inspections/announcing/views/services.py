"""The list of services, which administrators keep."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from inspections.access.requests import SignedInRequest, accepts_form, posted
from inspections.announcing import actions
from inspections.announcing.forms.services import ServiceFilter, ServiceForm
from inspections.announcing.history import changes_of_service
from inspections.forms import VersionForm
from inspections.models import Service, User
from inspections.permissions import KEEP_SERVICES, SETUP
from inspections.versions import Conflict, based_on, differences

SERVICES_A_PAGE = 50


@require_safe
def services(request: SignedInRequest) -> HttpResponse:
    KEEP_SERVICES.check(request.user, SETUP)
    form = ServiceFilter(request.GET)
    known = Service.objects.all()
    if text := form.asked.get("name"):
        known = known.like(text)
    # Whatever counts rows leaves the model's own ordering out.
    ordering: Any = Service._meta.ordering
    counted = known.annotate(number=Count("inspections")).order_by(*ordering)
    page = Paginator(counted, SERVICES_A_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "crumbs": [("Services", "")]}
    return render(request, "inspections/announcing/services.html", context)


@require_safe
def service(request: SignedInRequest, service_id: int) -> HttpResponse:
    """One service: where it is written to, and its inspections."""
    KEEP_SERVICES.check(request.user, SETUP)
    found = get_object_or_404(Service, pk=service_id)
    context = {
        "service": found,
        "inspections": found.inspections.with_team(),
        "changes": changes_of_service(found),
        "crumbs": _crumbs(found),
    }
    return render(request, "inspections/announcing/service.html", context)


@accepts_form
def add(request: SignedInRequest) -> HttpResponse:
    KEEP_SERVICES.check(request.user, SETUP)
    form = ServiceForm(posted(request), service=Service(version=0))
    if form.is_valid():
        try:
            added = actions.add_service(**form.service(), by=request.user)
        except actions.NameTaken:
            form.refuse_name()
        else:
            messages.success(request, f"{added} is added.")
            return redirect("inspections:service", added.pk)
    context = {"form": form, "crumbs": [*_crumbs(), ("Add a service", "")]}
    return render(request, "inspections/announcing/edit_service.html", context)


@accepts_form
def change(request: SignedInRequest, service_id: int) -> HttpResponse:
    KEEP_SERVICES.check(request.user, SETUP)
    found = get_object_or_404(Service, pk=service_id)
    form = ServiceForm(posted(request), service=found)
    context: dict[str, Any] = {}
    if form.is_valid():
        version = form.cleaned_data["base_version"]
        try:
            actions.change_service(
                service=found, base_version=version, by=request.user, **form.service()
            )
        except actions.NameTaken:
            form.refuse_name()
        except Conflict as conflict:
            found = conflict.current or found
            form = ServiceForm(based_on(found, request.POST), service=found)
            context = {"conflict": found, "differences": differences(form)}
        else:
            messages.success(request, "The service is saved.")
            return redirect("inspections:service", found.pk)
    context |= {"form": form, "service": found, "crumbs": [*_crumbs(found), ("Change", "")]}
    status = 409 if "conflict" in context else 200
    return render(request, "inspections/announcing/edit_service.html", context, status=status)


@accepts_form
def remove(request: SignedInRequest, service_id: int) -> HttpResponse:
    """A confirmation page; a service that has an inspection stays."""
    KEEP_SERVICES.check(request.user, SETUP)
    found = get_object_or_404(Service, pk=service_id)
    form = VersionForm(posted(request))
    was_changed, holds = False, ""
    if form.is_valid():
        version = form.cleaned_data["base_version"]
        try:
            actions.remove_service(service=found, base_version=version, by=request.user)
        except Conflict as conflict:
            was_changed, found = True, conflict.current or found
        except actions.HoldsRecords as refusal:
            holds = str(refusal)
        else:
            messages.success(request, f"{found} is removed.")
            return redirect("inspections:services")
    context = {
        "service": found,
        "was_changed": was_changed,
        "holds": holds or found.inspections.exists(),
        "lends": User.objects.filter(home_service=found).exists(),
        "crumbs": [*_crumbs(found), ("Remove", "")],
    }
    status = 409 if was_changed or holds else 200
    return render(request, "inspections/announcing/remove_service.html", context, status=status)


def _crumbs(service: Service | None = None) -> list[tuple[str, str]]:
    way = [("Services", reverse("inspections:services"))]
    if service is not None:
        way.append((str(service), reverse("inspections:service", args=[service.pk])))
    return way
