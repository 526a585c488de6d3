"""Forms of a hearing: submitting to it, its chair, who is present, and how it ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from crispy_forms_gds.choices import Choice
from crispy_forms_gds.layout import Field
from django import forms

from inspections.forms import LaidOutForm, Paragraphs
from inspections.models import User
from ratings.hearing_members import sitting_members
from ratings.models import PanelHearing, PanelMeeting
from ratings.panel.actions import attendance_digest
from ratings.panel.forms.meetings import LONGEST_TEXT


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


class NameChairForm(LaidOutForm):
    """Who chairs a hearing in place of whoever can't, from ``people``."""

    button = "Name the chair"
    chair = forms.TypedChoiceField(
        label="Who chairs it from now on?",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Select who chairs the hearing",
            "invalid_choice": "Select one of the members",
        },
    )
    reason = Paragraphs(
        label="Why can’t the chair go on?",
        help_text="It is kept with the hearing.",
        missing="Enter why the chair can’t go on",
        rows=3,
        max_length=LONGEST_TEXT,
        called="the reason",
    )

    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people = {person.pk: person for person in people}
        cast(forms.ChoiceField, self.fields["chair"]).choices = [
            (pk, str(person)) for pk, person in self._people.items()
        ]

    def clean_chair(self) -> User:
        return self._people[self.cleaned_data["chair"]]


class ReleaseForm(LaidOutForm):
    button = "Let another panel hear it"
    reason = Paragraphs(
        label="Why does another panel hear it?",
        help_text="It is kept with the earlier hearing.",
        missing="Enter why another panel hears it",
        rows=3,
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


PRESENT, APOLOGIES, ASIDE = "PRESENT", "APOLOGIES", "ASIDE"


class AttendanceForm(LaidOutForm):
    """For each member who can sit in a hearing but its chair: present, apologies, or stepping aside
    and why.

    ``seen`` is the digest of the attendance that the page showed.
    """

    button = "Save who is present"
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, hearing: PanelHearing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._chair = hearing.chair
        sitting = sitting_members(hearing, hearing.inspection)
        self._others = [one for one in sitting if one != self._chair]
        recorded = {row.member_id: row.is_present for row in hearing.attendance.all()}
        self.initial.setdefault("seen", attendance_digest(hearing))
        for member in self._others:
            was = recorded.get(member.pk)
            self.fields[f"member_{member.pk}"] = forms.ChoiceField(
                label=str(member),
                choices=[
                    (PRESENT, "Present"),
                    (APOLOGIES, "Sent apologies"),
                    (ASIDE, "Steps aside because of an interest"),
                ],
                initial={None: "", True: PRESENT, False: APOLOGIES}[was],
                widget=forms.RadioSelect,
                error_messages={
                    "required": f"Select whether {member} is present",
                    "invalid_choice": f"Select whether {member} is present",
                },
            )
            self.fields[f"reason_{member.pk}"] = Paragraphs(
                label=f"If {member} steps aside: why?",
                required=False,
                rows=2,
                max_length=LONGEST_TEXT,
                called="the reason",
            )

    def laid_out(self, name: str) -> Any:
        if name.startswith("member_"):
            return Field.radios(name, inline=True, small=True)
        return super().laid_out(name)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for member in self._others:
            steps_aside = found.get(f"member_{member.pk}") == ASIDE
            reason = f"reason_{member.pk}"
            if steps_aside and not found.get(reason) and reason not in self.errors:
                self.add_error(reason, f"Enter why {member} steps aside")
        return found

    def attendance(self) -> dict[str, Any]:
        """What ``record_attendance`` takes, once valid."""
        choices = {one: self.cleaned_data[f"member_{one.pk}"] for one in self._others}
        reasons = {one: self.cleaned_data[f"reason_{one.pk}"] for one in self._others}
        return {
            "seen": self.cleaned_data["seen"],
            "present": [self._chair, *(one for one in choices if choices[one] == PRESENT)],
            "apologies": [one for one in choices if choices[one] == APOLOGIES],
            "aside": {one: reasons[one] for one in choices if choices[one] == ASIDE},
        }


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
