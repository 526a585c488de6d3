"""Ratings from counts: exact, explained, and free of any clock, setting or database."""

from ratings.engine.bands import band_of_percent
from ratings.engine.discretion import Discretion, DiscretionError
from ratings.engine.evidence import EvidenceError
from ratings.engine.percent import whole_percent
from ratings.engine.rate import rate
from ratings.engine.result import (
    AppliedDiscretion,
    KeyQuestionRating,
    NotRateable,
    Outcome,
    PromptFigures,
    Reason,
    StandardRating,
)
from ratings.engine.tally import Tally

__all__ = [
    "AppliedDiscretion",
    "Discretion",
    "DiscretionError",
    "EvidenceError",
    "KeyQuestionRating",
    "NotRateable",
    "Outcome",
    "PromptFigures",
    "Reason",
    "StandardRating",
    "Tally",
    "band_of_percent",
    "rate",
    "whole_percent",
]
