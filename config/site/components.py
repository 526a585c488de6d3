"""A page that shows every component, for developers; only with DEBUG."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from inspections.changes import Entry, FieldChange
from inspections.framework import Rating
from inspections.versions import Difference
from inspections.words import Tag

AT = datetime(2026, 3, 12, 14, 2, tzinfo=UTC)


class ExampleForm(forms.Form):
    email = forms.EmailField(label="Email address")


def components(request: HttpRequest) -> HttpResponse:
    if not settings.DEBUG:
        raise Http404
    form = ExampleForm({})
    form.is_valid()
    context = {
        "form": form,
        "crumbs": [("Cases", "#"), ("C-01", "")],
        "page": Paginator(range(100), 10).get_page(4),
        "ratings": list(Rating),
        "statuses": [Tag(colour.capitalize(), colour) for colour in ("blue", "green", "red")],
        "message": SimpleNamespace(level_tag="success"),
        "differences": [Difference("Note", "Seen in the file.", "Not in the file.")],
        "changes": [
            Entry(
                AT,
                "Ada Inspector",
                "Judgement of 1.1",
                "Changed",
                (FieldChange("Rating", "Good", "Outstanding"),),
            )
        ],
        "at": AT,
        "rows": [{"key": "Framework", "value": "2021 framework"}],
    }
    return render(request, "site/components.html", context)
