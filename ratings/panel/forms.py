"""Forms of the panel's meetings, hearings and decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, cast

from crispy_forms_gds.choices import Choice
from django import forms
from django.http import QueryDict
from django.utils import timezone

from inspections.forms import DateInBoxes, LaidOutForm, Paragraphs
from inspections.framework import Rating
from inspections.models import User
from inspections.versions import Difference, differences
from ratings.engine import NotRateable
from ratings.models import Discretion, PanelMeeting
from ratings.words import rated_as

LONGEST_TEXT = 20_000
LONGEST_FOOTNOTE = 400
"""Characters of a footnote below a table of the report."""


class MeetingForm(LaidOutForm):
    """A meeting of the panel: its date, its chair and its other members.

    ``interests`` are reasons to step aside, by the person's key, when the meeting is arranged for
    one inspection.
    """

    button = "Arrange the meeting"
    meeting_date = DateInBoxes(
        label="When does the panel meet?",
        help_text="For example, 27 3 2026",
        not_real="The date of the meeting must be a real date",
    )
    chair = forms.TypedChoiceField(
        label="Who chairs it?",
        coerce=int,
        error_messages={
            "required": "Select who chairs the meeting",
            "invalid_choice": "Select the chair from the list",
        },
    )
    members = forms.TypedMultipleChoiceField(
        label="Who else sits in it?",
        help_text="Whoever has an account, but not administrators. A member with a part in an "
        "inspection steps aside when it is heard.",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Select at least one member besides the chair",
            "invalid_choice": "Select members from the list",
        },
    )

    def __init__(
        self, *args: Any, people: Iterable[User], interests: Mapping[int, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._people = {person.pk: person for person in people}
        self._interests = interests
        cast(forms.ChoiceField, self.fields["chair"]).choices = [
            ("", "Select a person"),
            *(
                (pk, str(person))
                for pk, person in self._people.items()
                if self._interests.get(pk) is None
            ),
        ]
        cast(forms.ChoiceField, self.fields["members"]).choices = [
            Choice(pk, str(person), hint=self._steps_aside(pk))
            for pk, person in self._people.items()
        ]

    def _steps_aside(self, pk: int) -> str:
        reason = self._interests.get(pk)
        return f"Steps aside from this inspection: {reason}" if reason else ""

    def clean_meeting_date(self) -> date:
        day: date = self.cleaned_data["meeting_date"]
        if day < timezone.localdate():
            raise forms.ValidationError("The date of the meeting must be today or in the future")
        return day

    def clean_chair(self) -> User:
        return self._people[self.cleaned_data["chair"]]

    def clean_members(self) -> list[User]:
        return [self._people[pk] for pk in self.cleaned_data["members"]]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("members") and set(found["members"]) == {found.get("chair")}:
            self.add_error("members", "Select at least one member besides the chair")
        return found


class SubmitForm(LaidOutForm):
    """The meeting that the lead inspector submits to, and their view of the ratings."""

    button = "Submit to the panel"
    meeting = forms.TypedChoiceField(
        label="Which meeting hears it?",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Select the meeting that hears the inspection",
            "invalid_choice": "Select one of the meetings that are still to come",
        },
    )
    lead_view = Paragraphs(
        label="Your view of the ratings",
        help_text="What you tell the panel: which ratings are close, what the evidence shows in "
        "the round, and where you would use professional discretion.",
        missing="Enter your view of the ratings",
        rows=8,
        max_length=LONGEST_TEXT,
        called="the text",
    )

    def __init__(
        self,
        *args: Any,
        meetings: Iterable[PanelMeeting],
        interests: Mapping[int, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._meetings = {meeting.pk: meeting for meeting in meetings}
        cast(forms.ChoiceField, self.fields["meeting"]).choices = [
            Choice(pk, str(meeting), hint=_meeting_hint(meeting, interests))
            for pk, meeting in self._meetings.items()
        ]

    def clean_meeting(self) -> PanelMeeting:
        return self._meetings[self.cleaned_data["meeting"]]


def _meeting_hint(meeting: PanelMeeting, interests: Mapping[int, str]) -> str:
    if meeting.chair_id in interests:
        return (
            f"{meeting.chair} has a part in this inspection and chairs this meeting, so it can’t "
            f"hear the inspection. {interests[meeting.chair_id]}"
        )
    hearing = [str(one) for one in meeting.members.all() if one.pk not in interests]
    aside = [
        f"{one} steps aside: {interests[one.pk]}"
        for one in meeting.members.all()
        if one.pk in interests
    ]
    return " ".join([f"Panel members: {', '.join(hearing)}.", *aside])


class GiveBackForm(LaidOutForm):
    button = "Give the inspection back"
    reason = Paragraphs(
        label="Why is it given back?",
        help_text="What has to be looked at again. The team and the panel read it, and it is kept.",
        missing="Enter why the inspection is given back",
        max_length=LONGEST_TEXT,
        called="the reason",
    )


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


class StepAsideForm(LaidOutForm):
    button = "Step aside"
    button_warns = True
    reason = Paragraphs(
        label="Why do you step aside?",
        help_text="For example, a relative works in the service. "
        "The reason is kept with the result.",
        missing="Enter why you step aside",
        rows=3,
        max_length=LONGEST_TEXT,
        called="the text",
    )


class OutcomeForm(LaidOutForm):
    button = "Save the outcome"
    outcome_notes = Paragraphs(
        label="The panel’s conclusions",
        help_text="Beyond its decisions: what it looked at, what it left as it was and why.",
        missing="Enter the panel’s conclusions",
        max_length=LONGEST_TEXT,
        called="the text",
    )
    instead_of = forms.CharField(required=False, widget=forms.HiddenInput)
    """The digest of what the page showed."""


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


def _moves_from(rating: Rating) -> list[tuple[str, str]]:
    """One band down and one up, if they exist."""
    return [
        (to.name, f"{'Up' if to > rating else 'Down'} one band, to {to.label}")
        for to in Rating
        if abs(to - rating) == 1
    ]


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
        rows=4,
    )
    evidence = Paragraphs(
        label="Evidence weighed",
        help_text="The cases, documents and findings that the panel considered.",
        missing="Enter the evidence that the panel weighed",
        rows=4,
    )
    reason = Paragraphs(
        label="Reason",
        help_text="Why the computed rating does not describe the work well enough.",
        missing="Enter the reason for the decision",
        rows=4,
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
        to_rating.choices = _moves_from(rating) if isinstance(rating, Rating) else []

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
