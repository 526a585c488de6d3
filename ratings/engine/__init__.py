"""The rating rules: exact, explained, without clock, settings or database."""

from ratings.engine.boundaries import (
    Boundary,
    Distances,
    distances,
)
from ratings.engine.closeness import LikeliestChange, closest_first, likeliest_change
from ratings.engine.contradictions import Contradiction, contradictions
from ratings.engine.counts import Tally, whole_percent
from ratings.engine.inputs import Discretion, DiscretionError, EvidenceError
from ratings.engine.likelihood import (
    RatingProbability,
    likelihood,
)
from ratings.engine.outcome import (
    AppliedDiscretion,
    KeyQuestionRating,
    NotRateable,
    Outcome,
    PromptFigures,
    Reason,
    StandardRating,
    add_up,
)
from ratings.engine.possible import (
    PossibleForKeyQuestion,
    PossibleOverall,
)
from ratings.engine.rate import rate
from ratings.engine.sensitivity import (
    KeyQuestionSensitivity,
    Move,
    Sensitivity,
    StandardSensitivity,
    sensitivity,
)
from ratings.engine.whole_caseload import (
    CaseloadLikelihoods,
    Likelihood,
    Unknown,
    WhyUnknown,
    caseload_likelihoods,
)

ENGINE_VERSION = 1
"""The version of the rating rules; a sealed result names it.

Increase it whenever the same evidence under the same edition would be rated differently.
``tests/golden/test_engine_version.py`` holds each version to its outcomes.
"""

__all__ = [
    "ENGINE_VERSION",
    "AppliedDiscretion",
    "Boundary",
    "CaseloadLikelihoods",
    "Contradiction",
    "Discretion",
    "DiscretionError",
    "Distances",
    "EvidenceError",
    "KeyQuestionRating",
    "KeyQuestionSensitivity",
    "LikeliestChange",
    "Likelihood",
    "Move",
    "NotRateable",
    "Outcome",
    "PossibleForKeyQuestion",
    "PossibleOverall",
    "PromptFigures",
    "RatingProbability",
    "Reason",
    "Sensitivity",
    "StandardRating",
    "StandardSensitivity",
    "Tally",
    "Unknown",
    "WhyUnknown",
    "add_up",
    "caseload_likelihoods",
    "closest_first",
    "contradictions",
    "distances",
    "likeliest_change",
    "likelihood",
    "rate",
    "sensitivity",
    "whole_percent",
]
