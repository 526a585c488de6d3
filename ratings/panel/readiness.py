"""What an inspection lacks before a panel can decide on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from cases.models import Case
from ratings.engine import NotRateable, Reason
from ratings.service import RatedInspection

STILL_TO_COME = {
    Reason.NOT_ANSWERED: "has no answers yet",
    Reason.NOT_JUDGED: "has not been judged yet",
}
"""A standard without a relevant case is as it will stay, and can be heard."""

NAMED = 5
"""As many cases as a message names."""


class Where(StrEnum):
    """Where somebody puts it right."""

    JUDGEMENT = "JUDGEMENT"
    CASES = "CASES"
    DECISION = "DECISION"


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that stands in the way, in a sentence; ``code`` is the standard or key
    question that a judgement or decision is about."""

    sentence: str
    where: Where
    code: str = ""

    def __str__(self) -> str:
        return self.sentence


def lacking(rated: RatedInspection) -> Iterator[Lack]:
    """What is missing; nothing when the ratings are no longer provisional."""
    for standard in rated.outcome.standards:
        computed = standard.computed
        if isinstance(computed, NotRateable) and computed.reason in STILL_TO_COME:
            judged = computed.reason is Reason.NOT_JUDGED
            yield Lack(
                f"Standard {standard.code} {standard.standard.name} "
                f"{STILL_TO_COME[computed.reason]}.",
                Where.JUDGEMENT if judged else Where.CASES,
                standard.code,
            )
    if not rated.cases:
        yield Lack("No case has been sampled.", Where.CASES)
    open_cases = list(
        rated.inspection.cases.exclude(state=Case.State.SIGNED_OFF).values_list(
            "reference", flat=True
        )
    )
    if open_cases:
        named = ", ".join(open_cases[:NAMED])
        more = len(open_cases) - NAMED
        yield Lack(
            f"{len(open_cases)} of {rated.cases} cases "
            f"{'is' if len(open_cases) == 1 else 'are'} not signed off: {named}"
            f"{f' and {more} more' if more > 0 else ''}.",
            Where.CASES,
        )


def stale_decisions(rated: RatedInspection) -> Iterator[Lack]:
    """Decisions that no longer apply: the panel has to take them again."""
    for decision in rated.outcome.stale:
        yield Lack(
            f"The decision about {decision.target} moved it from {decision.from_rating.label}, "
            "which is no longer its computed rating. Withdraw it or decide again.",
            Where.DECISION,
            decision.target,
        )
