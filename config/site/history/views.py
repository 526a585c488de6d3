"""The pages that search the record, of all inspections and of one, and the export."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_safe

from config.site.history.forms import KindForm, KindOfInspectionForm, SearchForm
from config.site.history.search import Asked, Entry, Place, search
from inspections.access.requests import SignedInRequest
from inspections.actions import record_export
from inspections.loading import load_inspection
from inspections.permissions import SEARCH_HISTORY, SEE_HISTORY, SETUP

A_PAGE = 50
A_PART = 1_000
"""Entries of an export that are asked for at once."""


@require_safe
def history(request: SignedInRequest) -> HttpResponse:
    """What is recorded, the latest first; ``?after=`` is the last entry of the page before."""
    SEARCH_HISTORY.check(request.user, SETUP)
    form = SearchForm(request.GET)
    asked = form.asked() if form.is_valid() else None
    context = _found(request, form, asked) | {"crumbs": [("Record", "")]}
    return render(request, "site/history.html", context)


@require_safe
def inspection_history(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """What is recorded of one inspection, also once its case content was removed."""
    inspection = load_inspection(request.user, inspection_id, to=SEE_HISTORY, shows_what_stays=True)
    form = KindOfInspectionForm(request.GET)
    asked = (
        Asked(inspection=inspection.pk, what=form.cleaned_data["what"]) if form.is_valid() else None
    )
    context = _found(request, form, asked) | {
        "inspection": inspection,
        "crumbs": [("History", "")],
    }
    return render(request, "site/inspection_history.html", context)


def _found(request: SignedInRequest, form: KindForm, asked: Asked | None) -> dict[str, Any]:
    """A page of what is ``asked`` for; ``None`` asks for nothing."""
    after = Place.read(request.GET.get("after", ""))
    found = asked and search(asked, after, most=A_PAGE)
    entered = form.entered()
    further = found and found.further
    return {
        "form": form,
        "entries": found and found.entries,
        "entered": urlencode(entered),
        "has_entered": bool(entered),
        "is_later_page": after is not None,
        "further": further and urlencode(entered | {"after": str(further)}),
    }


@require_GET
def export(request: SignedInRequest) -> StreamingHttpResponse:
    """All that is found, as CSV. It is recorded before the first line is sent, with what was
    searched for."""
    SEARCH_HISTORY.check(request.user, SETUP)
    form = SearchForm(request.GET)
    if not form.is_valid():
        raise BadRequest("The page of the search says what is wrong with it.")
    asked, now = form.asked(), timezone.now()
    # It would not end on a service in use.
    until = now if asked.until is None else min(asked.until, now)
    record_export(asked=form.entered(), by=request.user)
    name = f"record-{timezone.localtime(now):%Y-%m-%d-%H%M}.csv"
    return StreamingHttpResponse(
        lines(replace(asked, until=until)),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store, private",
        },
    )


HEADER = ("When", "Who", "What", "Inspection", "Inspection number", "Case", "Network address")


def lines(asked: Asked) -> Iterator[str]:
    """The lines of the file, read part by part."""
    # Spreadsheets take a file for UTF-8 by its first character.
    yield "\ufeff" + _line(HEADER)
    after: Place | None = None
    while True:
        found = search(asked, after, most=A_PART)
        yield "".join(_line(_cells(entry)) for entry in found.entries)
        if found.further is None:
            return
        after = found.further


def _cells(entry: Entry) -> tuple[str, ...]:
    return (
        timezone.localtime(entry.at).isoformat(timespec="seconds"),
        entry.who,
        entry.what,
        entry.inspection,
        str(entry.inspection_id or ""),
        entry.case,
        entry.client,
    )


def _line(cells: tuple[str, ...]) -> str:
    written = StringIO()
    csv.writer(written).writerow([_no_formula(cell) for cell in cells])
    return written.getvalue()


def _no_formula(cell: str) -> str:
    """A spreadsheet would run what begins like this; names and references are typed by people."""
    return f"'{cell}" if cell.lstrip().startswith(("=", "+", "-", "@", "\t", "\r")) else cell
