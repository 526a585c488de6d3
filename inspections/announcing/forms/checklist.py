"""Forms of what a service is asked to send."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from crispy_forms_gds.layout import Field
from django import forms

from inspections.forms import DateInBoxes, LaidOutForm, Paragraphs, VersionForm
from inspections.models import RequestedItem

LONGEST_NOTE = 2_000


class AskForm(LaidOutForm):
    """What the service is asked for now."""

    kinds = forms.MultipleChoiceField(
        label="What is the service asked to send?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Select what the service is asked to send.",
            "invalid_choice": "Something you selected was asked for meanwhile. Check the list.",
        },
    )
    asked_date = DateInBoxes(
        label="When was it asked?",
        past_only=True,
        missing="Enter the date on which it was asked.",
    )
    due_date = DateInBoxes(label="By when is it due? (optional)", required=False)

    def __init__(self, data: Any = None, *, kinds: Iterable[str], today: date) -> None:
        kinds = list(kinds)
        super().__init__(data, initial={"kinds": kinds, "asked_date": today})
        labels = dict(RequestedItem.Kind.choices)
        self.fields["kinds"].choices = [(kind, labels[kind]) for kind in kinds]  # type: ignore[attr-defined]

    def laid_out(self, name: str) -> Any:
        return Field.checkboxes(name, small=True) if name == "kinds" else name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        check_due(self, cleaned)
        return cleaned


class RequestedItemForm(VersionForm):
    """When the service was asked for one thing, and when it came."""

    asked_date = DateInBoxes(label="Asked (optional)", required=False, past_only=True)
    due_date = DateInBoxes(label="Due (optional)", required=False)
    received_date = DateInBoxes(label="Received (optional)", required=False, past_only=True)
    note = Paragraphs(
        label="Note (optional)",
        help_text="For example, who was asked. No names of children.",
        rows=3,
        max_length=LONGEST_NOTE,
        required=False,
        called="the note",
    )

    def __init__(self, data: Any = None, *, item: RequestedItem) -> None:
        """``item`` is the current one, or a new one of version 0."""
        names = ("asked_date", "due_date", "received_date", "note")
        initial = {name: getattr(item, name) for name in names}
        super().__init__(data, initial=initial | {"base_version": item.version})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        check_due(self, cleaned)
        asked, received = cleaned.get("asked_date"), cleaned.get("received_date")
        if asked and received and received < asked:
            self.add_error("received_date", "It can't have arrived before it was asked for.")
        if cleaned.get("due_date") and not asked and "asked_date" not in self.errors:
            self.add_error("asked_date", "Enter the date on which it was asked.")
        return cleaned


def check_due(form: forms.Form, cleaned: Mapping[str, Any]) -> None:
    asked, due = cleaned.get("asked_date"), cleaned.get("due_date")
    if asked and due and due < asked:
        form.add_error("due_date", "It can't be due before it was asked for.")
