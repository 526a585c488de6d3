"""Forms of judgements, findings and evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import Any

from crispy_forms_gds.layout import Field
from django import forms
from django.forms.models import model_to_dict

from inspections.forms import DateInBoxes, Paragraphs, TypedText, VersionForm
from inspections.framework import Edition, KeyQuestion, Prompt
from ratings.evidence.judged import qualitative
from ratings.models import Evidence, Finding, Judgement, RatingChoice

LONGEST_RATIONALE = 20_000
LONGEST_TEXT = 5_000
LONGEST_TITLE = 200
LONGEST_ROLES = 500
MOST_SURVEYS = 100_000

Kind = Evidence.Kind


class JudgementForm(VersionForm):
    """A rating of a qualitative standard and why."""

    rating = forms.ChoiceField(
        label="Rating",
        choices=list(reversed(RatingChoice.choices)),
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose a rating.",
            "invalid_choice": "Choose one of the four ratings.",
        },
    )
    rationale = Paragraphs(
        label="Rationale",
        help_text="What the evidence shows, key question by key question, and why it comes to "
        "this rating.",
        max_length=LONGEST_RATIONALE,
        rows=12,
        missing="Enter the rationale for this rating.",
        called="the rationale",
    )

    def __init__(self, data: Any = None, *, judgement: Judgement) -> None:
        """``judgement`` is the current one, or a new one of version 0."""
        initial = model_to_dict(judgement, ["rating", "rationale"])
        super().__init__(data, initial=initial | {"base_version": judgement.version})


class FindingForm(VersionForm):
    """A strength or an area for improvement, and the evidence that it names."""

    text = Paragraphs(
        help_text="One point, in a sentence that could stand in the report. No names of children "
        "or staff.",
        max_length=LONGEST_TEXT,
        rows=4,
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

    def __init__(self, data: Any = None, *, finding: Finding, evidence: Sequence[Evidence]) -> None:
        """``finding`` is the current one, or a new one of version 0; ``evidence`` is all that is
        used under its key question."""
        named = {item.pk for item in finding.named_evidence} if finding.pk else set()
        initial = {
            "text": finding.text,
            "rests_on": [item.pk for item in evidence if item.pk in named],
            "base_version": finding.version,
        }
        super().__init__(data, initial=initial)
        label = finding.get_kind_display()
        self.fields["text"].label = label
        self.fields["text"].error_messages["required"] = f"Enter the {label.lower()}."
        if evidence:
            choices = [(item.pk, f"{item.get_kind_display()}: {item}") for item in evidence]
            self.fields["rests_on"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["rests_on"]

    def laid_out(self, name: str) -> Any:
        return Field.checkboxes(name, small=True) if name == "rests_on" else name


def _how_many(label: str, least: int, asked: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=MOST_SURVEYS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-5"}),
        error_messages=dict.fromkeys(
            ["required", "invalid", "min_value", "max_value"],
            f"Enter how many {asked}, as a whole number from {least} to {MOST_SURVEYS:,}.",
        ),
    )


class EvidenceForm(VersionForm):
    """An evidence item: the fields of its kind, and where it is used.

    The title of case data is the question itself.
    """

    title = TypedText(max_length=LONGEST_TITLE)
    case_question = forms.ChoiceField(
        label="Question asked in cases",
        help_text="Its figure is read from the cases whenever this evidence is shown.",
        error_messages=dict.fromkeys(
            ["required", "invalid_choice"], "Select a question that is asked in cases."
        ),
    )
    evidence_date = DateInBoxes(label="Date", past_only=True)
    roles = TypedText(max_length=LONGEST_ROLES)
    sent = _how_many("Number sent", 1, "were sent")
    returned = _how_many("Number returned", 0, "came back")
    notes = Paragraphs(
        label="Notes",
        help_text="What it shows, in plain words. No names of children or staff.",
        required=False,
        max_length=LONGEST_TEXT,
    )
    key_questions = forms.MultipleChoiceField(
        label="Related key questions",
        help_text="Select all that apply.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Select key questions of this inspection’s edition."},
    )

    def __init__(
        self, data: Any = None, *, evidence: Evidence, key_questions: Sequence[str] = ()
    ) -> None:
        """``evidence`` is the current item, or a new one of version 0, with ``key_questions``
        selected."""
        self.kind, edition = Kind(evidence.kind), evidence.inspection.framework
        initial = {name: getattr(evidence, name) for name in FIELDS[self.kind]}
        initial["key_questions"] = evidence.used_under if evidence.pk else key_questions
        initial["base_version"] = evidence.version
        super().__init__(data, initial=initial)
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
        self.fields["key_questions"].choices = [  # type: ignore[attr-defined]
            (
                f"{standard.code} {standard.name}",
                [(one.code, f"{one.code} {one.text}") for one in standard.key_questions],
            )
            for standard in qualitative(edition)
        ]

    def laid_out(self, name: str) -> Any:
        return Field.checkboxes(name, small=True) if name == "key_questions" else name

    def clean(self) -> dict[str, Any]:
        sent, returned = (self.cleaned_data.get(name) for name in ("sent", "returned"))
        if sent is not None and returned is not None and returned > sent:
            self.add_error(
                "returned", f"Enter a number up to {sent}: no more can come back than were sent."
            )
        return self.cleaned_data

    def details(self) -> dict[str, Any]:
        """The fields of ``Evidence`` by name; once valid."""
        details = {name: self.cleaned_data[name] for name in FIELDS[self.kind]}
        if self.kind is Kind.CASE_DATA:
            details["title"] = case_data_title(self.edition, details["case_question"])
        return details


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a field for a kind of evidence; with ``missing`` the field is required."""

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
"""The fields of each kind of evidence."""

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


def labels_of(kind: str) -> dict[str, str]:
    """The labels of what evidence of a kind holds, by the fields of ``Evidence``."""
    own = WORDS[kind]
    labels = {
        name: own[name].label if name in own else str(EvidenceForm.base_fields[name].label)
        for name in FIELDS[kind]
    }
    # The title of case data says its question in words.
    return {("title" if name == "case_question" else name): one for name, one in labels.items()}


def case_question_choices(edition: Edition) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The questions asked in cases, by standard; key questions before their prompts."""
    for standard in edition.standards:
        if standard.is_qualitative:
            continue
        asked: list[KeyQuestion | Prompt] = []
        for question in standard.key_questions:
            asked += [question, *question.prompts]
        yield (
            f"{standard.code} {standard.name}",
            [(one.code, f"{one.code} {shorten(one.text, 110, placeholder=' …')}") for one in asked],
        )


def case_data_title(edition: Edition, code: str) -> str:
    """The question, as the title of its figure."""
    asked = edition.prompts_by_code.get(code) or edition.key_questions_by_code[code]
    return shorten(f"{code} {asked.text}", LONGEST_TITLE, placeholder=" …")
