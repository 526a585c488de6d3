"""Filters of lists, an allocation, a comment and a device's file, as their pages send them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from cases.actions import HOLDERS
from cases.history import DETAILS, STEPS
from cases.models import Case, CaseQuerySet
from cases.outbox_file import MOST_BYTES, OutboxFile, read_outbox_file
from cases.save_parsing import LONGEST_NOTE
from inspections.forms import FilterForm, LaidOutForm, Paragraphs
from inspections.framework import NotValid
from inspections.models import GroupChoice, Inspection, User

UNALLOCATED = "UNALLOCATED"


class CaseFilterForm(FilterForm):
    """Which cases of an inspection to list."""

    group = forms.ChoiceField(label="Group", choices=[("", "All groups"), *GroupChoice.choices])
    state = forms.ChoiceField(
        label="State",
        choices=[
            ("", "All states"),
            (UNALLOCATED, "Not allocated"),
            (Case.State.NOT_STARTED, "Allocated"),
            *Case.State.choices[1:],
        ],
    )
    mine = forms.BooleanField(label="Allocated to me")

    def chosen(self, cases: CaseQuerySet, user: User) -> CaseQuerySet:
        """Those of ``cases`` that were asked for."""
        if group := self.asked.get("group"):
            cases = cases.filter(group=group)
        if state := self.asked.get("state"):
            # As the tags show it: Not started without an inspector is Not allocated.
            is_unstarted = state in {UNALLOCATED, Case.State.NOT_STARTED}
            cases = cases.filter(state=Case.State.NOT_STARTED if is_unstarted else state)
            if is_unstarted:
                cases = cases.filter(allocated_to__isnull=state == UNALLOCATED)
        return cases.allocated_to(user) if "mine" in self.asked else cases


class HistoryFilterForm(FilterForm):
    """Which part of a case's history to list."""

    part = forms.ChoiceField(label="Show")

    def __init__(self, *args: Any, questions: Sequence[str]) -> None:
        super().__init__(*args)
        self.fields["part"].choices = [  # type: ignore[attr-defined]
            ("", "Everything"),
            (DETAILS, "Details"),
            (STEPS, "Steps and comments on the case"),
            *((code, f"Question {code}") for code in questions),
        ]

    @property
    def chosen(self) -> str:
        return str(self.asked.get("part", ""))


class AllocationForm(LaidOutForm):
    """Which inspector of the team is to record a case."""

    label_size = ""
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


class OutboxFileForm(LaidOutForm):
    """The file of a device's unsent saves; ``read`` holds them once valid."""

    label_size = ""
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


COMMENT_ACTION = re.compile(r"(?P<action>comment|reply|resolve)(-(?P<comment>[0-9]{1,18}))?")


class CommentForm(forms.Form):
    """A comment, a reply, or resolving a comment, depending on the button pressed.

    ``then`` names the button: ``comment``, ``reply-12`` or ``resolve-12``. The words are in the
    field of the same name; ``comment-question`` is the code of the question that a new comment is
    about, empty for the case.
    """

    def __init__(self, data: Mapping[str, Any], *, questions: tuple[str, ...]) -> None:
        super().__init__(data)
        found = COMMENT_ACTION.fullmatch(str(data.get("then", "")))
        assert found is not None, "ask is_comment first"
        self.action: str = found["action"]
        self.comment_id = int(found["comment"] or 0)
        self.words_field = found[0]
        if self.action != "resolve":
            self.fields[self.words_field] = Paragraphs(
                max_length=LONGEST_NOTE,
                missing=f"Enter your {self.action}.",
                called=f"your {self.action}",
            )
        if self.action == "comment":
            self.fields["comment-question"] = forms.ChoiceField(
                required=False, choices=[(code, code) for code in ("", *questions)]
            )

    @property
    def text(self) -> str:
        return str(self.cleaned_data[self.words_field])

    @property
    def question(self) -> str:
        return str(self.cleaned_data["comment-question"])


def is_comment(data: Mapping[str, Any]) -> bool:
    return COMMENT_ACTION.fullmatch(str(data.get("then", ""))) is not None
