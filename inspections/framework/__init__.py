"""Editions of the inspection framework: data, and the checks that make it safe to use.

Add an edition by adding its TOML file to this folder. This package does not import Django.
"""

from inspections.framework.loader import (
    UnknownEdition,
    available_editions,
    load_edition,
    parse_edition,
)
from inspections.framework.rating import Rating, key_or_none
from inspections.framework.reading import NotValid
from inspections.framework.schema import (
    Band,
    Domain,
    Edition,
    Evidence,
    Group,
    KeyQuestion,
    Limit,
    Prompt,
    ScoreBand,
    Standard,
)

__all__ = [
    "Band",
    "Domain",
    "Edition",
    "Evidence",
    "Group",
    "KeyQuestion",
    "Limit",
    "NotValid",
    "Prompt",
    "Rating",
    "ScoreBand",
    "Standard",
    "UnknownEdition",
    "available_editions",
    "key_or_none",
    "load_edition",
    "parse_edition",
]
