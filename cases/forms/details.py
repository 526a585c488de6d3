"""A case's details, as their page sends them."""

from __future__ import annotations

from typing import Any

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Field, Fieldset, Fixed, Fluid, Layout, Size
from django import forms

from cases.details import DETAIL_FIELDS, SECTIONS, Detail
from cases.models import DISPOSALS_OF_GROUP, Case, DisposalType, Factor
from inspections.dates import DateInBoxes

FEW = 6
"""Up to so many choices are shown at once; more go into a list that opens."""

SHORT = 16
"""Choices whose words are all shorter than this stand in a row."""

NOT_RECORDED = ("", "Not recorded")


class DetailsForm(forms.ModelForm):
    """Every detail of a case, none required: an inspector fills them in as they come up.

    ``base_version`` is the version of the details that the page was made from.
    """

    base_version = forms.IntegerField(
        min_value=0,
        max_value=2_147_483_647,
        widget=forms.HiddenInput,
    )
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
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            "base_version",
            *(
                Fieldset(
                    *(self._laid_out(detail) for detail in section.details),
                    legend=section.title,
                    legend_size=Size.MEDIUM,
                    legend_tag="h2",
                )
                for section in SECTIONS
            ),
        )

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

    def _laid_out(self, detail: Detail) -> Field:
        field = self.fields[detail.field]
        if isinstance(field.widget, forms.RadioSelect):
            labels = [str(label) for _, label in field.choices]  # type: ignore[attr-defined]
            short = max(len(label) for label in labels) < SHORT
            return Field.radios(detail.field, legend_size=Size.SMALL, inline=short, small=True)
        if isinstance(field.widget, forms.CheckboxSelectMultiple):
            return Field.checkboxes(detail.field, legend_size=Size.SMALL, small=True)
        if isinstance(field, DateInBoxes):
            return Field(detail.field, context={"legend_size": Size.for_legend(Size.SMALL)})
        if isinstance(field.widget, forms.Textarea):
            return Field.textarea(detail.field, label_size=Size.SMALL, rows=3)
        if isinstance(field.widget, forms.Select):
            return Field(detail.field, context={"label_size": Size.for_label(Size.SMALL)})
        width = Fixed.THREE if detail.field == "age" else Fluid.TWO_THIRDS
        return Field.text(detail.field, label_size=Size.SMALL, field_width=width)

    def details(self) -> dict[str, Any]:
        """The details by field name; once valid."""
        return {name: self.cleaned_data[name] for name in DETAIL_FIELDS}
