from __future__ import annotations

from typing import Any

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Layout
from django import forms

from cases.actions import HOLDERS
from inspections.models import Inspection, User


class AllocationForm(forms.Form):
    """Which inspector of the team is to record a case."""

    to = forms.ModelChoiceField(
        label="Allocate to",
        queryset=User.objects.none(),
        empty_label="Choose an inspector",
        error_messages={
            "required": "Choose who is to record this case.",
            "invalid_choice": "Choose an inspector of this inspection’s team.",
        },
    )

    def __init__(self, *args: Any, inspection: Inspection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = User.objects.filter(
            memberships__inspection=inspection, memberships__role__in=HOLDERS
        ).order_by("name")
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        # With a layout the form leaves its error summary to the page.
        self.helper.layout = Layout("to")
