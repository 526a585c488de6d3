"""Every write to sampled cases and their answers."""

from cases.actions.allocation import (
    Allocated,
    Allocation,
    NotAllocated,
    allocate_case,
    allocate_cases,
)
from cases.actions.answers import CurrentAnswer, Save, record_answers
from cases.actions.cases import (
    Incomplete,
    Uncommented,
    load_outbox_file,
    move_case,
    remove_cases,
)
from cases.actions.comments import (
    CommentSave,
    CurrentComment,
    comment_on,
    record_comments,
    reply_to,
    resolve,
)
from cases.actions.details import CurrentDetail, DetailChange, current_details, record_details
from cases.actions.quotable import mark_quotable
from cases.actions.reads import record_reads
from cases.actions.saves import Outcome, SaveResult, SaveReused, Sent, Unfit

__all__ = [
    "Allocated",
    "Allocation",
    "CommentSave",
    "CurrentAnswer",
    "CurrentComment",
    "CurrentDetail",
    "DetailChange",
    "Incomplete",
    "NotAllocated",
    "Outcome",
    "Save",
    "SaveResult",
    "SaveReused",
    "Sent",
    "Uncommented",
    "Unfit",
    "allocate_case",
    "allocate_cases",
    "comment_on",
    "current_details",
    "load_outbox_file",
    "mark_quotable",
    "move_case",
    "record_answers",
    "record_comments",
    "record_details",
    "record_reads",
    "remove_cases",
    "reply_to",
    "resolve",
]
