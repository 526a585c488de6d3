"""From a page of answers that somebody sends to the saves that follow from it.

Without scripts a page sends every question on it, touched or not. Only what its author
changed may be saved: a question somebody else has answered meanwhile is not taken back
to what it was when the page was opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cases.actions import Save
from cases.models import Answer

Content = tuple[str, str]
"""An answer's value and note; both empty where there is none."""

NOTHING: Content = ("", "")


def content_of(answer: Answer | Save | None) -> Content:
    return (answer.value, answer.note) if answer else NOTHING


def version_of(answer: Answer | None) -> int:
    return answer.version if answer else 0


def outdated(submitted: Iterable[Save], current: Mapping[str, Answer]) -> list[Save]:
    """Those made from a version that has been replaced by something else than they say."""
    return [
        sent
        for sent in submitted
        if sent.base_version != version_of(current.get(sent.question))
        and content_of(sent) != content_of(current.get(sent.question))
    ]


def changes(
    submitted: Iterable[Save],
    current: Mapping[str, Answer],
    seen: Mapping[str, Content],
) -> list[Save]:
    """The saves to make.

    ``current`` is what stands by question, ``seen`` what an outdated page showed where
    it is known.
    """
    return [
        sent
        for sent in submitted
        if content_of(sent) != content_of(current.get(sent.question))
        and content_of(sent) != seen.get(sent.question)
    ]
