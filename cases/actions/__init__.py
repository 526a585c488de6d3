"""Every write to sampled cases and their answers."""

from cases.actions.answers import (
    CurrentAnswer,
    Outcome,
    Save,
    SaveResult,
    SaveReused,
    record_answers,
)
from cases.actions.cases import (
    HOLDERS,
    Incomplete,
    Uncommented,
    allocate_case,
    load_outbox_file,
    move_case,
    record_details,
    remove_cases,
)
from cases.actions.comments import comment_on, reply_to, resolve

__all__ = [
    "HOLDERS",
    "CurrentAnswer",
    "Incomplete",
    "Outcome",
    "Save",
    "SaveResult",
    "SaveReused",
    "Uncommented",
    "allocate_case",
    "comment_on",
    "load_outbox_file",
    "move_case",
    "record_answers",
    "record_details",
    "remove_cases",
    "reply_to",
    "resolve",
]
