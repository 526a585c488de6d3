"""Forms of services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from inspections.forms import FilterForm, Paragraphs, TypedText, VersionForm
from inspections.models import Service
from inspections.names import clean_name

LONGEST_NAME = 200
LONGEST_ADDRESSES = 2_000


class ServiceForm(VersionForm):
    """A service: its name, its area and where it is written to."""

    name = TypedText(
        label="Name of the service",
        help_text="As it calls itself, for example Northmere Youth Justice Service",
        max_length=LONGEST_NAME,
        missing="Enter the name of the service.",
        called="the name",
    )
    area = TypedText(
        label="Area (optional)",
        help_text="The local authorities that it covers",
        max_length=LONGEST_NAME,
        required=False,
        called="the area",
    )
    contact_emails = Paragraphs(
        label="Email addresses of contact (optional)",
        help_text="One on each line, most important first",
        rows=3,
        max_length=LONGEST_ADDRESSES,
        required=False,
        called="the addresses",
    )

    def __init__(self, data: Any = None, *, service: Service) -> None:
        """``service`` is the current one, or a new one of version 0."""
        super().__init__(
            data,
            initial={
                "name": service.name,
                "area": service.area,
                "contact_emails": "\n".join(service.contact_emails),
                "base_version": service.version,
            },
        )

    def clean_name(self) -> str:
        name = clean_name(self.cleaned_data["name"])
        if not name:
            raise ValidationError("Enter the name of the service.")
        return name

    def clean_area(self) -> str:
        return clean_name(self.cleaned_data["area"])

    def clean_contact_emails(self) -> str:
        text: str = self.cleaned_data["contact_emails"]
        lines = [line for line in map(clean_name, text.split("\n")) if line]
        for line in lines:
            try:
                validate_email(line)
            except ValidationError:
                raise ValidationError(
                    f"“{line}” is not an email address. Enter one on each line."
                ) from None
        return "\n".join(dict.fromkeys(line.lower() for line in lines))

    def service(self) -> dict[str, Any]:
        """What to store."""
        cleaned = self.cleaned_data
        addresses = cleaned["contact_emails"].split()
        return {"name": cleaned["name"], "area": cleaned["area"], "contact_emails": addresses}

    def refuse_name(self) -> None:
        name = self.cleaned_data["name"]
        other = Service.objects.named(name).first() or name
        self.add_error(
            "name", f"There is a service of this name already: {other}. Open that one instead."
        )


class ServiceFilter(FilterForm):
    """Which services to list."""

    name = forms.CharField(label="Name or area")
