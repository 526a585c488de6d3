from __future__ import annotations

from typing import Any

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from cases.outbox_file import MOST_BYTES, OutboxFile, read_outbox_file
from inspections.framework import NotValid
from inspections.models import Inspection


class OutboxFileForm(forms.Form):
    """The file of what waited on a device; ``read`` once valid."""

    file = forms.FileField(
        label="File",
        help_text="The inspector gets it with “Download as a file”, on the page of what waits.",
        error_messages={
            "required": "Choose the file to load.",
            "empty": "The file is empty. Choose the file that the device wrote.",
        },
    )

    def __init__(self, *args: Any, inspection: Inspection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.inspection = inspection
        self.read: OutboxFile | None = None
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        # With a layout the form leaves its error summary to the page.
        self.helper.layout = Layout("file")

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if file.size and file.size > MOST_BYTES:
            raise ValidationError("The file is larger than 5 MB. A device’s own file is smaller.")
        try:
            self.read = read_outbox_file(file.read(), file.name or "file", self.inspection)
        except NotValid as error:
            faults = str(error).splitlines()
            raise ValidationError([f"Nothing was loaded. In {one}." for one in faults]) from error
        if not self.read.saves:
            raise ValidationError("The file holds nothing for this inspection.")
        return file
