"""The form of a meeting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, cast

from crispy_forms_gds.choices import Choice
from django import forms
from django.utils import timezone

from inspections.forms import DateInBoxes, LaidOutForm, Paragraphs
from inspections.models import User

LONGEST_TEXT = 20_000


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


class MeetingChangeForm(MeetingForm):
    """The same of a meeting that is changed, with the reason. ``base_version`` is the
    ``meeting_version`` that the page showed."""

    button = "Save the meeting"
    reason = Paragraphs(
        label="Why is the meeting changed?",
        help_text="Its members and the lead inspectors of its inspections read it.",
        missing="Enter why the meeting is changed",
        rows=3,
        max_length=LONGEST_TEXT,
        called="the reason",
    )
    base_version = forms.CharField(required=False, widget=forms.HiddenInput)


class CancelForm(LaidOutForm):
    button = "Cancel the meeting"
    button_warns = True
    reason = Paragraphs(
        label="Why is the meeting cancelled?",
        help_text="Its members and the lead inspectors of its inspections read it.",
        missing="Enter why the meeting is cancelled",
        rows=3,
        max_length=LONGEST_TEXT,
        called="the reason",
    )
