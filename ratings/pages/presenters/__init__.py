"""An inspection's ratings in the words, numbers and order of the published page."""

from ratings.pages.presenters.page import (
    DomainView,
    Headline,
    Notes,
    Part,
    RatingsPage,
    ratings_page,
)
from ratings.pages.presenters.standard import StandardPart

__all__ = [
    "DomainView",
    "Headline",
    "Notes",
    "Part",
    "RatingsPage",
    "StandardPart",
    "ratings_page",
]
