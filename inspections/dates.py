"""A date in three boxes, day, month and year, as every form asks for one."""

from __future__ import annotations

from datetime import date
from typing import Any

from crispy_forms_gds.fields import DateInputField
from django import forms
from django.utils import timezone


class DateInBoxes(DateInputField):
    """Refuses in ``not_real``'s words a day that isn't in the calendar, however long its digits;
    with ``past_only`` a day still to come, too."""

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
