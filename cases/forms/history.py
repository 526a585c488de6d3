from __future__ import annotations

from collections.abc import Sequence

from django import forms

from cases.history import DETAILS, STEPS


class HistoryFilterForm(forms.Form):
    """Which part of a case's history to list. What makes no sense filters nothing."""

    part = forms.ChoiceField(
        required=False,
        label="Show",
        widget=forms.Select(attrs={"class": "govuk-select"}),
    )

    def __init__(self, *args: object, questions: Sequence[str]) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.fields["part"].choices = [  # type: ignore[attr-defined]
            ("", "Everything"),
            (DETAILS, "Details"),
            (STEPS, "Steps and comments on the case"),
            *((code, f"Question {code}") for code in questions),
        ]

    @property
    def chosen(self) -> str:
        return str(self.cleaned_data.get("part", "")) if self.is_valid() else ""
