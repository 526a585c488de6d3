"""A value of the field as a word with a colour; each room's ``words`` say which."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tag:
    """``modifier`` is a suffix of the ``govuk-tag--…`` classes for a state, and of
    ``app-rating--…`` for a rating.

    The word alone says everything; colour never stands alone.
    """

    label: str
    modifier: str
