"""Versions of the records that administrators edit, and the conflicts between their changes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from inspections.history import events_of
from inspections.models import User
from inspections.versions import differences_of, digest

CHANGED_SINCE = (
    "Nothing is saved yet: somebody changed this after you opened it. What you entered is still "
    "here. Compare the two, change what you want to take over, and save again."
)


class CheckedForm(forms.ModelForm):
    """A form that isn't valid while there is a ``problem``, so that the page shows it again."""

    problem = ""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.problem:
            raise forms.ValidationError(self.problem)
        return cleaned


class ForVersions(admin.ModelAdmin):
    """The page of one record that several administrators edit.

    It carries a version, a digest of what can be changed on it. If that isn't the current one any
    more, nothing is saved: the page shows both, and saving again replaces what is known by then.
    """

    form = CheckedForm
    versioned: tuple[str, ...] = ()
    """The fields that can be changed."""

    def current_version(self, obj: Any) -> str:
        return digest(getattr(obj, field) for field in self.versioned)

    def get_form(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        form: Any = super().get_form(request, *args, **options)
        form.problem = getattr(request, "problem", "")
        return form

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        with transaction.atomic():
            obj = self._locked(request, object_id)
            context = {"version": self.current_version(obj) if obj else "", **(extra_context or {})}
            request.problem = ""  # type: ignore[attr-defined]
            sent = request.POST.get("base_version", "") if request.method == "POST" else None
            if obj and sent is not None and sent != context["version"]:
                request.problem = CHANGED_SINCE  # type: ignore[attr-defined]
                context |= {"stale": obj, **self._latest_change(obj)}
            return super().changeform_view(request, object_id, form_url, context)

    def _locked(self, request: HttpRequest, object_id: str | None) -> Any:
        if object_id is None:
            return None
        known = self.get_object(request, unquote(object_id))
        if known is None or request.method != "POST":
            return known
        return type(known).objects.select_for_update(of=("self",)).get(pk=known.pk)

    def _latest_change(self, obj: Any) -> dict[str, Any]:
        """Who changed the record last, and when."""
        event = events_of(type(obj)).filter(pgh_obj=obj.pk).order_by("-pgh_id").first()
        if event is None:
            return {}
        by = (event.pgh_context or {}).get("user", 0)
        return {"who": User.objects.filter(pk=by).first(), "at": event.pgh_created_at}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        if context.get("stale"):
            context["differences"] = differences_of(context["adminform"].form)
            context["keep_href"] = request.path
        return super().render_change_form(request, context, *args, **options)
