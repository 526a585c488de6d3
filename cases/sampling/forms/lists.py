"""What the pages of lists take: a file, its columns, taking it, and choices about listed cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from crispy_forms_gds.layout import Field
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from cases.caseload.lists import FIELDS, NotAList, ReadList, read_list
from cases.detail_inputs import LONGEST_TEXT
from cases.models import CaseList, LeadChoice
from cases.sampling.eligible import Listed
from inspections.forms import FilterForm, LaidOutForm, Paragraphs

MOST_BYTES = 20_000_000
"""Of a file; the reader says so too, but a larger one is not even read into memory."""


class ListForm(LaidOutForm):
    """A list of cases; ``read`` holds it, and ``sha256`` the digest of its file, once valid.

    ``mapping`` says which of our headings a heading of the file is read as.
    """

    label_size = ""
    file = forms.FileField(
        label="List of cases",
        help_text="A CSV, Excel (.xlsx) or OpenDocument (.ods) file. It is read and not kept.",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xlsm,.ods"}),
        error_messages={
            "required": "Choose the service’s list of cases.",
            "empty": "The file is empty.",
            "max_length": "Give the file a shorter name.",
        },
    )

    asks = forms.BooleanField(required=False, label="Ask me which column is which")

    def __init__(
        self,
        *args: Any,
        mapping: Mapping[str, str] | None = None,
        may_ask: bool = True,
        **kwargs: Any,
    ) -> None:
        """``may_ask`` is false where it is being said."""
        super().__init__(*args, **kwargs)
        if not may_ask:
            del self.fields["asks"]
        self.mapping = mapping or {}
        self.read: ReadList | None = None
        self.sha256 = ""

    def laid_out(self, name: str) -> Any:
        return Field.checkbox(name) if name == "asks" else super().laid_out(name)

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if file.size and file.size > MOST_BYTES:
            raise ValidationError("The file has more than 20 MB. Leave out what is no case.")
        content = file.read()
        try:
            self.read = read_list(
                content, name=file.name or "", mapping=self.mapping, today=timezone.localdate()
            )
        except NotAList as error:
            raise ValidationError(f"Nothing was loaded. {error}") from error
        self.sha256 = sha256(content).hexdigest()
        return file


HEADINGS = [field.heading for field in FIELDS]
NOT_READ = [("", "Not read")]


class ColumnsForm(forms.Form):
    """Which column of a file holds what: for each heading found, one of ours or none."""

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, read: ReadList | None = None
    ) -> None:
        super().__init__(data)
        self.headings = (
            [name for name in read.headings if name not in read.dropped]
            if read
            else [
                str(value)
                for name, value in sorted((data or {}).items())
                if name.startswith("heading-")
            ]
        )
        for place, heading in enumerate(self.headings):
            self.fields[f"column-{place:03}"] = forms.ChoiceField(
                label=heading,
                required=False,
                choices=[*NOT_READ, *((name, name) for name in HEADINGS)],
                initial=read.mapping.get(heading, "") if read else "",
                widget=forms.Select(attrs={"class": "govuk-select"}),
            )

    @property
    def rows(self) -> list[tuple[str, str, forms.BoundField]]:
        """For each heading, the name of its hidden input and its field."""
        return [
            (f"heading-{place:03}", heading, self[f"column-{place:03}"])
            for place, heading in enumerate(self.headings)
        ]

    def mapping(self) -> dict[str, str]:
        self.full_clean()
        return {
            heading: self.cleaned_data.get(f"column-{place:03}", "")
            for place, heading in enumerate(self.headings)
        }


class TakeForm(LaidOutForm):
    """Taking a list: rows with problems are left out knowingly, and what to do about cases that an
    earlier list has."""

    leaves_out = forms.BooleanField(
        label="Leave out the rows with problems",
        error_messages={
            "required": "Tick that the rows with problems are left out, or correct the list and "
            "load it again."
        },
    )
    earlier = forms.ChoiceField(
        label="Cases that an earlier list has",
        choices=[
            ("update", "Take what this list says about them"),
            ("leave", "Leave them as they are"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what to do about cases that an earlier list has."},
    )

    def __init__(self, *args: Any, case_list: CaseList, known: int) -> None:
        super().__init__(*args)
        if case_list.problems:
            number = case_list.rows_left_out
            rows = "1 row" if number == 1 else f"{number} rows"
            self.fields["leaves_out"].label = f"Leave out the {rows} with problems"
        else:
            del self.fields["leaves_out"]
        if not known:
            del self.fields["earlier"]

    def laid_out(self, name: str) -> Any:
        return Field.checkbox(name) if name == "leaves_out" else Field.radios(name)

    @property
    def leaves_rows_out(self) -> bool:
        return bool(self.cleaned_data.get("leaves_out"))

    @property
    def replaces_earlier(self) -> bool:
        return self.cleaned_data.get("earlier") == "update"


class EligibleFilterForm(FilterForm):
    """Which listed cases of a group to show."""

    show = forms.ChoiceField(
        label="Show",
        choices=[("", "All cases"), ("eligible", "Eligible"), ("left_out", "Left out")],
    )
    reference = forms.CharField(label="Case reference")

    def chosen(self, listed: Iterable[Listed]) -> list[Listed]:
        show, part = self.asked.get("show"), self.asked.get("reference", "").casefold()
        return [
            one
            for one in listed
            if part in one.case.reference.casefold()
            and (not show or (one.exclusion is None) is (show == "eligible"))
        ]


class ChoiceForm(LaidOutForm):
    """What the lead decides about one listed case."""

    kind = forms.ChoiceField(
        label="What should happen with this case?",
        choices=[
            (LeadChoice.Kind.LEFT_OUT, "Leave it out"),
            (LeadChoice.Kind.KEPT, "Keep it"),
            (LeadChoice.Kind.WITHDRAWN, "Go by the rules"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what should happen with this case."},
    )
    reason = Paragraphs(
        rows=3,
        max_length=LONGEST_TEXT,
        label="Why",
        missing="Enter why.",
        called="the reason",
    )

    def laid_out(self, name: str) -> Any:
        return Field.radios(name) if name == "kind" else Field.textarea(name, rows=3)
