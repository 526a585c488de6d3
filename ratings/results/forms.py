"""What people send about a seal, and whether it can be."""

from __future__ import annotations

from typing import Any

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Layout, Size
from django import forms


class AgreeForm(forms.Form):
    """The digest of the result that the page showed."""

    result_sha256 = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)


class ReopenForm(forms.Form):
    reason = forms.CharField(
        label="Why is the result reopened?",
        help_text="What was found to be wrong and has to be put right. The reason is kept for ever "
        "and stands in the next seal.",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            "required": "Enter why the result is reopened",
            "max_length": "Shorten the reason to %(limit_value)d characters. "
            "It has %(show_value)d.",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.label_size = Size.SMALL
        self.helper.layout = Layout("reason", Button.warning("reopen", "Reopen the result"))
