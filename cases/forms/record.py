"""The answers to one standard of one case, as a page sends them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Layout
from django import forms
from django.utils import timezone

from cases.actions import Save
from cases.changed_answers import content_of, version_of
from cases.contradictions import prompts_against
from cases.forms.layout import KeyQuestionBlock
from cases.forms.shown import Choice, Conflict, ShownQuestion
from cases.models import Answer, AnswerValue
from cases.presenters import NO_ANSWER, anchor, answer_words, moment_words, saved_words
from cases.progress import standard_questions
from cases.save_parsing import LAST_VERSION, LONGEST_NOTE
from cases.threads import NO_THREADS, Threads
from inspections.framework import Edition, KeyQuestion, Prompt, Standard
from inspections.models import User

A_QUESTION = re.compile(r"(?P<code>.+)-(value|note|base|conflict|keep)")


class NoteField(forms.CharField):
    """Text whose lines end as they do where scripts send it, so that it is as long as there."""

    def to_python(self, value: object) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")


class RecordForm(forms.Form):
    """Checks what is sent for each question: ``2.1.1a-value``, ``-note`` and ``-base``.

    ``-base`` is the version that the page was made from. A page that shows a conflict
    sends ``-conflict`` too, and then needs ``-keep``: ``mine`` or ``theirs``. A question
    that isn't sent at all is left as it is.
    """

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        edition: Edition,
        standard: Standard,
        answers: Mapping[str, Answer],
        reader: User,
        read_only: bool = False,
        threads: Threads = NO_THREADS,
    ) -> None:
        super().__init__(data)
        self.edition = edition
        self.standard = standard
        self.answers = answers
        self.reader = reader
        self.read_only = read_only
        self.threads = threads
        self.codes = standard_questions(standard)
        self.sent = [code for code in self.codes if data is not None and _is_sent(code, data)]
        self.typed = set(self.sent)
        """The questions to show as they were typed; all others as they stand."""
        self.conflicts: set[str] = set()
        for code in self.sent:
            self.fields |= self._fields_of(code)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*(KeyQuestionBlock(q) for q in standard.key_questions))

    def _fields_of(self, code: str) -> dict[str, forms.Field]:
        yes_or_no = "Yes or No" if not self._allows_na(code) else "Yes, No or Not applicable"
        return {
            f"{code}-value": forms.ChoiceField(
                required=False,
                choices=[("", ""), *self._choices(code)],
                error_messages={
                    "invalid_choice": f"Question {code} is answered {yes_or_no} in every case."
                },
            ),
            f"{code}-note": NoteField(
                required=False,
                max_length=LONGEST_NOTE,
                error_messages={
                    "max_length": f"Shorten the note on {code} to %(limit_value)d characters. "
                    "It has %(show_value)d."
                },
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
            if f"{code}-base" in self.errors:
                self._check_against_what_stands(code)
            elif cleaned.get(f"{code}-conflict") and not cleaned.get(f"{code}-keep"):
                self._need_a_choice(code)
        for name in self.data:
            found = A_QUESTION.fullmatch(name)
            if found and found["code"] not in self.codes:
                self.add_error(
                    None,
                    f"Question {found['code'][:20]} is not asked in this standard, "
                    "so nothing was saved. Check the answers below and save again.",
                )
        return cleaned

    def _check_against_what_stands(self, code: str) -> None:
        if self.answers.get(code) and self._typed_content(code) != content_of(self.answers[code]):
            self.conflicts.add(code)

    def _need_a_choice(self, code: str) -> None:
        if self._typed_content(code) == content_of(self.answers.get(code)):
            return
        self.conflicts.add(code)
        self.add_error(f"{code}-keep", f"Choose which answer to {code} to keep.")

    def submitted(self) -> list[Save]:
        """What was sent, without the questions whose other answer is kept; once valid."""
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
        """Show these beside what stands, and every other question as it stands."""
        self.conflicts = self.typed = set(codes)
        for code in self.conflicts - self.answers.keys():
            self.add_error(f"{code}-base", _lost_track(code))

    @property
    def problems(self) -> Iterator[tuple[str, str]]:
        """Each error with the id of what it is about."""
        for message in self.non_field_errors():
            yield "answers", str(message)
        for code in self.sent:
            for part, message in self._errors_of(code).items():
                target = "note" if part == "note" else "keep" if part == "keep" else "value"
                yield f"{anchor(code)}-{target}", message

    def question(self, code: str) -> ShownQuestion:
        """Everything there is to show of one question."""
        asked = self._asked(code)
        answer = self.answers.get(code)
        is_typed = code in self.typed and not self.read_only
        value, note = self._typed_content(code) if is_typed else content_of(answer)
        now = timezone.now()
        return ShownQuestion(
            code=code,
            anchor=anchor(code),
            text=asked.text,
            guidance=asked.guidance,
            is_key_question=isinstance(asked, KeyQuestion),
            version=version_of(answer),
            base=self._base(code) if is_typed else version_of(answer),
            choices=self._shown_choices(code, value, has_answer=bool(value or answer)),
            words=answer_words(answer.value if answer else ""),
            note=note,
            status=saved_words(answer, now, self.reader) if answer else "Not answered yet",
            errors=self._errors_of(code) if is_typed else {},
            conflict=self._conflict(code, answer, now) if is_typed and answer else None,
            unsaved=self._unsaved(code) if self.read_only and code in self.typed else None,
            warning=self._warning(asked) if isinstance(asked, KeyQuestion) else "",
            threads=self.threads.of(code),
            can_comment=self.threads.can_comment and self.read_only,
            new_comment=self.threads.new_comment_on(code),
        )

    def _warning(self, question: KeyQuestion) -> str:
        values = {code: answer.value for code, answer in self.answers.items()}
        against = prompts_against(question, values)
        return against.words if against else ""

    def _asked(self, code: str) -> KeyQuestion | Prompt:
        found = self.edition.prompts_by_code.get(code)
        return found or self.edition.key_questions_by_code[code]

    def _allows_na(self, code: str) -> bool:
        return self.edition.allows_not_applicable(code)

    def _choices(self, code: str) -> list[tuple[str, str]]:
        return [
            (value, label)
            for value, label in AnswerValue.choices
            if value != AnswerValue.NOT_APPLICABLE or self._allows_na(code)
        ]

    def _shown_choices(self, code: str, chosen: str, *, has_answer: bool) -> list[Choice]:
        first = f"{anchor(code)}-value"
        shown = [
            Choice(value, label, f"{first}-{number}" if number else first, value == chosen)
            for number, (value, label) in enumerate(self._choices(code))
        ]
        if has_answer:
            # A radio can't be unset without scripts, so taking an answer back is a choice.
            shown.append(Choice("", NO_ANSWER, f"{first}-none", not chosen, is_quiet=True))
        return shown

    def _typed_content(self, code: str) -> tuple[str, str]:
        note = str(self.data.get(f"{code}-note", "")).strip().replace("\r\n", "\n")
        return str(self.data.get(f"{code}-value", "")), note

    def _base(self, code: str) -> int:
        """The version to send next: of what is shown beside, where the page shows it."""
        if code in self.conflicts or f"{code}-base" in self.errors:
            return version_of(self.answers.get(code))
        return int(self.cleaned_data[f"{code}-base"])

    def _errors_of(self, code: str) -> dict[str, str]:
        return {
            part: str(self.errors[f"{code}-{part}"][0])
            for part in ("value", "note", "base", "keep")
            if f"{code}-{part}" in self.errors
        }

    def _conflict(self, code: str, answer: Answer, now: datetime) -> Conflict | None:
        if code not in self.conflicts:
            return None
        value, note = self._typed_content(code)
        is_own = answer.answered_by_id == self.reader.pk
        return Conflict(
            whose="The answer saved before" if is_own else f"{answer.answered_by}’s answer",
            who="You" if is_own else str(answer.answered_by),
            when=moment_words(answer.answered_at, now),
            words=answer_words(answer.value),
            note=answer.note,
            mine_words=answer_words(value) if value in AnswerValue.values else answer_words(""),
            mine_note=note,
            error=self._errors_of(code).get("keep", ""),
        )

    def _unsaved(self, code: str) -> dict[str, str] | None:
        value, note = self._typed_content(code)
        if (value, note) == content_of(self.answers.get(code)):
            return None
        return {"words": answer_words(value) if value in AnswerValue.values else "", "note": note}


def _lost_track(code: str) -> str:
    return (
        f"This page lost track of the saved answer to {code}. "
        "Check what is saved now, and save again."
    )


def _is_sent(code: str, data: Mapping[str, Any]) -> bool:
    return any(f"{code}-{part}" in data for part in ("value", "note", "base"))
