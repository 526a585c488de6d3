"""What a page of questions shows of each: the form fills it in, the templates say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from cases.threads import NewComment, Thread


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose; ``is_quiet`` for taking an answer back."""

    value: str
    label: str
    id: str
    is_chosen: bool
    is_quiet: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """Another answer that was saved first. ``whose`` names its author as a possessive."""

    whose: str
    who: str
    when: str
    words: str
    note: str
    mine_words: str
    mine_note: str
    error: str


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """Everything the template of one question says."""

    code: str
    anchor: str
    text: str
    guidance: str
    is_key_question: bool
    version: int
    base: int
    choices: list[Choice]
    words: str
    note: str
    status: str
    errors: Mapping[str, str] = field(default_factory=dict)
    conflict: Conflict | None = None
    unsaved: Mapping[str, str] | None = None
    """What was typed and could not be saved, on a page that is read-only."""
    warning: str = ""
    """Where a key question and its prompts contradict each other."""
    threads: Sequence[Thread] = ()
    can_comment: bool = False
    new_comment: NewComment | None = None
    """The form for a comment on this question, where it was asked for."""


class Questionnaire(Protocol):
    """What lays out a page asks of the form that holds its questions."""

    read_only: bool

    def question(self, code: str) -> ShownQuestion: ...
