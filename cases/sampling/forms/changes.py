"""What changes a sample after its draw: one case added, replaced or put back."""

from __future__ import annotations

from typing import Any

from crispy_forms_gds.choices import Choice
from crispy_forms_gds.layout import Field, Fluid
from django import forms
from django.core.exceptions import ValidationError

from cases.caseload.lists import clean, why_no_reference
from cases.detail_inputs import LONGEST_TEXT, detail_inputs
from cases.models import Case
from cases.sampling.actions import NewCase
from inspections.forms import LaidOutForm, Paragraphs, TypedText
from inspections.framework import Group

OF_THE_LIST = (
    "disposal_type",
    "disposal_local_name",
    "disposal_date",
    "offence_category",
    "offence_type",
    "gender",
    "age",
    "ethnicity",
    "serious_harm_level",
    "safety_level",
)
"""The details that a list has, which are entered for a case that is added by hand."""


class AddCaseForm(LaidOutForm):
    """One case of ``group``, added by hand."""

    service_reference = TypedText(
        label="The service’s case reference",
        help_text="Only the lead inspector sees it. Never a name.",
        max_length=40,
        missing="Enter the service’s case reference.",
        called="the reference",
    )
    reason = Paragraphs(
        rows=3,
        max_length=LONGEST_TEXT,
        label="Why this case is added",
        missing="Enter why this case is added.",
        called="the reason",
    )

    def __init__(self, *args: Any, group: Group, replaces: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inputs = detail_inputs(group)
        self.fields |= {name: inputs[name] for name in OF_THE_LIST}
        if replaces:
            reason = self.fields["reason"]
            reason.label = "Why the case is replaced, and by this one"
            reason.error_messages["required"] = "Enter why the case is replaced."

    def clean_service_reference(self) -> str:
        """As in a list, so that it is the same case there, and neither a name nor a date."""
        reference = clean(self.cleaned_data["service_reference"])
        if why := why_no_reference(reference):
            raise ValidationError(why)
        return reference

    def laid_out(self, name: str) -> Any:
        widget = self.fields[name].widget
        if isinstance(widget, forms.RadioSelect):
            return Field.radios(name, small=True)
        if isinstance(widget, forms.Textarea):
            return Field.textarea(name, rows=3)
        if isinstance(widget, forms.TextInput):
            return Field.text(name, field_width=Fluid.TWO_THIRDS)
        return name

    def case(self) -> NewCase:
        cleaned = self.cleaned_data
        return NewCase(cleaned["service_reference"], {name: cleaned[name] for name in OF_THE_LIST})


class ReplaceForm(LaidOutForm):
    """What comes in the place of a wrongly sampled case. ``reserve`` is the one that was shown."""

    reserve = forms.IntegerField(required=False, widget=forms.HiddenInput)
    how = forms.ChoiceField(
        label="What comes in its place?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what comes in its place.",
            # The last one has come into the sample since the page was opened.
            "invalid_choice": "No reserve is left. Add a case by hand, or take this one out alone.",
        },
    )
    reason = Paragraphs(
        rows=3,
        max_length=LONGEST_TEXT,
        label="Why the case is taken out",
        missing="Enter why the case is taken out.",
        called="the reason",
    )

    def __init__(self, *args: Any, reserve: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [Choice("NONE", "No other case")]
        if reserve:
            choices.insert(0, Choice("RESERVE", "The next reserve", hint=reserve))
        self.fields["how"].choices = choices  # type: ignore[attr-defined]

    def laid_out(self, name: str) -> Any:
        if name == "how":
            return Field.radios(name)
        return Field.textarea(name, rows=3) if name == "reason" else name


class PutBackForm(LaidOutForm):
    """Why a case is put back; ``instead`` is the case that came in its place, if one did."""

    takes_out = forms.ChoiceField(
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what becomes of the case that came in its place."},
    )
    reason = Paragraphs(
        rows=3,
        max_length=LONGEST_TEXT,
        label="Why the case is put back",
        missing="Enter why the case is put back.",
        called="the reason",
    )

    def __init__(self, *args: Any, instead: Case | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if instead is None:
            del self.fields["takes_out"]
            return
        field = self.fields["takes_out"]
        field.label = f"What becomes of {instead}, which came in its place?"
        field.choices = [  # type: ignore[attr-defined]
            Choice(
                str(instead.pk), f"{instead} is taken out", hint="What is recorded in it stays."
            ),
            Choice("NONE", "Both are in the sample"),
        ]

    def laid_out(self, name: str) -> Any:
        return Field.radios(name) if name == "takes_out" else Field.textarea(name, rows=3)

    @property
    def takes_it_out(self) -> bool:
        return self.cleaned_data.get("takes_out", "NONE") != "NONE"
