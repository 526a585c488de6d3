"""What the ratings panel writes down when it decides discretion."""

from __future__ import annotations

from typing import Any, cast

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Field, Layout, Size, Submit
from django import forms
from django.http import QueryDict

from inspections.framework import Rating
from ratings.engine import NotRateable
from ratings.models import Discretion
from ratings.words import rated_as

FOOTNOTE_LENGTH = 400
"""Characters that fit beneath a table of the report."""

CHANGED = (
    "The computed rating changed after you opened this page: it was {before} and is now {now}. "
    "What you wrote is still here. Check the figures, choose the move again and save."
)
DECIDED = (
    "The panel’s decision on this rating changed after you opened this page. Read what stands now "
    "on this page. What you wrote is still here. Save it only if it is to take effect now."
)
UNRATED = (
    "The computed rating changed after you opened this page: it was {before} and is now {now}. "
    "There is no rating to move until it is rated again. What you wrote is still here."
)


def moves_from(rating: Rating) -> list[Rating]:
    """One band down and one up, as far as there are such bands."""
    return [other for other in Rating if abs(other - rating) == 1]


def _move_label(rating: Rating, to: Rating) -> str:
    return f"{'Up' if to > rating else 'Down'} one band, to {to.label}"


def _text(label: str, help_text: str, required: str, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": more.pop("rows", 4)}),
        error_messages={"required": required, **more.pop("error_messages", {})},
        **more,
    )


class DiscretionForm(forms.Form):
    """One decision about one rating, moved by one band from ``computed``.

    ``from_rating`` carries the rating, and ``in_place_of`` the key of the decision standing
    on it, that the panel saw when it opened the form; the action finds out whether they
    still hold.
    """

    from_rating = forms.ChoiceField(
        choices=[(rating.name, rating.label) for rating in Rating],
        widget=forms.HiddenInput,
        error_messages={
            "required": "The rating you started from is missing. Open this page again.",
            "invalid_choice": "The rating you started from is unknown. Open this page again.",
        },
    )
    in_place_of = forms.IntegerField(required=False, widget=forms.HiddenInput)
    to_rating = forms.ChoiceField(
        label="Which way does the panel move the rating?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Select which way the panel moves the rating",
            "invalid_choice": "Select one of the moves by one band",
        },
    )
    lead_view = _text(
        "Lead inspector’s view",
        "What the lead inspector told the panel.",
        "Enter the lead inspector’s view",
    )
    evidence = _text(
        "Evidence weighed",
        "The cases, documents and findings that the panel considered.",
        "Enter the evidence that the panel weighed",
    )
    reason = _text(
        "Reason",
        "Why the computed rating does not describe the work well enough.",
        "Enter the reason for the decision",
    )
    footnote = _text(
        "Footnote to print",
        "One or two sentences that stand beneath the ratings in the report.",
        "Enter the footnote to print in the report",
        max_length=FOOTNOTE_LENGTH,
        rows=3,
        error_messages={
            "max_length": "The footnote must be %(limit_value)d characters or fewer; "
            "it has %(show_value)d"
        },
    )

    def __init__(self, *args: Any, computed: Rating | NotRateable, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seen = self._rating_seen(computed)
        self._offer_moves_from(seen)
        if isinstance(seen, Rating):
            self.fields["from_rating"].initial = seen.name
        self.helper = FormHelper()
        self.helper.label_size = Size.SMALL
        self.helper.legend_size = Size.SMALL
        self.helper.layout = Layout(
            "from_rating",
            "in_place_of",
            "to_rating",
            "lead_view",
            "evidence",
            "reason",
            Field("footnote", max_characters=FOOTNOTE_LENGTH),
            Submit("save", "Save the panel’s decision"),
        )

    def _rating_seen(self, computed: Rating | NotRateable) -> Rating | NotRateable:
        """What the panel saw: as posted, or else as computed now."""
        posted = self.data.get("from_rating", "") if self.is_bound else ""
        return Rating[posted] if posted in Rating.__members__ else computed

    def _offer_moves_from(self, rating: Rating | NotRateable) -> None:
        choices = []
        if isinstance(rating, Rating):
            choices = [(to.name, _move_label(rating, to)) for to in moves_from(rating)]
        cast(forms.ChoiceField, self.fields["to_rating"]).choices = choices

    def clean_from_rating(self) -> Rating:
        return Rating[self.cleaned_data["from_rating"]]

    def clean_to_rating(self) -> Rating:
        return Rating[self.cleaned_data["to_rating"]]

    def start_again_beside(self, standing: Discretion | None) -> None:
        """Say that the decision on this rating is another by now; a next save replaces it."""
        data = cast(QueryDict, self.data).copy()
        data["in_place_of"] = "" if standing is None else str(standing.pk)
        self.data = data
        self.add_error(None, DECIDED)

    def start_again_from(self, computed: Rating | NotRateable) -> None:
        """Say that another rating is computed by now, and offer the moves from that one."""
        before = self.cleaned_data["from_rating"].label
        data = cast(QueryDict, self.data).copy()
        data.pop("to_rating", None)
        if isinstance(computed, Rating):
            data["from_rating"] = computed.name
        self.data = data
        self._offer_moves_from(computed)
        words = CHANGED if isinstance(computed, Rating) else UNRATED
        self.add_error(None, words.format(before=before, now=rated_as(computed)))
