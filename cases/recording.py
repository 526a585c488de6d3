"""From a page of answers that somebody sends to the saves that follow from it.

Without scripts a page sends every question on it, touched or not. Only what its author
changed may be saved: a question somebody else has answered meanwhile is not taken back
to what it was when the page was opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cases.actions import Save
from cases.models import Answer

Content = tuple[str, str]
"""An answer's value and note; both empty where there is none."""

NOTHING: Content = ("", "")


@dataclass(frozen=True, slots=True)
class Submitted:
    """One question as a page sent it, opened when version ``base`` stood (0 for none)."""

    question: str
    value: str
    note: str
    base: int

    @property
    def content(self) -> Content:
        return self.value, self.note


def content_of(answer: Answer | None) -> Content:
    return (answer.value, answer.note) if answer else NOTHING


def version_of(answer: Answer | None) -> int:
    return answer.version if answer else 0


def outdated(submitted: Iterable[Submitted], standing: Mapping[str, Answer]) -> list[Submitted]:
    """Those made from a version that has been replaced by something else than they say."""
    return [
        sent
        for sent in submitted
        if sent.base != version_of(standing.get(sent.question))
        and sent.content != content_of(standing.get(sent.question))
    ]


def changes(
    submitted: Iterable[Submitted],
    standing: Mapping[str, Answer],
    seen: Mapping[str, Content],
) -> list[Save]:
    """The saves to make.

    ``standing`` is what stands by question, ``seen`` what an outdated page showed where
    it is known.
    """
    return [
        Save(sent.question, sent.value, sent.note, sent.base)
        for sent in submitted
        if sent.content != content_of(standing.get(sent.question))
        and sent.content != seen.get(sent.question)
    ]
