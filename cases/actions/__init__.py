"""Every write to sampled cases and their answers."""

from cases.actions.answers import record_answers
from cases.actions.cases import (
    HOLDERS,
    DetailsOutdated,
    FiledSave,
    Incomplete,
    Loaded,
    Uncommented,
    allocate_case,
    load_outbox_file,
    move_case,
    record_details,
)
from cases.actions.comments import comment_on, reply_to, resolve
from cases.actions.saves import Outcome, Save, SavedAnswer, SaveReused, Standing
from cases.actions.together import record_together

__all__ = [
    "HOLDERS",
    "DetailsOutdated",
    "FiledSave",
    "Incomplete",
    "Loaded",
    "Outcome",
    "Save",
    "SaveReused",
    "SavedAnswer",
    "Standing",
    "Uncommented",
    "allocate_case",
    "comment_on",
    "load_outbox_file",
    "move_case",
    "record_answers",
    "record_details",
    "record_together",
    "reply_to",
    "resolve",
]
