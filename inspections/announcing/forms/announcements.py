"""Forms of announcements and windows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from crispy_forms_gds.layout import HTML
from django import forms

from inspections.announcing.actions import usual_windows
from inspections.forms import DateInBoxes, FilterForm, VersionForm
from inspections.framework import Group, available_editions, load_edition
from inspections.models import GroupChoice, Inspection, Service, User
from inspections.windows import Window


class AnnouncementForm(VersionForm):
    """The dates of an inspection, and whether it gives ratings."""

    announced_date = DateInBoxes(
        label="When is the inspection announced?",
        help_text="The windows for sampling are counted back from this day. For example, 12 4 2026",
        missing="Enter the date of the announcement.",
    )
    fieldwork_start_date = DateInBoxes(
        label="When does fieldwork start?",
        help_text="For example, 11 5 2026",
        missing="Enter the date on which fieldwork starts.",
    )
    fieldwork_end_date = DateInBoxes(
        label="When does fieldwork end?",
        help_text="For example, 22 5 2026",
        missing="Enter the date on which fieldwork ends.",
    )
    gives_ratings = forms.TypedChoiceField(
        label="Does the inspection give ratings?",
        help_text="A small service may be inspected with few cases and not rated.",
        choices=[
            ("yes", "Yes, each standard and the service are rated"),
            ("no", "No, evidence and findings are recorded and nothing is rated"),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether the inspection gives ratings."},
    )

    def __init__(self, data: Any = None, *, inspection: Inspection) -> None:
        """``inspection`` is the current one, or a new one of version 0."""
        super().__init__(
            data,
            initial={
                "announced_date": inspection.announced_date,
                "fieldwork_start_date": inspection.fieldwork_start_date,
                "fieldwork_end_date": inspection.fieldwork_end_date,
                "gives_ratings": "yes" if inspection.gives_ratings else "no",
                "base_version": inspection.version,
            },
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        announced, start, end = (
            cleaned.get(name)
            for name in ("announced_date", "fieldwork_start_date", "fieldwork_end_date")
        )
        if announced and start and start < announced:
            self.add_error("fieldwork_start_date", "Fieldwork can't start before the announcement.")
        if start and end and end < start:
            self.add_error("fieldwork_end_date", "Fieldwork can't end before it starts.")
        return cleaned


class NewInspectionForm(AnnouncementForm):
    """The announcement of an inspection: of which service, against which edition, and its lead."""

    service = forms.ModelChoiceField(
        queryset=Service.objects.none(),
        label="Which service is inspected?",
        empty_label="Select a service",
        error_messages={
            "required": "Select the service.",
            "invalid_choice": "Select a service from the list. This one was removed.",
        },
    )
    edition = forms.ChoiceField(
        label="Against which edition of the standards?",
        help_text="It can’t be changed later. Editions overlap, so no date decides it.",
        widget=forms.RadioSelect,
        error_messages={"required": "Select the edition of the standards."},
    )
    lead = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label="Who leads it? (optional)",
        help_text="Somebody without an account is invited on the team’s page afterwards.",
        empty_label="Not assigned",
        required=False,
        error_messages={"invalid_choice": "Select a person from the list. This account is closed."},
    )
    field_order = (
        "service",
        "edition",
        "announced_date",
        "fieldwork_start_date",
        "fieldwork_end_date",
        "gives_ratings",
        "lead",
    )

    def __init__(self, data: Any = None, *, service: str = "", reader: User) -> None:
        """``service`` is the number of the one that is chosen from the start. ``reader`` gives
        themselves no part."""
        super().__init__(data, inspection=Inspection(version=0))
        self.initial["service"] = service
        self.fields["service"].queryset = Service.objects.all()  # type: ignore[attr-defined]
        leads = User.objects.filter(is_active=True, home_service=None).exclude(pk=reader.pk)
        self.fields["lead"].queryset = leads  # type: ignore[attr-defined]
        self.fields["edition"].choices = [  # type: ignore[attr-defined]
            (code, load_edition(code).name) for code in available_editions()
        ]

    def announcement(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.field_order}


class WindowsForm(VersionForm):
    """The windows from which cases are sampled: the usual ones, one for all, or one a group.

    ``drawn`` has those that a sample was drawn from. They stay, and are said and not asked; one
    window for all is then no choice. With none left to choose the form has nothing to ask.
    """

    USUAL, ONE, EACH = "usual", "one", "each"

    periods = forms.ChoiceField(
        label="From which windows are cases sampled?",
        choices=[
            (USUAL, "The usual ones, counted back from the announcement"),
            (ONE, "One window for all groups"),
            (EACH, "A window for each group"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Select the windows."},
    )

    def __init__(self, data: Any = None, *, inspection: Inspection) -> None:
        windows = inspection.sampling_windows
        self.drawn = {
            Group(row.group): Window(row.start_date, row.end_date)
            for row in inspection.windows.all()
            if row.drawn_at
        }
        self.open = [value for value in GroupChoice.values if Group(value) not in self.drawn]
        self.usual = usual_windows(inspection.announced_date) if inspection.announced_date else None
        of_all = set(windows.values())
        is_one = len(of_all) == 1 and len(windows) == len(Group)
        chosen = self.USUAL if self._is_usual(windows) else self.ONE if is_one else self.EACH
        initial: dict[str, Any] = {"base_version": inspection.version}
        if windows:
            initial["periods"] = chosen
        for group, window in windows.items():
            initial |= self._dates_of(group.value, window)
        if self.drawn and chosen == self.ONE:
            initial["periods"] = self.EACH
        if is_one:
            initial |= self._dates_of("all", of_all.pop())
        super().__init__(data, initial=initial)
        none = (self.usual is None and self.USUAL, self.drawn and self.ONE)
        periods = self.fields["periods"]
        periods.choices = [one for one in periods.choices if one[0] not in none]  # type: ignore[attr-defined]
        if self.drawn:
            periods.label = "From which windows are the other cases sampled?"
            periods.error_messages["invalid_choice"] = (
                "One window for all groups can’t be set once a sample is drawn. Select another."
            )
        for name, words in self._parts():
            self.fields[f"{name}_start_date"] = DateInBoxes(
                label=f"{words}: first day", required=False
            )
            self.fields[f"{name}_end_date"] = DateInBoxes(
                label=f"{words}: last day", required=False
            )

    def _is_usual(self, windows: Mapping[Group, Window]) -> bool:
        """For the groups whose sample isn't drawn yet."""
        usual = self.usual or {}
        return all(windows.get(Group(one), 0) == usual.get(Group(one)) for one in self.open)

    def _parts(self) -> Iterator[tuple[str, str]]:
        if not self.drawn:
            yield "all", "All groups"
        yield from ((value, GroupChoice(value).label) for value in self.open)

    @property
    def kept(self) -> list[tuple[str, Window]]:
        """The windows that stay, each with its group in words."""
        return [(GroupChoice(group.value).label, window) for group, window in self.drawn.items()]

    @staticmethod
    def _dates_of(name: str, window: Window) -> dict[str, date]:
        return {f"{name}_start_date": window.start_date, f"{name}_end_date": window.end_date}

    def layout(self) -> Iterable[Any]:
        yield "base_version"
        yield "periods"
        if not self.drawn:
            yield HTML('<h2 class="govuk-heading-m">If one window for all groups</h2>')
            yield from ("all_start_date", "all_end_date")
        yield HTML('<h2 class="govuk-heading-m">If a window for each group</h2>')
        for value in self.open:
            yield from (f"{value}_start_date", f"{value}_end_date")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for group in self.drawn:
            # The page was opened before the draw, and may have asked for another window.
            if any(name.startswith(f"{group.value}_start_date") for name in self.data):
                label = GroupChoice(group.value).label.lower()
                self.add_error(
                    None,
                    f"A sample of {label} cases was drawn since you opened the page, so their "
                    "window stays. Check the others, then save again.",
                )
        for name in self._asked(cleaned.get("periods", "")):
            start, end = cleaned.get(f"{name}_start_date"), cleaned.get(f"{name}_end_date")
            for field, day, which in (("start", start, "first"), ("end", end, "last")):
                if day is None and f"{name}_{field}_date" not in self.errors:
                    self.add_error(f"{name}_{field}_date", f"Enter the {which} day of this window.")
            if start and end and end < start:
                self.add_error(f"{name}_end_date", "The last day can't be before the first.")
        return cleaned

    def _asked(self, periods: str) -> list[str]:
        return {self.ONE: ["all"], self.EACH: self.open}.get(periods, [])

    @property
    def windows(self) -> Mapping[Group, Window]:
        """What to store, by group."""
        cleaned = self.cleaned_data
        if cleaned["periods"] == self.USUAL:
            assert self.usual is not None
            return {**self.usual, **self.drawn}
        is_each = cleaned["periods"] == self.EACH
        of = {Group(value): value if is_each else "all" for value in self.open}
        return self.drawn | {
            group: Window(cleaned[f"{name}_start_date"], cleaned[f"{name}_end_date"])
            for group, name in of.items()
        }


class AnnouncementFilter(FilterForm):
    """Which inspections to list."""

    service = forms.CharField(label="Service")
    state = forms.ChoiceField(label="State", choices=[("", "Any state"), *Inspection.State.choices])
