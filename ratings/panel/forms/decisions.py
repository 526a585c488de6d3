"""Forms of the panel's decisions."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.http import QueryDict

from inspections.forms import LaidOutForm, Paragraphs
from inspections.framework import Rating
from inspections.versions import Difference, differences
from ratings.engine import NotRateable
from ratings.models import Discretion
from ratings.panel.decisions import moves_from
from ratings.panel.forms.meetings import LONGEST_TEXT
from ratings.words import rated_as

LONGEST_FOOTNOTE = 400
"""Characters of a footnote below a table of the report."""

RATING_CHANGED = (
    "The computed rating changed after you opened this page: it was {before} and is now {now}. "
    "What you wrote is still here. Check the figures, choose the move again and save."
)
UNRATED = (
    "The computed rating changed after you opened this page: it was {before} and is now {now}. "
    "There is no rating to move until it is rated again. What you wrote is still here."
)
WITHDRAWN = (
    "The panel’s decision on this rating was withdrawn after you opened this page. "
    "What you wrote is still here. Save it only if it is to take effect now."
)


class DiscretionForm(LaidOutForm):
    """One decision about one rating, moved by one band from ``computed``.

    ``from_rating`` is the rating, and ``in_place_of`` the key of the current decision on it, that
    the panel saw when it opened the form; the action checks that they are still current.
    """

    button = "Save the panel’s decision"
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
    lead_view = Paragraphs(
        label="Lead inspector’s view",
        help_text="What the lead inspector told the panel.",
        missing="Enter the lead inspector’s view",
        rows=3,
    )
    evidence = Paragraphs(
        label="Evidence weighed",
        help_text="The cases, documents and findings that the panel considered.",
        missing="Enter the evidence that the panel weighed",
        rows=3,
    )
    reason = Paragraphs(
        label="Reason",
        help_text="Why the computed rating does not describe the work well enough.",
        missing="Enter the reason for the decision",
        rows=3,
    )
    footnote = Paragraphs(
        label="Footnote to print",
        help_text="One or two sentences that stand beneath the ratings in the report.",
        missing="Enter the footnote to print in the report",
        rows=3,
        max_length=LONGEST_FOOTNOTE,
        called="the footnote",
    )

    def __init__(self, *args: Any, computed: Rating | NotRateable, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        posted = self.data.get("from_rating", "") if self.is_bound else ""
        seen = Rating[posted] if posted in Rating.__members__ else computed
        self._offer_moves_from(seen)
        if isinstance(seen, Rating):
            self.fields["from_rating"].initial = seen.name

    def _offer_moves_from(self, rating: Rating | NotRateable) -> None:
        to_rating = cast(forms.ChoiceField, self.fields["to_rating"])
        to_rating.choices = [(to.name, words) for to, words in moves_from(rating)]

    def decision(self) -> dict[str, Any]:
        """What ``decide_discretion`` takes, once valid."""
        moved = {name: Rating[self.cleaned_data[name]] for name in ("from_rating", "to_rating")}
        return self.cleaned_data | moved

    def start_again_beside(self, current: Discretion | None) -> list[Difference]:
        """Make the next save replace ``current``, which another member decided meanwhile; returns
        the differences from it. ``None`` means that a decision was withdrawn."""
        data = cast(QueryDict, self.data).copy()
        data["in_place_of"] = "" if current is None else str(current.pk)
        self.data = data
        if current is None:
            self.add_error(None, WITHDRAWN)
            return []
        self.button = "Save mine instead"
        names = ("lead_view", "evidence", "reason", "footnote")
        self.initial = {name: getattr(current, name) for name in names}
        self.initial["to_rating"] = current.to_rating
        return differences(self)

    def start_again_from(self, computed: Rating | NotRateable) -> None:
        """Add the error that the computed rating has changed, and offer moves from the new one."""
        before = Rating[self.cleaned_data["from_rating"]].label
        data = cast(QueryDict, self.data).copy()
        data.pop("to_rating", None)
        if isinstance(computed, Rating):
            data["from_rating"] = computed.name
        self.data = data
        self._offer_moves_from(computed)
        words = RATING_CHANGED if isinstance(computed, Rating) else UNRATED
        self.add_error(None, words.format(before=before, now=rated_as(computed)))


class WithdrawForm(LaidOutForm):
    button = "Withdraw the decision"
    button_warns = True
    reason = Paragraphs(
        label="Why is the decision withdrawn?",
        help_text="It is kept with the decision.",
        missing="Enter why the decision is withdrawn",
        max_length=LONGEST_TEXT,
        called="the reason",
    )
