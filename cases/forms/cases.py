"""Filters of lists, an allocation, a comment and a device's file, as their pages send them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from cases.actions import CommentSave
from cases.detail_inputs import LONGEST_TEXT
from cases.history import DETAILS, READS, STEPS
from cases.models import Case, CaseQuerySet
from cases.outbox_file import MOST_BYTES, OutboxFile, read_outbox_file
from cases.save_parsing import comment_input
from inspections.forms import FilterForm, LaidOutForm, Paragraphs, TypedText
from inspections.framework import NotValid
from inspections.models import GroupChoice, Inspection, User
from inspections.team.work import HOLDING_ROLES

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
            *(
                choice
                for choice in Case.State.choices[1:]
                # They are in a list of their own.
                if choice[0] != Case.State.TAKEN_OUT
            ),
        ],
    )
    mine = forms.BooleanField(label="Allocated to me")
    reference = TypedText(
        label="Reference",
        called="the reference",
        max_length=40,
        widget=forms.TextInput(attrs={"size": 12}),
    )

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
        if reference := self.asked.get("reference"):
            cases = cases.filter(reference__icontains=reference)
        return cases.allocated_to(user) if "mine" in self.asked else cases


class HistoryFilterForm(FilterForm):
    """Which part of a case's history to list."""

    part = forms.ChoiceField(label="Show")

    def __init__(self, *args: Any, questions: Sequence[str], sees_readers: bool = False) -> None:
        super().__init__(*args)
        self.fields["part"].choices = [  # type: ignore[attr-defined]
            ("", "Everything"),
            (DETAILS, "Details"),
            (STEPS, "Steps and comments on the case"),
            *((code, f"Question {code}") for code in questions),
            *([(READS, "Who read the case")] if sees_readers else []),
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
    instead_of = forms.IntegerField(required=False, widget=forms.HiddenInput)
    """The number of whoever held the case when the page was opened; none for nobody."""

    def __init__(self, *args: Any, inspection: Inspection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = User.objects.filter(
            memberships__inspection=inspection, memberships__role__in=HOLDING_ROLES
        )

    def start_again_from(self, current: Case) -> None:
        """Say who holds the case by now; sending the form again replaces that."""
        self.data = {**self.data.dict(), "instead_of": current.allocated_to_id}  # type: ignore[attr-defined]
        holder = f"allocated to {current.allocated_to}" if current.allocated_to else "not allocated"
        self.add_error(
            "to",
            f"Case {current} is {holder} since you opened this page, and nothing was changed. "
            "Allocate it again if it is to be as you chose.",
        )


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
            raise ValidationError([f"Nothing was uploaded. In {one}." for one in faults]) from error
        if not self.read.saves:
            raise ValidationError("The file holds nothing for this inspection.")
        return file


COMMENT_ACTION = re.compile(r"(?P<action>comment|reply|resolve)(-(?P<comment>[0-9]{1,18}))?")


class CommentForm(forms.Form):
    """Comments, replies and a resolution that a page was sent with.

    ``then`` names the button: ``comment``, ``reply-12`` or ``resolve-12``. The words are in the
    field of the same name; ``comment-question`` is the code of the question that a new comment is
    about, empty for the case. Words beside another button than theirs are saved too, so that
    nothing typed is lost.
    """

    def __init__(self, data: Mapping[str, Any], *, questions: tuple[str, ...]) -> None:
        super().__init__(data)
        pressed = COMMENT_ACTION.fullmatch(str(data.get("then", "")))
        self.names = list(typed_comments(data))
        if pressed and pressed[0] not in self.names:
            self.names.append(pressed[0])
        for name in self.names:
            action = name.partition("-")[0]
            if action != "resolve":
                self.fields[name] = comment_input(action)
            if action == "comment":
                self.fields["comment-question"] = forms.ChoiceField(
                    required=False, choices=[(code, code) for code in ("", *questions)]
                )

    def saves(self) -> list[CommentSave]:
        """What to save, in order; once valid. ``name_of`` is the reverse."""
        return [
            CommentSave(
                action,
                self.cleaned_data.get("comment-question", "") if action == "comment" else "",
                int(number or 0),
                self.cleaned_data.get(name, ""),
            )
            for name in self.names
            for action, _, number in [name.partition("-")]
        ]


def name_of(save: CommentSave) -> str:
    """The field and button of a comment, a reply or a resolution."""
    return f"{save.action}-{save.comment}" if save.comment else save.action


def typed_comments(data: Mapping[str, Any]) -> dict[str, str]:
    """The words of comments and replies in what was sent, by field."""
    return {
        name: str(words)
        for name, words in data.items()
        if (found := COMMENT_ACTION.fullmatch(name))
        and found["action"] != "resolve"
        and str(words).strip()
    }


class ReturnForm(forms.Form):
    """What has to change in a case that is returned; optional where comments are open."""

    prefix = "return"
    comment = Paragraphs(required=False, max_length=LONGEST_TEXT, called="what has to change")
