"""The form of a case's details."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from crispy_forms_gds.layout import Field, Fieldset, Fixed, Fluid, Size
from django import forms

from cases.details import DETAIL_FIELDS, SECTIONS
from cases.models import DISPOSALS_OF_GROUP, Case, DisposalType, Factor
from inspections.forms import DateInBoxes, VersionForm

FEW = 6
"""Up to this number, choices are radios; with more, a select."""

SHORT = 16
"""Radios whose labels are all shorter than this are shown in a row."""

NOT_RECORDED = ("", "Not recorded")


class DetailsForm(forms.ModelForm, VersionForm):
    """Every detail of a case; none is required."""

    factors = forms.MultipleChoiceField(
        required=False, choices=Factor.choices, widget=forms.CheckboxSelectMultiple
    )
    disposal_date = DateInBoxes(required=False)

    age = forms.IntegerField(
        required=False,
        min_value=8,
        max_value=21,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(
            ["invalid", "min_value", "max_value"], "Enter the age in years, from 8 to 21."
        ),
    )

    class Meta:
        model = Case
        fields = DETAIL_FIELDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["base_version"] = self.instance.version
        for section in SECTIONS:
            for detail in section.details:
                self.fields[detail.field].label = detail.label
                self.fields[detail.field].help_text = detail.hint
        self._offer_choices()

    def _offer_choices(self) -> None:
        for name in DETAIL_FIELDS:
            field = self.fields[name]
            if name == "factors" or not isinstance(field, forms.TypedChoiceField):
                continue
            choices = list(Case._meta.get_field(name).flatchoices)  # type: ignore[union-attr]
            if name == "disposal_type":
                offered = DISPOSALS_OF_GROUP[self.instance.group]
                choices = [(value, DisposalType(value).label) for value in offered]
            if len(choices) <= FEW:
                field.widget = forms.RadioSelect()
            field.choices = [NOT_RECORDED, *choices]

    def layout(self) -> Iterator[Any]:
        yield "base_version"
        for section in SECTIONS:
            yield Fieldset(
                *(self.laid_out(detail.field) for detail in section.details),
                legend=section.title,
                legend_size=Size.MEDIUM,
                legend_tag="h2",
            )

    def laid_out(self, name: str) -> Any:
        field = self.fields[name]
        if isinstance(field.widget, forms.RadioSelect):
            labels = [str(label) for _, label in field.choices]  # type: ignore[attr-defined]
            short = max(len(label) for label in labels) < SHORT
            return Field.radios(name, inline=short, small=True)
        if isinstance(field.widget, forms.CheckboxSelectMultiple):
            return Field.checkboxes(name, small=True)
        if isinstance(field.widget, forms.Textarea):
            return Field.textarea(name, rows=3)
        if isinstance(field.widget, forms.TextInput):
            return Field.text(name, field_width=Fixed.THREE if name == "age" else Fluid.TWO_THIRDS)
        return name

    def details(self) -> dict[str, Any]:
        """The details by field name; once valid."""
        return {name: self.cleaned_data[name] for name in DETAIL_FIELDS}
