"""A value as a word with a colour; the ``words`` module of each app says which."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tag:
    """``modifier`` is a suffix of the ``govuk-tag--…`` classes for a state, and of
    ``app-rating--…`` for a rating.

    The word is enough by itself; colour only repeats it.
    """

    label: str
    modifier: str
