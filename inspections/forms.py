"""Base classes and fields for forms of every app: layout, versions, long text, dates, filters."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any

from crispy_forms_gds.fields import DateInputField
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Layout, Size
from django import forms
from django.utils import timezone


def too_long(what: str = "this") -> str:
    """The error message for text over its limit."""
    return f"Shorten {what} to %(limit_value)d characters. It has %(show_value)d."


class LaidOutForm(forms.Form):
    """A form for ``{% crispy form %}``: its fields in the order they are declared.

    With a ``button`` it is rendered whole, and ends with the button of these words; without one
    the template writes the form element around it.
    """

    button = ""
    button_warns = False
    label_size: str = Size.SMALL

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.label_size = helper.legend_size = self.label_size
        helper.form_tag = bool(self.button)
        helper.disable_csrf = not self.button
        helper.layout = Layout(*self.layout())
        if self.button:
            button = Button.warning if self.button_warns else Button.primary
            helper.layout.append(button("save", self.button))
        return helper

    def layout(self) -> Iterable[Any]:
        return map(self.laid_out, self.fields)

    def laid_out(self, name: str) -> Any:
        """One field of the layout: its name, or a ``Field`` with options."""
        return name


class VersionForm(LaidOutForm):
    """``base_version``, the version that the page showed, 0 for none. Alone it is what a page
    that asks once more sends."""

    base_version = forms.IntegerField(
        min_value=0,
        max_value=2_147_483_647,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ["required", "invalid", "min_value", "max_value"],
            "This page lost track of what was saved. Open it again.",
        ),
    )


class Paragraphs(forms.CharField):
    """Text of several lines. The end of a line is one character, as where scripts send it.

    ``missing`` is said where nothing was entered, and ``called`` is what the text is called where
    it is too long.
    """

    def __init__(
        self, *, rows: int = 5, missing: str = "", called: str = "this", **options: Any
    ) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **options)
        self.error_messages["max_length"] = too_long(called)
        if missing:
            self.error_messages["required"] = missing

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")


class DateInBoxes(DateInputField):
    """A date in three boxes, day, month and year.

    Refuses in ``not_real``'s words a day that isn't in the calendar, however long its digits;
    with ``past_only`` a day still to come, too.
    """

    def __init__(
        self,
        *,
        not_real: str = "Enter a real date, such as 14 3 2026.",
        past_only: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(require_all_fields=False, **options)
        self.not_real = not_real
        self.past_only = past_only

    def compress(self, data_list: Any) -> date | None:
        try:
            found: date | None = super().compress(data_list)
        except (forms.ValidationError, OverflowError):
            raise forms.ValidationError(self.not_real) from None
        return found

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if self.past_only and day is not None and day > timezone.localdate():
            raise forms.ValidationError("Enter a date that is today or in the past.")
        return day


class FilterForm(forms.Form):
    """Which rows of a list to show; invalid values are ignored."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        classes = {"select": "govuk-select", "checkbox": "govuk-checkboxes__input"}
        for field in self.fields.values():
            field.required = False
            kind = getattr(field.widget, "input_type", "")
            field.widget.attrs["class"] = classes.get(kind, "govuk-input")

    @cached_property
    def asked(self) -> dict[str, Any]:
        """The valid filters, by field name."""
        self.full_clean()
        return {name: value for name, value in self.cleaned_data.items() if value}
