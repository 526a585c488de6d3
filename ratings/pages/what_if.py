"""What if: the outcome of other counts and ratings, by the same rules.

Nothing is stored: the page's URL has the values that are tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from inspections.access.requests import SignedInRequest
from inspections.framework import Rating, Standard
from ratings.engine import KeyQuestionRating, Outcome, StandardRating, Tally, add_up, rate
from ratings.service import RatedInspection, move_of, rate_inspection
from ratings.unrated import load_rated, says_if_unrated
from ratings.words import counted, listed, rating_label

RATINGS = [(rating.name, rating.label) for rating in sorted(Rating, reverse=True)]


@require_safe
@says_if_unrated
def what_if(request: SignedInRequest, inspection_id: int) -> HttpResponse:
    """The page for everyone who may see the ratings."""
    inspection = load_rated(request.user, inspection_id)
    rated = rate_inspection(inspection)
    form = WhatIfForm(request.GET.dict(), rated)
    form.is_valid()
    result = rate_with(rated, form.changes)
    return render(
        request,
        "ratings/what_if.html",
        {
            "form": form,
            "result": result,
            "standards": list(form.standards(result)),
            "inspection": inspection,
            "crumbs": [
                ("Ratings", reverse("ratings:ratings", args=[inspection.pk])),
                ("What if", ""),
            ],
        },
    )


@dataclass(frozen=True)
class Changes:
    """``counts`` holds Yes and No by key question; ``ratings`` those set by standard."""

    counts: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    ratings: Mapping[str, Rating] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.counts or self.ratings)


@dataclass(frozen=True)
class WhatIfResult:
    """The outcome of the record beside that of the record with ``changes``."""

    recorded: Outcome
    outcome: Outcome
    changes: Changes

    def differences(self) -> Iterator[str]:
        """What would differ, in sentences."""
        recorded, outcome = self.recorded, self.outcome
        if not self.changes:
            yield "Nothing is changed."
            return
        if outcome.score is None:
            still = "still " if recorded.score is None else ""
            missing = listed(outcome.missing)
            yield f"There would {still}be no score: not rated would be {missing}."
        else:
            yield _difference(recorded.score, outcome.score)
            if outcome.overall == recorded.overall:
                yield "The overall rating would stay as it is."
            else:
                before, after = rating_label(recorded.overall), rating_label(outcome.overall)
                yield f"The overall rating would be {after}, not {before}."
        if outcome.limit is not None:
            standard = outcome.edition.standards_by_code[outcome.limit.standard]
            yield (
                f"{standard.code} {standard.name} would hold it at "
                f"{outcome.limit.overall_at_most.label} (limiting judgement)."
            )
        already = {move.target for move in recorded.stale}
        for move in outcome.stale:
            if move.target not in already:
                yield f"The panel’s decision on {move.target} would no longer apply."


def rate_with(rated: RatedInspection, changes: Changes) -> WhatIfResult:
    """Rate the inspection as if ``changes`` were recorded.

    The panel's decisions apply if they start from the computed rating. A rating set for a standard
    replaces its judgement, its counts and its decision.
    """
    edition = rated.outcome.edition
    outcome = rate(
        edition,
        _tallies(rated.outcome, changes),
        rated.inspected,
        {code: Rating[row.rating] for code, row in rated.judgements.items()},
        [
            move_of(row)
            for (standard, _), row in rated.discretions.items()
            if standard not in changes.ratings
        ],
    )
    standards = tuple(
        replace(one, computed=changes.ratings[one.code], decided=changes.ratings[one.code])
        if one.code in changes.ratings
        else one
        for one in outcome.standards
    )
    return WhatIfResult(rated.outcome, add_up(edition, standards), changes)


def _tallies(outcome: Outcome, changes: Changes) -> dict[str, Tally]:
    tallies = {code: found.tally for code, found in outcome.prompts_by_code.items()}
    for code, question in outcome.key_questions_by_code.items():
        tally = question.tally
        if code in changes.counts:
            yes, no = changes.counts[code]
            # Not applicable is reduced only if the new answers need its cases.
            not_applicable = min(tally.not_applicable, tally.inspected - yes - no)
            tally = Tally(yes, no, not_applicable, tally.inspected - yes - no - not_applicable)
        tallies[code] = tally
    return tallies


def _difference(recorded: int | None, tried: int) -> str:
    if recorded is None:
        return f"There would be a score of {tried}; the record has none."
    if tried == recorded:
        return "The score would stay as it is."
    way = "higher" if tried > recorded else "lower"
    return f"The score would be {counted(abs(tried - recorded), 'point')} {way}."


@dataclass(frozen=True)
class KeyQuestionFields:
    """The fields of a key question's counts, with its recorded and its tried figures."""

    recorded: KeyQuestionRating
    tried: KeyQuestionRating
    yes: BoundField
    no: BoundField

    @property
    def errors(self) -> list[str]:
        return [*self.yes.errors, *self.no.errors]

    @property
    def changed(self) -> bool:
        return self.recorded.tally.percent != self.tried.tally.percent


@dataclass(frozen=True)
class StandardFields:
    """The same for a standard; ``rating`` is the field that sets its rating, if possible."""

    recorded: StandardRating
    tried: StandardRating
    rating: BoundField | None
    key_questions: tuple[KeyQuestionFields, ...]

    @property
    def changed(self) -> bool:
        return rating_label(self.recorded.decided) != rating_label(self.tried.decided)

    @property
    def is_open(self) -> bool:
        """Whether its counts are shown unfolded."""
        return any(question.errors or question.changed for question in self.key_questions)


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
        """What differs from the record; invalid fields count as not changed."""
        counts = {}
        for code, question in self.rated.outcome.key_questions_by_code.items():
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

    def standards(self, result: WhatIfResult) -> Iterator[StandardFields]:
        """The fields, with the recorded and the tried outcome."""
        for recorded, tried in zip(
            result.recorded.standards, result.outcome.standards, strict=True
        ):
            name = f"rating-{recorded.code}"
            yield StandardFields(
                recorded,
                tried,
                self[name] if name in self.fields else None,
                tuple(
                    KeyQuestionFields(before, after, self[f"yes-{code}"], self[f"no-{code}"])
                    for before, after in zip(
                        recorded.key_questions, tried.key_questions, strict=True
                    )
                    for code in [before.code]
                    if before.tally.inspected
                ),
            )


def may_set(rated: RatedInspection, standard: Standard) -> bool:
    """Whether a standard's rating can be set: not if it needs cases and none is inspected."""
    needs = standard.needs_cases_of
    return needs is None or rated.inspected.get(needs) != 0


def _rating_field(standard: StandardRating) -> forms.Field:
    if not standard.standard.is_qualitative:
        as_it_is = "From its counts"
    else:
        as_it_is = "As recorded" if isinstance(standard.decided, Rating) else "Not judged"
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
