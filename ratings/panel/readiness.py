"""What an inspection lacks before a panel can decide on it."""

from __future__ import annotations

from collections.abc import Iterator

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


def lacking(rated: RatedInspection) -> Iterator[str]:
    """What is missing, a sentence each; nothing when the ratings are no longer provisional."""
    for standard in rated.outcome.standards:
        computed = standard.computed
        if isinstance(computed, NotRateable) and computed.reason in STILL_TO_COME:
            yield (
                f"Standard {standard.code} {standard.standard.name} "
                f"{STILL_TO_COME[computed.reason]}."
            )
    if not rated.cases:
        yield "No case has been sampled."
    open_cases = list(
        rated.inspection.cases.exclude(state=Case.State.SIGNED_OFF).values_list(
            "reference", flat=True
        )
    )
    if open_cases:
        named = ", ".join(open_cases[:NAMED])
        more = len(open_cases) - NAMED
        yield (
            f"{len(open_cases)} of {rated.cases} cases "
            f"{'is' if len(open_cases) == 1 else 'are'} not signed off: {named}"
            f"{f' and {more} more' if more > 0 else ''}."
        )


def stale_decisions(rated: RatedInspection) -> Iterator[str]:
    """Decisions that no longer apply, a sentence each: the panel has to take them again."""
    for decision in rated.outcome.stale:
        yield (
            f"The decision about {decision.target} moved it from {decision.from_rating.label}, "
            "which is no longer its computed rating. Withdraw it or decide again."
        )
