"""Every write to sampled cases and their answers."""

from cases.actions.allocations import HOLDERS, allocate_case
from cases.actions.answers import record_answers
from cases.actions.comments import comment_on, reply_to, resolve
from cases.actions.details import DetailsOutdated, record_details
from cases.actions.outbox_file import Loaded, load_outbox_file
from cases.actions.saves import Outcome, Save, SavedAnswer, SaveReused, Standing
from cases.actions.states import Incomplete, Uncommented, move_case
from cases.actions.together import record_together

__all__ = [
    "HOLDERS",
    "DetailsOutdated",
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
