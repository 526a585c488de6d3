"""A comment, a reply, or settling a comment: whichever button of a page was pressed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms

from cases.save_parsing import LONGEST_NOTE

A_STEP = re.compile(r"(?P<what>comment|reply|resolve)(-(?P<comment>[0-9]{1,18}))?")


class RemarkForm(forms.Form):
    """``then`` names the button: ``comment``, ``reply-12`` or ``resolve-12``.

    The words are in the field of the same name; ``comment-question`` is the code of the
    question that a new comment is about, empty for the case.
    """

    def __init__(self, data: Mapping[str, Any], *, questions: tuple[str, ...]) -> None:
        super().__init__(data)
        found = A_STEP.fullmatch(str(data.get("then", "")))
        assert found is not None, "ask is_remark first"
        self.what: str = found["what"]
        self.comment_id = int(found["comment"] or 0)
        self.words_field = found[0]
        noun = "comment" if self.what == "comment" else "reply"
        if self.what != "resolve":
            self.fields[self.words_field] = forms.CharField(
                max_length=LONGEST_NOTE,
                error_messages={
                    "required": f"Enter your {noun}.",
                    "max_length": f"Shorten your {noun} to %(limit_value)d characters. "
                    "It has %(show_value)d.",
                },
            )
        if self.what == "comment":
            self.fields["comment-question"] = forms.ChoiceField(
                required=False, choices=[(code, code) for code in ("", *questions)]
            )

    @property
    def text(self) -> str:
        return str(self.cleaned_data[self.words_field])

    @property
    def question(self) -> str:
        return str(self.cleaned_data["comment-question"])

    @property
    def errors_by_field(self) -> dict[str, str]:
        return {name: str(found[0]) for name, found in self.errors.items()}


def is_remark(data: Mapping[str, Any]) -> bool:
    return A_STEP.fullmatch(str(data.get("then", ""))) is not None
