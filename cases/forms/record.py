"""The form of the answers to one standard of one case."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from cases.actions import Save
from cases.changed_answers import Content, content_of, version_of
from cases.contradictions import prompts_against
from cases.detail_inputs import LONGEST_TEXT
from cases.models import Answer, AnswerValue, Comment
from cases.progress import standard_questions
from cases.save_parsing import LAST_VERSION
from cases.words import anchor
from inspections.forms import Paragraphs
from inspections.framework import Edition, KeyQuestion, Prompt, Standard
from inspections.typed_text import one_line_end

QUESTION_FIELD = re.compile(r"(?P<code>.+)-(value|note|base|conflict|keep)")


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question on its page: its current answer, and what its fields show.

    ``value`` and ``note`` are the submitted or the current ones; ``base`` is the version to send
    next. With ``has_conflict`` the page asks which of the two to keep; ``is_unsaved`` says that
    the submitted answer can't be saved any more.
    """

    asked: KeyQuestion | Prompt
    answer: Answer | None
    choices: list[tuple[str, str]]
    value: str
    note: str
    base: int
    errors: Mapping[str, str]
    has_conflict: bool
    is_unsaved: bool
    contradiction: str
    prompts: list[tuple[str, str]]
    """Of a key question: the code and the value of each of its prompts, as shown."""
    comments: list[Comment]

    @property
    def is_key_question(self) -> bool:
        return isinstance(self.asked, KeyQuestion)


class RecordForm(forms.Form):
    """Checks the fields of each question: ``2.1.1a-value``, ``-note`` and ``-base``.

    ``-base`` is the version that the page showed. A page that shows a conflict also sends
    ``-conflict``, and then needs ``-keep``: ``mine`` or ``theirs``. A question that isn't sent is
    not changed.
    """

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        edition: Edition,
        standard: Standard,
        answers: Mapping[str, Answer],
        read_only: bool = False,
        comments: Collection[Comment] = (),
    ) -> None:
        super().__init__(data)
        self.edition = edition
        self.standard = standard
        self.answers = answers
        self.read_only = read_only
        self.comments = comments
        self.codes = standard_questions(standard)
        self.sent = [code for code in self.codes if data is not None and _is_sent(code, data)]
        self.show_submitted = set(self.sent)
        """The questions to show as submitted; all others show the current answer."""
        self.conflicts: set[str] = set()
        for code in self.sent:
            self.fields |= self._fields_of(code)

    def _fields_of(self, code: str) -> dict[str, forms.Field]:
        allows_na = self.edition.allows_not_applicable(code)
        expected = "Yes, No or Not applicable" if allows_na else "Yes or No"
        return {
            f"{code}-value": forms.ChoiceField(
                required=False,
                choices=[("", ""), *self._choices(code)],
                error_messages={
                    "invalid_choice": f"Question {code} is answered {expected} in every case."
                },
            ),
            f"{code}-note": Paragraphs(
                required=False, max_length=LONGEST_TEXT, called=f"the note on {code}"
            ),
            f"{code}-base": forms.IntegerField(
                min_value=0,
                max_value=LAST_VERSION - 1,
                error_messages=dict.fromkeys(
                    ["required", "invalid", "min_value", "max_value"], _lost_track(code)
                ),
            ),
            f"{code}-conflict": forms.BooleanField(required=False),
            f"{code}-keep": forms.ChoiceField(
                required=False, choices=[("", ""), ("mine", ""), ("theirs", "")]
            ),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        for code in self.sent:
            differs = self._submitted(code) != content_of(self.answers.get(code))
            if f"{code}-base" in self.errors:
                if code in self.answers and differs:
                    self.conflicts.add(code)
            elif cleaned.get(f"{code}-conflict") and not cleaned.get(f"{code}-keep") and differs:
                self.conflicts.add(code)
                self.add_error(f"{code}-keep", f"Choose which answer to {code} to keep.")
        for name in self.data:
            found = QUESTION_FIELD.fullmatch(name)
            if found and found["code"] not in self.codes:
                self.add_error(
                    None,
                    f"Question {found['code'][:20]} is not asked in this standard, "
                    "so nothing was saved. Check the answers below and save again.",
                )
        return cleaned

    def submitted(self) -> list[Save]:
        """The submitted answers, without those that give way to the other answer; once valid."""
        return [
            Save(
                code,
                self.cleaned_data[f"{code}-value"],
                self.cleaned_data[f"{code}-note"],
                self.cleaned_data[f"{code}-base"],
            )
            for code in self.sent
            if self.cleaned_data[f"{code}-keep"] != "theirs"
        ]

    def show_conflicts(self, codes: Iterable[str]) -> None:
        """Show these beside the current answers, and for all others the current answer."""
        self.conflicts = self.show_submitted = set(codes)
        for code in self.conflicts - self.answers.keys():
            self.add_error(f"{code}-base", _lost_track(code))

    @property
    def problems(self) -> Iterator[tuple[str, str]]:
        """Each error with the id of its field."""
        for message in self.non_field_errors():
            yield "answers", str(message)
        for code in self.sent:
            for name, message in self._errors_of(code).items():
                target = name if name in {"note", "keep"} else "value"
                yield f"{anchor(code)}-{target}", message

    @property
    def conflict_codes(self) -> list[str]:
        """The questions to choose an answer to, in the order they are asked."""
        return [code for code in self.codes if code in self.conflicts]

    @property
    def sections(self) -> Iterator[tuple[KeyQuestion, list[QuestionView]]]:
        """Each key question, with its prompts before itself."""
        for key_question in self.standard.key_questions:
            asked: list[KeyQuestion | Prompt] = [*key_question.prompts, key_question]
            yield key_question, [self.question(one) for one in asked]

    def question(self, asked: KeyQuestion | Prompt) -> QuestionView:
        """Everything there is to show of one question."""
        code = asked.code
        answer = self.answers.get(code)
        shows_submitted = code in self.show_submitted and not self.read_only
        content = self._content(code)
        prompts = asked.prompts if isinstance(asked, KeyQuestion) else ()
        return QuestionView(
            asked=asked,
            answer=answer,
            choices=self._choices(code),
            value=content[0],
            note=content[1],
            base=self._base(code) if shows_submitted else version_of(answer),
            errors=self._errors_of(code) if shows_submitted else {},
            has_conflict=shows_submitted and answer is not None and code in self.conflicts,
            is_unsaved=self.read_only and content != content_of(answer),
            contradiction=self._contradiction(asked) if isinstance(asked, KeyQuestion) else "",
            prompts=[(one.code, self._content(one.code)[0]) for one in prompts],
            comments=[comment for comment in self.comments if comment.question == code],
        )

    def _contradiction(self, question: KeyQuestion) -> str:
        values = {code: answer.value for code, answer in self.answers.items()}
        against = prompts_against(question, values)
        return against.words if against else ""

    def _choices(self, code: str) -> list[tuple[str, str]]:
        allows_na = self.edition.allows_not_applicable(code)
        return [
            (value, label)
            for value, label in AnswerValue.choices
            if allows_na or value != AnswerValue.NOT_APPLICABLE
        ]

    def _content(self, code: str) -> Content:
        """The submitted or the current answer, whichever is shown."""
        if code in self.show_submitted:
            return self._submitted(code)
        return content_of(self.answers.get(code))

    def _submitted(self, code: str) -> Content:
        note = one_line_end(str(self.data.get(f"{code}-note", "")).strip())
        return str(self.data.get(f"{code}-value", "")), note

    def _base(self, code: str) -> int:
        """The version to send next: the current one if the page shows that answer too."""
        if code in self.conflicts or f"{code}-base" in self.errors:
            return version_of(self.answers.get(code))
        return int(self.cleaned_data[f"{code}-base"])

    def _errors_of(self, code: str) -> dict[str, str]:
        return {
            name: str(self.errors[f"{code}-{name}"][0])
            for name in ("value", "note", "base", "keep")
            if f"{code}-{name}" in self.errors
        }


def _lost_track(code: str) -> str:
    return (
        f"This page lost track of the saved answer to {code}. "
        "Check what is saved now, and save again."
    )


def _is_sent(code: str, data: Mapping[str, Any]) -> bool:
    return any(f"{code}-{part}" in data for part in ("value", "note", "base"))
