"""Where a key question and its prompts contradict each other over the whole sample.

A key question is the inspector's own judgement and never computed from its prompts (method.md,
From answers to ratings, 8), so this changes no rating. The rule is this project's: reports
show such figures (a key question at 85 per cent over prompts of 5 to 15) without comment.
"""

from __future__ import annotations

from dataclasses import dataclass

from inspections.framework.rating import Rating
from inspections.framework.schema import Edition
from ratings.engine.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A key question in the upper bands over prompts mostly in the lowest, or the reverse.

    ``percent`` is the key question's; ``prompts`` are the codes of the contradicting prompts,
    of ``of_prompts`` that have a relevant case.
    """

    key_question: str
    percent: int
    is_higher: bool
    prompts: tuple[str, ...]
    of_prompts: int


def contradictions(outcome: Outcome) -> tuple[Contradiction, ...]:
    """The contradictions of an inspection, in the report's order.

    A key question rated Good or better (65 per cent and over) contradicts its prompts when
    more than half of them are in the band of Inadequate (below 50 per cent of their relevant
    cases); one rated Inadequate, when more than half would be Good or better.
    """
    found = []
    for standard in outcome.standards:
        for question in standard.key_questions:
            percent = question.tally.percent
            if percent is None:
                continue
            level = _level(outcome.edition, percent)
            percents = {
                prompt.code: outcome.prompts_by_code[prompt.code].tally.percent
                for prompt in question.question.prompts
            }
            levels = {
                code: _level(outcome.edition, of_prompt)
                for code, of_prompt in percents.items()
                if of_prompt is not None
            }
            against = tuple(code for code, other in levels.items() if level * other < 0)
            if 2 * len(against) > len(levels):
                found.append(Contradiction(question.code, percent, level > 0, against, len(levels)))
    return tuple(found)


def _level(edition: Edition, percent: int) -> int:
    """1 for Good and better, -1 for Inadequate, 0 between."""
    rating = edition.rating_of_percent(percent)
    if rating >= Rating.GOOD:
        return 1
    return -1 if rating == Rating.INADEQUATE else 0
