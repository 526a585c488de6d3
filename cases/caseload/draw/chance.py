"""Random numbers that are the same on every machine and in every version of Python.

Python promises the sequence of ``random()`` for a seed, and of nothing else; so all is built on it.
The seed is given as text, which Python hashes: numbers next to each other would start sequences
that are alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from random import Random
from typing import TypeVar

T = TypeVar("T")

_STEPS = 1 << 53
"""``random()`` gives multiples of 2⁻⁵³."""


class Chance:
    """A source of chance, started by a seed of 0 or more."""

    def __init__(self, seed: int) -> None:
        if seed < 0:
            raise ValueError("A seed is a whole number of 0 or more")
        self._random = Random(str(seed))  # nosec B311  # a draw can be repeated by its seed

    def below(self, number: int) -> int:
        """A whole number from 0 to ``number`` - 1, each as likely as any other."""
        return int(self._random.random() * _STEPS) * number // _STEPS

    def happens(self, probability: Fraction) -> bool:
        """Whether something of this probability happens."""
        return Fraction(self._random.random()) < probability

    def one_of(self, weights: Mapping[T, int]) -> T:
        """One of the keys, each as likely as its weight among all of them."""
        number = self.below(sum(weights.values()))
        for key, weight in weights.items():
            number -= weight
            if number < 0:
                return key
        raise ValueError("There is nothing to choose from")

    def shuffled(self, items: Iterable[T]) -> list[T]:
        """``items`` in random order."""
        mixed = list(items)
        for last in range(len(mixed) - 1, 0, -1):
            other = self.below(last + 1)
            mixed[last], mixed[other] = mixed[other], mixed[last]
        return mixed

    def some_of(self, items: Sequence[T], number: int) -> list[T]:
        """``number`` of ``items``, all such choices being equally likely."""
        return self.shuffled(items)[:number]
