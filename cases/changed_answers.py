"""Which answers of a submitted page were changed and have to be saved.

Without scripts a page submits every question, changed or not. Only changes by its author are
saved, so that a question that somebody else answered meanwhile doesn't get its old answer back.
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
    """Those based on a version that has been replaced by a different answer."""
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

    ``current`` are the current answers by question, ``seen`` is what an outdated page showed,
    where that is known.
    """
    return [
        sent
        for sent in submitted
        if content_of(sent) != content_of(current.get(sent.question))
        and content_of(sent) != seen.get(sent.question)
    ]
