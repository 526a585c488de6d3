"""What a decision can be about: a standard, or a key question with a rating of its own."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from inspections.framework import Edition, Rating, Standard
from ratings.engine import AppliedDiscretion, KeyQuestionRating, NotRateable, Outcome


@dataclass(frozen=True)
class Target:
    """A standard, or one of its key questions (``key_question`` is empty for the standard)."""

    standard: Standard
    key_question: str
    text: str

    @property
    def code(self) -> str:
        return self.key_question or self.standard.code

    @property
    def title(self) -> str:
        """“standard 3.1 Assessment” or “key question 3.1.2”."""
        if self.key_question:
            return f"key question {self.key_question}"
        return f"standard {self.standard.code} {self.standard.name}"

    def address_in(self, inspection_id: int) -> str:
        """Where decisions about it are made and kept."""
        return reverse("ratings:discretion", args=[inspection_id, self.code])

    def computed_in(self, outcome: Outcome) -> Rating | NotRateable:
        """What the outcome computes for it, before any decision."""
        if self.key_question:
            return outcome.key_questions_by_code[self.key_question].computed
        return outcome.by_code[self.standard.code].computed

    def figures_in(self, outcome: Outcome) -> tuple[KeyQuestionRating, ...]:
        """The key questions whose figures it rests on; none for a qualitative standard."""
        if self.key_question:
            return (outcome.key_questions_by_code[self.key_question],)
        return outcome.by_code[self.standard.code].key_questions

    def over_it_in(self, outcome: Outcome) -> AppliedDiscretion | None:
        """The decision about the whole standard that stands over this key question's."""
        if not self.key_question:
            return None
        return outcome.by_code[self.standard.code].discretion


def find_target(edition: Edition, code: str) -> Target | None:
    """What discretion may move under ``code``; a key question of a qualitative standard
    carries no rating, so it is none."""
    standard = edition.standards_by_code.get(code)
    if standard is not None:
        return Target(standard, "", standard.statement)
    standard = edition.standard_of_question.get(code)
    question = edition.key_questions_by_code.get(code)
    if standard is None or question is None or standard.is_qualitative:
        return None
    return Target(standard, question.code, question.text)
