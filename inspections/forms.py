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
from django.core.validators import MaxLengthValidator, RegexValidator
from django.utils import timezone

from inspections.typed_text import one_line_end, shows_nothing, typed_length


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


class LongestTyped(MaxLengthValidator):
    """The most characters, counted as the browser counts them."""

    def clean(self, x: str) -> int:  # type: ignore[override]  # a text, not anything sized
        return typed_length(x)


class TypedText(forms.CharField):
    """Text of one line.

    ``missing`` is said where nothing was entered, and ``called`` is what the text is called where
    it is too long. A text that shows nothing counts as none.
    """

    def __init__(self, *, missing: str = "", called: str = "this", **options: Any) -> None:
        super().__init__(**options)
        self.error_messages["max_length"] = too_long(called)
        if missing:
            self.error_messages["required"] = missing
        if self.max_length is not None:
            others = [one for one in self.validators if not isinstance(one, MaxLengthValidator)]
            self.validators = [*others, LongestTyped(self.max_length)]

    def to_python(self, value: Any) -> str:
        text = str(super().to_python(value))
        return "" if shows_nothing(text) else text

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Without ``maxlength``: a browser cuts off what is pasted beyond it, without a word."""
        attrs: dict[str, Any] = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs


class Paragraphs(TypedText):
    """Text of several lines. The end of a line is one character, as where scripts send it."""

    def __init__(self, *, rows: int = 5, **options: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **options)

    def to_python(self, value: Any) -> str:
        return one_line_end(str(super().to_python(value)))


FOUR_DIGITS = "Enter a year of four digits from 1900 on, such as 2021."

four_digits = RegexValidator(r"^(19|20)[0-9]{2}$", FOUR_DIGITS)
"""For what is typed as the year of any date: 21 and 0021 are the year 21, and 2121 is a slip."""


class DateInBoxes(DateInputField):
    """A date in three boxes, day, month and year of four digits.

    Refuses in ``not_real``'s words a day that isn't in the calendar, however long its digits;
    with ``past_only`` a day still to come, too. ``missing`` is said where none was entered.
    """

    def __init__(
        self,
        *,
        not_real: str = "Enter a real date, such as 14 3 2026.",
        past_only: bool = False,
        missing: str = "",
        **options: Any,
    ) -> None:
        super().__init__(require_all_fields=False, **options)
        if missing:
            self.error_messages["required"] = missing
        _, _, year = self.fields
        year.validators = [four_digits]
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
