"""The matrix of key questions by kinds of evidence, and what each finding rests on.

A finding rests on the pieces that it names; where it names none, on every piece that is
used under its key question. A source is one piece of evidence: two documents are two
sources, but of one kind. No Django in here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Footing(StrEnum):
    """How much a finding, or a key question's evidence as a whole, rests on."""

    NOTHING = "NOTHING"
    ONE_SOURCE = "ONE_SOURCE"
    ONE_KIND = "ONE_KIND"
    SEVERAL_KINDS = "SEVERAL_KINDS"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of evidence: its number and its kind, such as ``MEETING``."""

    number: int
    kind: str


@dataclass(frozen=True, slots=True)
class Found:
    """A finding: its number, its kind, and the numbers of the pieces that it names."""

    number: int
    kind: str
    names: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Row:
    """A key question's line of the matrix."""

    key_question: str
    pieces: tuple[Piece, ...]
    findings: tuple[Found, ...]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many pieces of each kind are used here; a kind without any is not in it."""
        return Counter(piece.kind for piece in self.pieces)

    @property
    def footing(self) -> Footing:
        """What all that is used here amounts to."""
        return footing(self.pieces)

    def rests_on(self, finding: Found) -> tuple[Piece, ...]:
        """The pieces that ``finding`` rests on."""
        if not finding.names:
            return self.pieces
        return tuple(piece for piece in self.pieces if piece.number in finding.names)

    def footing_of(self, finding: Found) -> Footing:
        return footing(self.rests_on(finding))

    def findings_on(self, wanted: Footing) -> tuple[Found, ...]:
        """The findings that rest on just so much."""
        return tuple(one for one in self.findings if self.footing_of(one) is wanted)

    def number_of(self, kind: str) -> int:
        """How many findings of ``kind`` there are."""
        return sum(one.kind == kind for one in self.findings)


def footing(pieces: Sequence[Piece]) -> Footing:
    """What so many pieces, each given once, amount to."""
    if not pieces:
        return Footing.NOTHING
    if len(pieces) == 1:
        return Footing.ONE_SOURCE
    if len({piece.kind for piece in pieces}) == 1:
        return Footing.ONE_KIND
    return Footing.SEVERAL_KINDS


def matrix(
    key_questions: Iterable[str],
    pieces: Mapping[str, Sequence[Piece]],
    findings: Mapping[str, Sequence[Found]],
) -> dict[str, Row]:
    """A row a key question, in the order given; ``pieces`` and ``findings`` by key question."""
    return {
        code: Row(code, tuple(pieces.get(code, ())), tuple(findings.get(code, ())))
        for code in key_questions
    }
