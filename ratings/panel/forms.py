"""What people send about the panel's meetings and hearings, and whether it can be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, cast

from crispy_forms_gds.choices import Choice
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Layout, Size
from django import forms
from django.utils import timezone

from inspections.dates import DateInBoxes
from inspections.models import User
from ratings.models import PanelMeeting

LONGEST_TEXT = 20_000


def _helper(button: str, *fields: str, warning: bool = False) -> FormHelper:
    helper = FormHelper()
    helper.label_size = Size.SMALL
    helper.legend_size = Size.SMALL
    save = Button.warning if warning else Button.primary
    helper.layout = Layout(*fields, save("save", button))
    return helper


def _text(label: str, help_text: str, required: str, rows: int = 5) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={
            "required": required,
            "max_length": "Shorten the text to %(limit_value)d characters. It has %(show_value)d.",
        },
    )


class MeetingForm(forms.Form):
    """A meeting of the panel: its date, who chairs it and who else sits in it.

    ``interests`` says why people step aside, by their key, when the meeting is arranged for
    one inspection.
    """

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
        self.helper = _helper("Arrange the meeting", "meeting_date", "chair", "members")

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


class SubmitForm(forms.Form):
    """To which meeting the lead inspector brings the inspection, and their view of it."""

    meeting = forms.TypedChoiceField(
        label="Which meeting hears it?",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Select the meeting that hears the inspection",
            "invalid_choice": "Select one of the meetings that are still to come",
        },
    )
    lead_view = _text(
        "Your view of the ratings",
        "What you tell the panel: which ratings are close, what the evidence shows in the round, "
        "and where you would use professional discretion.",
        "Enter your view of the ratings",
        rows=8,
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
            Choice(pk, str(meeting), hint=_who_hears(meeting, interests))
            for pk, meeting in self._meetings.items()
        ]
        self.helper = _helper("Submit to the panel", "meeting", "lead_view")

    def clean_meeting(self) -> PanelMeeting:
        return self._meetings[self.cleaned_data["meeting"]]


def _who_hears(meeting: PanelMeeting, interests: Mapping[int, str]) -> str:
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
    return " ".join([f"Heard by {', '.join(hearing)}.", *aside])


class StepAsideForm(forms.Form):
    reason = _text(
        "Why do you step aside?",
        "For example, a relative works in the service. The reason is kept with the result.",
        "Enter why you step aside",
        rows=3,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper("Step aside", "reason", warning=True)


class OutcomeForm(forms.Form):
    outcome_notes = _text(
        "What the panel came to",
        "Beyond its decisions: what it looked at, what it left as it was and why.",
        "Enter what the panel came to",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper("Save the outcome", "outcome_notes")
