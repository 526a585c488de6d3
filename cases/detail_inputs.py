"""The inputs of a case's details: how each is typed, checked and shown again.

The page's form and the saves of single details use the same fields, and so the same words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from cases.details import DETAIL_FIELDS, SECTIONS
from cases.models import DISPOSALS_OF_GROUP, Case, DisposalType, Factor
from inspections.forms import DateInBoxes, Paragraphs, TypedText

LONGEST_TEXT = 20_000
"""How many characters a note, a comment or another long text may have."""

FEW = 6
"""Up to this number, choices are radios; with more, a select."""

NOT_RECORDED = ("", "Not recorded")

BOXES = 3
"""Of a date: day, month and year."""

Typed = str | list[str]
"""What the inputs of a detail hold: a text, or a list (the chosen values; day, month, year)."""


def detail_inputs(group: str) -> dict[str, forms.Field]:
    """The form fields of every detail of a case in ``group``, by name; none is required."""
    inputs = {}
    for section in SECTIONS:
        for detail in section.details:
            field = inputs[detail.field] = _input(detail.field, group)
            field.label, field.help_text = detail.label, detail.hint
    return inputs


def _input(name: str, group: str) -> forms.Field:
    if name == "factors":
        return forms.MultipleChoiceField(
            required=False, choices=Factor.choices, widget=forms.CheckboxSelectMultiple
        )
    if name == "disposal_date":
        return DateInBoxes(required=False, past_only=True)
    if name == "age":
        return forms.IntegerField(
            required=False,
            min_value=8,
            max_value=21,
            widget=forms.TextInput(attrs={"inputmode": "numeric"}),
            error_messages=dict.fromkeys(
                ["invalid", "min_value", "max_value"], "Enter the age in years, from 8 to 21."
            ),
        )
    field: Any = Case._meta.get_field(name).formfield()  # type: ignore[union-attr]
    if isinstance(field, forms.TypedChoiceField):
        choices = list(Case._meta.get_field(name).flatchoices)  # type: ignore[union-attr]
        if name == "disposal_type":
            offered = DISPOSALS_OF_GROUP[group]
            choices = [(value, DisposalType(value).label) for value in offered]
        if len(choices) <= FEW:
            field.widget = forms.RadioSelect()
        field.choices = [NOT_RECORDED, *choices]
    elif isinstance(field.widget, forms.Textarea):
        return Paragraphs(rows=3, required=False, max_length=LONGEST_TEXT)
    else:
        return TypedText(required=False, max_length=field.max_length)
    return field


def clean_detail(name: str, field: forms.Field, typed: Typed) -> Any:
    """The value that was typed, as the case has it. Raises ``ValidationError``."""
    is_date = isinstance(field, DateInBoxes)
    takes_a_list = is_date or isinstance(field, forms.MultipleChoiceField)
    if isinstance(typed, list) is not takes_a_list or (is_date and len(typed) != BOXES):
        raise forms.ValidationError("Open the page again and enter this anew.")
    return field.clean(field.widget.value_from_datadict(posted(name, typed), {}, name))


def posted(name: str, typed: Typed) -> Mapping[str, Any]:
    """What a form posts for these inputs."""
    if name == "disposal_date":
        return {f"{name}_{place}": part for place, part in enumerate(typed)}
    return {name: typed}


def typed_as(name: str, value: Any) -> Typed:
    """A value as the case has it, as its inputs show it."""
    assert name in DETAIL_FIELDS
    if name == "disposal_date":
        return [str(value.day), str(value.month), str(value.year)] if value else ["", "", ""]
    if isinstance(value, list):
        return value
    return "" if value is None else str(value)
