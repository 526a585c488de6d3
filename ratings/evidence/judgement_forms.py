"""What the lead inspector sends about an inspection, and whether it can be."""

from __future__ import annotations

from typing import Any

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Field, Layout, Size
from django import forms

from inspections.framework import Rating
from ratings.models import RatingChoice

LONGEST_RATIONALE = 20_000


class JudgementForm(forms.Form):
    """A rating of a qualitative standard and why; ``base_version`` is the version seen."""

    rating = forms.ChoiceField(
        label="Rating",
        choices=list(reversed(RatingChoice.choices)),
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose a rating.",
            "invalid_choice": "Choose one of the four ratings.",
        },
    )
    rationale = forms.CharField(
        label="Rationale",
        help_text="What the evidence shows, key question by key question, and why it comes to "
        "this rating.",
        max_length=LONGEST_RATIONALE,
        widget=forms.Textarea,
        error_messages={
            "required": "Enter the rationale for this rating.",
            "max_length": "Shorten the rationale to %(limit_value)d characters. "
            "It has %(show_value)d.",
        },
    )
    base_version = forms.IntegerField(
        min_value=0,
        max_value=2_147_483_647,
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            "base_version",
            Field.radios("rating", legend_size=Size.SMALL),
            Field.textarea("rationale", label_size=Size.SMALL, rows=12),
        )

    def clean_rationale(self) -> str:
        rationale: str = self.cleaned_data["rationale"]
        return rationale.replace("\r\n", "\n")

    @property
    def rating_chosen(self) -> Rating:
        """The rating; once valid."""
        return Rating[self.cleaned_data["rating"]]
