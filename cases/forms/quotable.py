"""The form beside a note that marks it as quotable."""

from __future__ import annotations

from django import forms

from inspections.forms import VersionForm


class QuotableForm(VersionForm):
    """``base_version`` is the version of the answer that was read; ``mark`` is the button."""

    case = forms.IntegerField(min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    mark = forms.ChoiceField(choices=[("quotable", "Quotable"), ("not", "Not quotable")])
