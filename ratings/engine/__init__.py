"""Ratings from counts: exact, explained, and free of any clock, setting or database."""

from ratings.engine.bands import band_of_percent
from ratings.engine.boundaries import Boundary, Closeness, Distances, close_to_boundary, distances
from ratings.engine.contradictions import Contradiction, contradictions
from ratings.engine.discretion import Discretion, DiscretionError
from ratings.engine.evidence import EvidenceError
from ratings.engine.moves import Move, cheapest_move, cheapest_to_come
from ratings.engine.percent import whole_percent
from ratings.engine.possible import (
    PossibleForKeyQuestion,
    PossibleForStandard,
    PossibleOverall,
    possible_for_key_question,
    possible_for_standard,
    possible_overall,
)
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
from ratings.engine.sensitivity import (
    KeyQuestionSensitivity,
    ScoreDistance,
    Sensitivity,
    StandardSensitivity,
    sensitivity,
)
from ratings.engine.tally import Tally
from ratings.engine.uncertainty import (
    BandProbability,
    band_probabilities,
    likelihood,
    relevant_population,
)
from ratings.engine.version import ENGINE_VERSION

__all__ = [
    "ENGINE_VERSION",
    "AppliedDiscretion",
    "BandProbability",
    "Boundary",
    "Closeness",
    "Contradiction",
    "Discretion",
    "DiscretionError",
    "Distances",
    "EvidenceError",
    "KeyQuestionRating",
    "KeyQuestionSensitivity",
    "Move",
    "NotRateable",
    "Outcome",
    "PossibleForKeyQuestion",
    "PossibleForStandard",
    "PossibleOverall",
    "PromptFigures",
    "Reason",
    "ScoreDistance",
    "Sensitivity",
    "StandardRating",
    "StandardSensitivity",
    "Tally",
    "band_of_percent",
    "band_probabilities",
    "cheapest_move",
    "cheapest_to_come",
    "close_to_boundary",
    "contradictions",
    "distances",
    "likelihood",
    "possible_for_key_question",
    "possible_for_standard",
    "possible_overall",
    "rate",
    "relevant_population",
    "sensitivity",
    "whole_percent",
]
