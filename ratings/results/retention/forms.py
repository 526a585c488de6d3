"""Forms about for how long case content is kept."""

from __future__ import annotations

from typing import Any

from crispy_forms_gds.layout import Field, Fixed
from django import forms

from inspections.forms import DateInBoxes, LaidOutForm, Paragraphs
from ratings.models import FEWEST_MONTHS, MOST_MONTHS

BOUNDS = f"Enter a whole number of months from {FEWEST_MONTHS} to {MOST_MONTHS}"


class PublicationForm(LaidOutForm):
    button = "Save"
    published_date = DateInBoxes(
        label="When was the result published?",
        help_text="For example, 27 3 2026",
        not_real="The date must be a real date",
        missing="Enter when the result was published",
        past_only=True,
    )


class MonthsForm(LaidOutForm):
    button = "Save"
    months = forms.IntegerField(
        label="For how many months after publication is case content kept?",
        help_text=f"From {FEWEST_MONTHS} to {MOST_MONTHS}",
        min_value=FEWEST_MONTHS,
        max_value=MOST_MONTHS,
        error_messages={
            "required": "Enter for how many months case content is kept",
            "invalid": BOUNDS,
            "min_value": BOUNDS,
            "max_value": BOUNDS,
        },
    )
    reason = Paragraphs(
        label="Why?",
        help_text="Such as a court’s order. Name nobody whom the cases are about: the reason is "
        "kept when their content is gone.",
        max_length=2_000,
        missing="Enter why it is kept for so long",
        called="the reason",
    )

    def laid_out(self, name: str) -> Any:
        if name == "months":
            return Field.text(name, field_width=Fixed.THREE)
        return super().laid_out(name)
