"""What every page of findings and evidence loads first, or answers 404; and what was not saved."""

from __future__ import annotations

from dataclasses import dataclass

from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from inspections.access.requests import SignedInRequest
from inspections.framework import KeyQuestion, Standard
from inspections.models import Inspection, User


@dataclass(frozen=True)
class About:
    """A key question of a qualitative standard, in one inspection."""

    inspection: Inspection
    standard: Standard
    question: KeyQuestion

    @property
    def address(self) -> str:
        return reverse("ratings:key_question", args=[self.inspection.pk, self.question.code])

    def crumbs(self, *further: str) -> list[tuple[str, str]]:
        """The way to the key question's page, or to a page beyond it."""
        return [
            ("Evidence", reverse("ratings:evidence", args=[self.inspection.pk])),
            (f"Key question {self.question.code}", self.address),
            *((name, "") for name in further),
        ]


def load_inspection(user: User, inspection_id: int) -> Inspection:
    """For those on the inspection; raises ``Http404`` for all others."""
    visible = Inspection.objects.visible_to(user).select_related("service")
    return get_object_or_404(visible, pk=inspection_id)


def about(inspection: Inspection, code: str) -> About:
    """Raises ``Http404`` unless ``code`` is a key question of a qualitative standard."""
    edition = inspection.framework
    standard = edition.standard_of_question.get(code)
    question = edition.key_questions_by_code.get(code)
    if standard is None or question is None or not standard.is_qualitative:
        raise Http404
    return About(inspection, standard, question)


def not_saved(
    request: SignedInRequest,
    inspection: Inspection,
    reason: str,
    form: BaseForm,
    *,
    status: int = 403,
) -> HttpResponse:
    """Why what was sent can't be saved, with all that was typed, to be copied."""
    typed = [
        {"key": field.label, "value": value}
        for field in form.visible_fields()
        if isinstance(value := field.value(), str) and value.strip()
    ]
    context = {
        "inspection": inspection,
        "reason": reason,
        "typed": typed,
        "crumbs": [("Evidence", reverse("ratings:evidence", args=[inspection.pk]))],
    }
    return render(request, "ratings/evidence/not_saved.html", context, status=status)
