"""What is sent about a finding or a piece of evidence, and whether it can be."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import Any

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Field, Fixed, Fluid, Layout, Size
from django import forms

from inspections.dates import DateInBoxes
from inspections.framework import Edition
from ratings.models import Evidence, Finding

LONGEST_TEXT = 5_000
LONGEST_TITLE = 200
LONGEST_ROLES = 500
MOST_SURVEYS = 100_000
TOO_LONG = "Shorten this to %(limit_value)d characters. It has %(show_value)d."

Kind = Evidence.Kind
FINDING_KINDS = {kind.lower().replace("_", "-"): kind for kind in Finding.Kind}
"""The kinds of finding by the word in an address."""
EVIDENCE_KINDS = {kind.lower().replace("_", "-"): kind for kind in Kind}
"""The kinds of evidence by the word in an address."""


def _version() -> forms.IntegerField:
    return forms.IntegerField(
        min_value=0,
        max_value=2_147_483_647,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ["required", "invalid", "min_value", "max_value"],
            "This page lost track of what was saved. Open it again.",
        ),
    )


def _line_feeds(text: str) -> str:
    return text.replace("\r\n", "\n")


class VersionForm(forms.Form):
    """``base_version`` alone: the version that a page showed when it asked once more."""

    base_version = _version()


class FindingForm(forms.Form):
    """A strength or an area for improvement, and the pieces it rests on in particular.

    ``pieces`` are those used under its key question; ``base_version`` is 0 for a new one.
    """

    text = forms.CharField(
        max_length=LONGEST_TEXT,
        widget=forms.Textarea,
        error_messages={"max_length": TOO_LONG},
    )
    rests_on = forms.TypedMultipleChoiceField(
        label="What it rests on",
        help_text="Select the evidence that shows it. With nothing selected it rests on all "
        "the evidence of this key question.",
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": "A piece you selected is no longer used under this key question. "
            "Check the list and save again."
        },
    )
    base_version = _version()

    def __init__(self, *args: Any, kind: str, pieces: Sequence[Evidence], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label = Finding.Kind(kind).label
        self.fields["text"].label = label
        self.fields["text"].help_text = (
            "One point, in a sentence that could stand in the report. No names of children or "
            "staff."
        )
        self.fields["text"].error_messages["required"] = f"Enter the {label.lower()}."
        if pieces:
            choices = [(piece.pk, f"{piece.get_kind_display()}: {piece}") for piece in pieces]
            self.fields["rests_on"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["rests_on"]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        layout = ["base_version", Field.textarea("text", label_size=Size.SMALL, rows=4)]
        if pieces:
            layout.append(Field.checkboxes("rests_on", legend_size=Size.SMALL, small=True))
        self.helper.layout = Layout(*layout)

    def clean_text(self) -> str:
        return _line_feeds(self.cleaned_data["text"])

    @property
    def pieces_chosen(self) -> Collection[int]:
        """The numbers of the pieces that it names; once valid."""
        chosen: list[int] = self.cleaned_data.get("rests_on", [])
        return chosen


class EvidenceForm(forms.Form):
    """A piece of evidence: the fields of its kind, and where it is used.

    The title of case data is the question itself.
    """

    title = forms.CharField(
        label="Title",
        max_length=LONGEST_TITLE,
        error_messages={"required": "Enter a title.", "max_length": TOO_LONG},
    )
    case_question = forms.ChoiceField(
        label="Question asked in cases",
        help_text="Its figure is read from the cases whenever this evidence is shown.",
        error_messages=dict.fromkeys(
            ["required", "invalid_choice"], "Select a question that is asked in cases."
        ),
    )
    evidence_date = DateInBoxes(label="Date", past_only=True)
    roles = forms.CharField(
        max_length=LONGEST_ROLES,
        error_messages={"max_length": TOO_LONG},
    )
    sent = forms.IntegerField(
        label="Number sent",
        min_value=1,
        max_value=MOST_SURVEYS,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(
            ["required", "invalid", "min_value", "max_value"],
            f"Enter how many were sent, as a whole number from 1 to {MOST_SURVEYS:,}.",
        ),
    )
    returned = forms.IntegerField(
        label="Number returned",
        min_value=0,
        max_value=MOST_SURVEYS,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(
            ["required", "invalid", "min_value", "max_value"],
            f"Enter how many came back, as a whole number from 0 to {MOST_SURVEYS:,}.",
        ),
    )
    notes = forms.CharField(
        label="Notes",
        help_text="What it shows, in plain words. No names of children or staff.",
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea,
        error_messages={"max_length": TOO_LONG},
    )
    key_questions = forms.MultipleChoiceField(
        label="Key questions it bears on",
        help_text="Select all that apply.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Select key questions of this inspection’s edition."},
    )
    base_version = _version()

    def __init__(self, *args: Any, kind: str, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = Kind(kind)
        self.edition = edition
        for name in {*self.fields} - {*FIELDS[self.kind], "key_questions", "base_version"}:
            del self.fields[name]
        for name, words in WORDS[self.kind].items():
            field = self.fields[name]
            field.label = words.label
            field.help_text = words.hint
            field.required = bool(words.missing)
            field.error_messages["required"] = words.missing
        if "case_question" in self.fields:
            choices = [("", "Select a question"), *case_question_choices(edition)]
            self.fields["case_question"].choices = choices  # type: ignore[attr-defined]
        self.fields["key_questions"].choices = list(  # type: ignore[attr-defined]
            key_question_choices(edition)
        )
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            "base_version",
            *(self._laid_out(name) for name in FIELDS[self.kind]),
            Field.checkboxes("key_questions", legend_size=Size.SMALL, small=True),
        )

    def _laid_out(self, name: str) -> Field:
        if name == "evidence_date":
            return Field(name, context={"legend_size": Size.for_legend(Size.SMALL)})
        if name == "notes":
            return Field.textarea(name, label_size=Size.SMALL, rows=5)
        if name == "case_question":
            return Field(name, context={"label_size": Size.for_label(Size.SMALL)})
        width = Fixed.FIVE if name in {"sent", "returned"} else Fluid.FULL
        return Field.text(name, label_size=Size.SMALL, field_width=width)

    def clean_notes(self) -> str:
        return _line_feeds(self.cleaned_data["notes"])

    def clean(self) -> dict[str, Any]:
        sent, returned = (self.cleaned_data.get(name) for name in ("sent", "returned"))
        if sent is not None and returned is not None and returned > sent:
            self.add_error(
                "returned", f"Enter a number up to {sent}: no more can come back than were sent."
            )
        return self.cleaned_data

    def details(self) -> dict[str, Any]:
        """What the piece holds, by the names of ``Evidence``'s fields; once valid."""
        found = {name: self.cleaned_data[name] for name in FIELDS[self.kind]}
        if self.kind is Kind.CASE_DATA:
            found["title"] = case_data_title(self.edition, found["case_question"])
        return found


@dataclass(frozen=True, slots=True)
class Words:
    """How a kind of evidence calls a field; ``missing`` is said where one can't leave it out."""

    label: str
    hint: str
    missing: str = ""


FIELDS: dict[str, tuple[str, ...]] = {
    Kind.DOCUMENT: ("title", "evidence_date", "notes"),
    Kind.MEETING: ("title", "evidence_date", "roles", "notes"),
    Kind.SURVEY: ("title", "sent", "returned", "notes"),
    Kind.INTERVIEW: ("title", "evidence_date", "roles", "notes"),
    Kind.CASE_DATA: ("case_question", "notes"),
}
"""What a piece of each kind holds."""

WORDS: dict[str, dict[str, Words]] = {
    Kind.DOCUMENT: {
        "title": Words("Title", "For example, Youth justice plan.", "Enter a title."),
        "evidence_date": Words(
            "Date of the document", "For example, 14 3 2026. Leave empty if it has none."
        ),
    },
    Kind.MEETING: {
        "title": Words(
            "Meeting", "For example, Management board.", "Enter what kind of meeting it was."
        ),
        "evidence_date": Words(
            "Date of the meeting", "For example, 14 3 2026.", "Enter the date of the meeting."
        ),
        "roles": Words(
            "Roles present",
            "Roles, never names: for example, chair of the board and two board members.",
            "Enter the roles of those present.",
        ),
    },
    Kind.SURVEY: {
        "title": Words("Survey", "For example, Survey of staff.", "Enter what survey it was."),
    },
    Kind.INTERVIEW: {
        "title": Words("Interview about", "For example, Workloads.", "Enter what it was about."),
        "evidence_date": Words(
            "Date of the interview", "For example, 14 3 2026.", "Enter the date of the interview."
        ),
        "roles": Words(
            "Role of the person interviewed",
            "A role, never a name: for example, operational manager.",
            "Enter the role of the person interviewed.",
        ),
    },
    Kind.CASE_DATA: {},
}


def case_question_choices(edition: Edition) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The questions asked in cases, by standard; key questions before their prompts."""
    for standard in edition.standards:
        if standard.is_qualitative:
            continue
        asked: list[tuple[str, str]] = []
        for question in standard.key_questions:
            asked.append(_asked(question.code, question.text))
            asked += (_asked(prompt.code, prompt.text) for prompt in question.prompts)
        yield f"{standard.code} {standard.name}", asked


def _asked(code: str, text: str) -> tuple[str, str]:
    return code, f"{code} {shorten(text, 110, placeholder=' …')}"


def key_question_choices(edition: Edition) -> Iterator[tuple[str, str]]:
    """The key questions of qualitative standards."""
    for standard in edition.standards:
        if standard.is_qualitative:
            for question in standard.key_questions:
                yield question.code, f"{question.code} {question.text}"


def case_data_title(edition: Edition, code: str) -> str:
    """The question, as the title of its figure."""
    asked = edition.prompts_by_code.get(code) or edition.key_questions_by_code[code]
    return shorten(f"{code} {asked.text}", LONGEST_TITLE, placeholder=" …")
