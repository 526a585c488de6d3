"""What the record is searched for."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from cases.models import Case
from config.site.history.search import Asked
from config.site.history.sources import What
from inspections.forms import TypedText
from inspections.models import Inspection, User
from inspections.names import contains_name

MOST_PEOPLE = 20
NO_DATE = "Enter a real date, such as 14/3/2026."
FORMATS = ["%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %m %Y", "%d %B %Y", "%d %b %Y", "%Y-%m-%d"]


class Day(forms.DateField):
    """A date in one box, as people write it."""

    def __init__(self, label: str) -> None:
        super().__init__(
            label=label,
            help_text="Such as 14/3/2026",
            required=False,
            input_formats=FORMATS,
            error_messages={"invalid": NO_DATE},
            widget=forms.DateInput(
                format="%d/%m/%Y",
                attrs={"class": "govuk-input govuk-input--width-10", "inputmode": "text"},
            ),
        )

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        if day is not None and not 1900 <= day.year < 2100:
            raise forms.ValidationError(NO_DATE)
        return day


class KindForm(forms.Form):
    """Which kinds of entries to show; nothing entered shows everything."""

    what = forms.ChoiceField(
        label="What was done",
        choices=[("", "Anything"), *What.choices],
        required=False,
        error_messages={"invalid_choice": "Choose one of these."},
        widget=forms.Select(attrs={"class": "govuk-select"}),
    )

    def entered(self) -> dict[str, str]:
        """The filters that were given, as they were typed."""
        return {name: self.data[name] for name in self.fields if self.data.get(name)}


class KindOfInspectionForm(KindForm):
    """Without signing in, which is to the service and to no inspection."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        kinds = self.fields["what"]
        kinds.choices = [one for one in kinds.choices if one[0] != What.SIGN_INS]  # type: ignore[attr-defined]


class SearchForm(KindForm):
    """What administrators search the whole record for."""

    field_order = ("person", "inspection", "case", "what", "since", "until")
    person = TypedText(
        label="Who did it",
        help_text="Name or email address",
        required=False,
        max_length=254,
        widget=forms.TextInput(attrs={"class": "govuk-input", "autocomplete": "off"}),
    )
    inspection = forms.ModelChoiceField(
        label="Inspection",
        queryset=Inspection.objects.none(),
        required=False,
        empty_label="Any, or none",
        error_messages={"invalid_choice": "Choose one of the inspections."},
        widget=forms.Select(attrs={"class": "govuk-select"}),
    )
    case = TypedText(
        label="Case",
        help_text="Its reference",
        required=False,
        max_length=100,
        widget=forms.TextInput(
            attrs={"class": "govuk-input govuk-input--width-10", "autocomplete": "off"}
        ),
    )
    since = Day("From")
    until = Day("To")

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        field = self.fields["inspection"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Inspection.objects.select_related("service")
        field.label_from_instance = _inspection_label  # type: ignore[method-assign,assignment]

    def clean_person(self) -> list[int] | None:
        """The numbers of the accounts that may be meant."""
        typed = self.cleaned_data["person"]
        if not typed:
            return None
        named = User.objects.filter(Q(email=typed.lower()) | contains_name("name", typed))
        found = list(named.order_by("pk").values_list("pk", "email")[: MOST_PEOPLE + 1])
        exact = [number for number, email in found if email == typed.lower()]
        if exact:
            return exact
        if not found:
            raise forms.ValidationError("No account has this name or email address.")
        if len(found) > MOST_PEOPLE:
            raise forms.ValidationError(
                f"More than {MOST_PEOPLE} people are called this. Enter more of the name, or the "
                "email address."
            )
        return [number for number, _ in found]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "Enter a date that is not before the first one.")
        if reference := cleaned.get("case"):
            known = Case.objects.filter(reference__iexact=reference)
            if inspection := cleaned.get("inspection"):
                known = known.filter(inspection=inspection)
            cleaned["cases"] = list(known.order_by("pk").values_list("pk", flat=True))
            if not cleaned["cases"]:
                where = "in this inspection " if inspection else ""
                self.add_error("case", f"No case {where}has this reference.")
        return cleaned

    def asked(self) -> Asked:
        """What is searched for, of a form that is valid."""
        inspection = self.cleaned_data["inspection"]
        until = self.cleaned_data["until"]
        return Asked(
            people=self.cleaned_data["person"],
            inspection=inspection and inspection.pk,
            cases=self.cleaned_data.get("cases"),
            since=_begin_of(self.cleaned_data["since"]),
            until=_begin_of(until and until + timedelta(days=1)),
            what=self.cleaned_data["what"],
        )


def _inspection_label(inspection: Inspection) -> str:
    day = inspection.fieldwork_start_date
    of = f", {day:%-d %B %Y}" if day else ""
    return f"{inspection.service}{of} (number {inspection.pk})"


def _begin_of(day: date | None) -> datetime | None:
    return None if day is None else timezone.make_aware(datetime.combine(day, time.min))
