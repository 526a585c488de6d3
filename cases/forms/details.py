"""The form of a case's details."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crispy_forms_gds.layout import Div, Field, Fieldset, Fixed, Fluid, Size
from django import forms

from cases.actions import CurrentDetail, current_details
from cases.detail_inputs import detail_inputs
from cases.details import DETAIL_FIELDS, SECTIONS, TYPED_DETAILS
from cases.models import Case
from inspections.forms import VersionForm
from inspections.models import User

SHORT = 16
"""Radios whose labels are all shorter than this are shown in a row."""


class Detail(Div):
    """The inputs of a detail, with what scripts need to save it, and when it was saved."""

    template = "cases/detail.html"

    def __init__(
        self,
        inputs: Any,
        name: str,
        label: str,
        current: CurrentDetail,
        reader: User,
        *,
        is_typed: bool,
    ):
        super().__init__(inputs)
        self.name, self.label, self.current, self.reader = name, label, current, reader
        self.is_typed = is_typed


class DetailsForm(VersionForm):
    """Every detail of ``case``; none is required. It shows ``reader`` who saved what."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, case: Case, reader: User) -> None:
        initial = {name: getattr(case, name) for name in DETAIL_FIELDS}
        super().__init__(data, initial=initial | {"base_version": case.version})
        self.fields |= detail_inputs(case.group)
        self.current = current_details(case, DETAIL_FIELDS)
        self.reader = reader

    def layout(self) -> Iterator[Any]:
        yield "base_version"
        for section in SECTIONS:
            yield Fieldset(
                *(
                    Detail(
                        self.laid_out(detail.field),
                        detail.field,
                        detail.label,
                        self.current[detail.field],
                        self.reader,
                        is_typed=detail.field in TYPED_DETAILS,
                    )
                    for detail in section.details
                ),
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
            return Field.textarea(name, rows=field.widget.attrs["rows"])
        if isinstance(field.widget, forms.TextInput):
            return Field.text(name, field_width=Fixed.THREE if name == "age" else Fluid.TWO_THIRDS)
        return name

    def details(self) -> dict[str, Any]:
        """The details by field name; once valid."""
        return {name: self.cleaned_data[name] for name in DETAIL_FIELDS}
