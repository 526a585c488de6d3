"""Forms of linked cases, declared interests and interviews."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, time
from typing import Any

from crispy_forms_gds.layout import Field
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.utils import from_current_timezone
from django.utils import timezone

from cases.caseload.lists import why_no_reference
from cases.models import Case, InterviewSlot, LinkedCases
from cases.words import short_group
from inspections.forms import DateInBoxes, LaidOutForm, Paragraphs, TypedText, VersionForm
from inspections.models import Inspection, User
from inspections.team.work import HOLDING_ROLES

LONGEST_REASON = 1_000
LONGEST_NOTE = 2_000
LONGEST_REFERENCE = 40
LONGEST_PLACE = 200
LEAST_MINUTES, MOST_MINUTES = 5, 480


def holders_of(inspection: Inspection) -> QuerySet[User]:
    """Those who may hold cases of the inspection, as lists of people are sorted."""
    return User.objects.filter(
        memberships__inspection=inspection, memberships__role__in=HOLDING_ROLES
    )


class PersonField(forms.ModelChoiceField):
    """An inspector of the team."""

    def __init__(self, **options: Any) -> None:
        messages = {
            "required": "Choose an inspector.",
            "invalid_choice": "That person is not an inspector of this inspection’s team any more. "
            "Choose somebody else.",
        }
        super().__init__(
            queryset=User.objects.none(),
            empty_label="Choose an inspector",
            error_messages=messages,
            **options,
        )


class InterestForm(LaidOutForm):
    """Who has an interest in the service, and why. Without ``people`` it is the reader’s own."""

    person = PersonField(label="Whose interest")
    reason = Paragraphs(
        label="What the interest is",
        help_text="For example that you worked there, or know somebody who does. No names.",
        max_length=LONGEST_REASON,
        rows=3,
        missing="Enter what the interest is.",
        called="what the interest is",
    )

    def __init__(self, *args: Any, people: QuerySet[User] | None, **options: Any) -> None:
        super().__init__(*args, **options)
        if people is None:
            del self.fields["person"]
        else:
            self.fields["person"].queryset = people  # type: ignore[attr-defined]


class CasesField(forms.TypedMultipleChoiceField):
    """Some cases of an inspection, by their numbers."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            coerce=int,
            widget=forms.CheckboxSelectMultiple,
            error_messages={
                "required": "Choose the cases.",
                "invalid_choice": "A case that you chose can’t be chosen any more. "
                "Check the list and save again.",
            },
            **options,
        )

    def offer(self, cases: Collection[Case]) -> None:
        self.choices = [(case.pk, f"{case}, {short_group(case.group).lower()}") for case in cases]


class LinkForm(VersionForm):
    """Cases that one inspector had better record together, and why."""

    why = forms.ChoiceField(
        label="How they are linked",
        choices=LinkedCases.Why.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose how the cases are linked.",
            "invalid_choice": "Choose one of the three.",
        },
    )
    cases = CasesField(label="Which cases")

    def __init__(
        self, data: Any = None, *, linked: LinkedCases, cases: Sequence[Case], **options: Any
    ) -> None:
        """``linked`` is the current row, or a new one of version 0; ``cases`` can be chosen."""
        chosen = [case.pk for case in linked.cases.all()] if linked.pk else []
        initial = {"why": linked.why, "cases": chosen, "base_version": linked.version}
        super().__init__(data, initial=initial | options.pop("initial", {}), **options)
        self.fields["cases"].offer(cases)  # type: ignore[attr-defined]

    def laid_out(self, name: str) -> Any:
        return Field.checkboxes(name, small=True) if name == "cases" else name

    def clean_cases(self) -> list[int]:
        chosen: list[int] = self.cleaned_data["cases"]
        if len(chosen) < 2:
            raise ValidationError("Choose two cases or more: one case is linked to nothing.")
        return chosen


class TimeOfDay(forms.TimeField):
    """A time such as 9:30, as clocks in the United Kingdom show it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            input_formats=["%H:%M", "%H.%M", "%H%M", "%H:%M:%S"],
            widget=forms.TimeInput(format="%H:%M", attrs={"class": "govuk-input--width-4"}),
            error_messages=dict.fromkeys(
                ["required", "invalid"], "Enter the time at which it begins, such as 9:30 or 14:15."
            ),
            **options,
        )


class InterviewForm(VersionForm):
    """An interview with a case manager."""

    interview_date = DateInBoxes(label="Day", help_text="For example, 14 3 2026")
    start_time = TimeOfDay(label="Begins at", help_text="For example, 9:30 or 14:15")
    minutes = forms.IntegerField(
        label="Minutes",
        min_value=LEAST_MINUTES,
        max_value=MOST_MINUTES,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-3"}),
        error_messages=dict.fromkeys(
            ["required", "invalid", "min_value", "max_value"],
            f"Enter how many minutes it takes, as a whole number from {LEAST_MINUTES} to "
            f"{MOST_MINUTES}.",
        ),
    )
    inspector = PersonField(label="Inspector")
    case_manager = TypedText(
        label="Case manager",
        help_text="The service’s reference for them, not a name",
        max_length=LONGEST_REFERENCE,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
        missing="Enter the service’s reference for the case manager.",
        called="the reference",
    )
    cases = CasesField(label="Cases", help_text="One or several, or none yet", required=False)
    place = TypedText(
        label="Room or link",
        max_length=LONGEST_PLACE,
        required=False,
        called="the room or link",
    )
    note = Paragraphs(
        label="Note",
        help_text="Shown on the timetable, and left out of calendars.",
        max_length=LONGEST_NOTE,
        rows=2,
        required=False,
        called="the note",
    )

    def __init__(
        self,
        data: Any = None,
        *,
        slot: InterviewSlot,
        people: QuerySet[User],
        cases: Sequence[Case],
        **options: Any,
    ) -> None:
        """``slot`` is the current row, or a new one of version 0."""
        initial: dict[str, Any] = {"base_version": slot.version, "minutes": 60}
        if slot.pk:
            start = timezone.localtime(slot.start_at)
            initial |= {
                "interview_date": start.date(),
                "start_time": start.time(),
                "cases": [case.pk for case in slot.cases.all()],
                "inspector": slot.inspector_id,
            }
            initial |= {
                name: getattr(slot, name) for name in ("minutes", "case_manager", "place", "note")
            }
        super().__init__(data, initial=initial | options.pop("initial", {}), **options)
        self.fields["inspector"].queryset = people  # type: ignore[attr-defined]
        self.fields["cases"].offer(cases)  # type: ignore[attr-defined]
        if not cases:
            del self.fields["cases"]

    def laid_out(self, name: str) -> Any:
        return Field.checkboxes(name, small=True) if name == "cases" else name

    def clean_case_manager(self) -> str:
        reference: str = self.cleaned_data["case_manager"]
        if why := why_no_reference(reference):
            raise ValidationError(why)
        return reference

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        day: date | None = cleaned.get("interview_date")
        begins: time | None = cleaned.get("start_time")
        if day and begins:
            try:
                cleaned["start_at"] = from_current_timezone(datetime.combine(day, begins))
            except ValidationError:
                self.add_error(
                    "start_time",
                    "Clocks change on that day, so this time comes twice or not at all. "
                    "Enter another one.",
                )
        return cleaned

    def details(self) -> dict[str, Any]:
        """What is stored of a valid form, besides the cases."""
        names = ("start_at", "minutes", "inspector", "case_manager", "place", "note")
        return {name: self.cleaned_data[name] for name in names}
