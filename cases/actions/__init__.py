"""Every write to sampled cases and their answers."""

from cases.actions.answers import Outcome, Save, SavedAnswer, SaveReused, record_answers
from cases.actions.states import move_case

__all__ = ["Outcome", "Save", "SaveReused", "SavedAnswer", "move_case", "record_answers"]
