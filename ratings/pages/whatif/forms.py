"""The counts and ratings to try out, checked against what is inspected."""

from __future__ import annotations

from typing import Any

from django import forms

from inspections.framework import Rating, Standard
from ratings.engine import KeyQuestionRating, NotRateable, StandardRating
from ratings.pages.whatif.changes import Changes
from ratings.service import RatedInspection

RATINGS = [(rating.name, rating.label) for rating in sorted(Rating, reverse=True)]


class WhatIfForm(forms.Form):
    """Every count and every rating of an inspection; what isn't sent is as recorded.

    Fields are named ``rating-2.1``, ``yes-2.1.1`` and ``no-2.1.1``. An empty rating is
    the recorded one or, for a standard rated from cases, the one its counts give.
    """

    use_required_attribute = False

    def __init__(self, sent: Any, rated: RatedInspection) -> None:
        self.rated = rated
        fields: dict[str, forms.Field] = {}
        for standard in rated.outcome.standards:
            if may_set(rated, standard.standard):
                fields[f"rating-{standard.code}"] = _rating_field(standard)
            for question in standard.key_questions:
                if question.tally.inspected:
                    fields[f"yes-{question.code}"] = _count_field(question, "Yes")
                    fields[f"no-{question.code}"] = _count_field(question, "No")
        recorded = {name: field.initial for name, field in fields.items()}
        known = {name: value for name, value in sent.items() if name in fields}
        super().__init__(recorded | known)
        self.fields = fields

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for code, question in self.rated.outcome.key_questions_by_code.items():
            yes, no = data.get(f"yes-{code}"), data.get(f"no-{code}")
            inspected = question.tally.inspected
            if yes is not None and no is not None and yes + no > inspected:
                self.add_error(
                    f"yes-{code}",
                    f"Yes and No of {code} must be {inspected} or fewer together, the inspected "
                    f"cases; they are {yes + no}",
                )
        return data

    @property
    def changes(self) -> Changes:
        """What differs from the record; what is wrong counts as not changed."""
        tallies = self.rated.outcome.key_questions_by_code
        counts = {}
        for code, question in tallies.items():
            yes = self.cleaned_data.get(f"yes-{code}")
            no = self.cleaned_data.get(f"no-{code}")
            recorded = (question.tally.yes, question.tally.no)
            if yes is not None and no is not None and (yes, no) != recorded:
                counts[code] = (yes, no)
        ratings = {
            name.removeprefix("rating-"): Rating[value]
            for name, value in self.cleaned_data.items()
            if name.startswith("rating-") and value
        }
        return Changes(counts, ratings)


def may_set(rated: RatedInspection, standard: Standard) -> bool:
    """A standard that no inspected case bears on stays unrated, whatever one wishes."""
    needs = standard.needs_cases_of
    return needs is None or rated.inspected.get(needs) != 0


def _rating_field(standard: StandardRating) -> forms.Field:
    if standard.standard.is_qualitative:
        recorded = standard.decided
        as_it_is = "Not judged" if isinstance(recorded, NotRateable) else "As recorded"
    else:
        as_it_is = "From its counts"
    return forms.ChoiceField(
        label=f"Rating of {standard.code} {standard.standard.name}",
        choices=[("", as_it_is), *RATINGS],
        required=False,
        initial="",
        widget=forms.Select(attrs={"class": "govuk-select app-what-if__select"}),
        error_messages={"invalid_choice": f"Select one of the ratings for {standard.code}"},
    )


def _count_field(question: KeyQuestionRating, answer: str) -> forms.Field:
    wrong = (
        f"{answer} of {question.code} must be a whole number from 0 to {question.tally.inspected}"
    )
    return forms.IntegerField(
        label=f"{answer} of {question.code}",
        min_value=0,
        max_value=question.tally.inspected,
        initial=question.tally.yes if answer == "Yes" else question.tally.no,
        widget=forms.TextInput(
            attrs={
                "class": "govuk-input govuk-input--width-3",
                "inputmode": "numeric",
                "autocomplete": "off",
            }
        ),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
    )
