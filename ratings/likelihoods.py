"""How likely ratings are across the whole caseload, in words: ``{% load likelihoods %}``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from django import template

from cases.words import counted
from inspections.framework import Edition, Group
from ratings.engine import (
    CaseloadLikelihoods,
    LikeliestChange,
    Likelihood,
    RatingProbability,
    StandardRating,
    Tally,
    Unknown,
    WhyUnknown,
    whole_percent,
)
from ratings.words import GROUP_WORDS, listed, of_relevant

register = template.Library()

LIKELIHOOD_WIDTH = 200
"""Width of the drawing of likelihoods in its own units."""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the drawing: from ``x``, ``width`` units wide, in its rating's colour."""

    modifier: str
    x: int
    width: int


@register.filter
def shares(likelihood: Likelihood) -> list[Share]:
    """The likelihoods of all ratings as parts of one bar, from the lowest rating up."""
    found = []
    below = Fraction(0)
    for chance in likelihood.probabilities:
        start = round(below * LIKELIHOOD_WIDTH)
        below += chance.probability
        end = round(below * LIKELIHOOD_WIDTH)
        if end > start:
            found.append(Share(chance.rating.key, start, end - start))
    return found


@register.filter
def likeliest_first(likelihood: Likelihood) -> str:
    """“Good 62%, Requires improvement 35%, Outstanding 3%, Inadequate under 1%”."""
    chances: Sequence[RatingProbability] = sorted(
        likelihood.probabilities, key=lambda chance: (-chance.probability, -chance.rating)
    )
    return ", ".join(
        f"{chance.rating.label} {_beside(chance.probability)}"
        for chance in chances
        if chance.probability
    )


def _beside(probability: Fraction) -> str:
    """Beside a rating: “62%”, “(certain)”."""
    return "(certain)" if probability == 1 else percent_likely(probability)


@register.filter
def percent_likely(probability: Fraction) -> str:
    """“62%”, “under 1%”; 0% is only said of the impossible, and “certain” of the certain."""
    if probability == 1:
        return "certain"
    percent = whole_percent(probability.numerator, probability.denominator)
    if percent == 0 and probability:
        return "under 1%"
    return "over 99%" if percent == 100 else f"{percent}%"


@register.filter
def likely_the_same(likelihood: Likelihood) -> str:
    """“61% likely to be the same across the whole caseload”."""
    return f"{_likely(likelihood.same, 'to be the same')} across the whole caseload"


@register.filter
def likely_in_short(probability: Fraction) -> str:
    """In few words, beside a rating: “61% likely to stay”, “Certain to stay”."""
    return _likely(probability, "to stay")


def _likely(probability: Fraction, what: str) -> str:
    words = "certain" if probability == 1 else f"{percent_likely(probability)} likely"
    return f"{words[0].upper()}{words[1:]} {what}"


@register.simple_tag
def why_worth_time(change: LikeliestChange, likelihood: Likelihood, rated: StandardRating) -> str:
    """Why a standard is worth the panel's time.

    “3.1.2: 45% (9 of 20), 1 case from Requires improvement; 3.1 is 48% likely to be higher across
    the whole caseload”.
    """
    like = f", rated like {listed(change.as_low)}" if change.as_low else ""
    ways = [(likelihood.higher, "higher"), (likelihood.lower, "lower")]
    (likelier, way), (other, other_way) = ways if change.is_up else reversed(ways)
    sure = "certain" if likelier == 1 else f"{percent_likely(likelier)} likely"
    also = f", {percent_likely(other)} to be {other_way}" if other else ""
    return (
        f"{change.key_question}: {of_relevant(change.tally)}{like}, "
        f"{counted(change.answers, 'case')} from {change.to_rating.label}; "
        f"{rated.code} is {sure} to be {way} across the whole caseload{also}."
    )


class _HasLikelihood(Protocol):
    """A row of a key question or a standard; ``None`` is the likelihood of what is judged."""

    @property
    def likelihood(self) -> Likelihood | Unknown | None: ...


@register.filter
def any_known(rows: Iterable[_HasLikelihood]) -> bool:
    """Whether there is a likelihood to draw."""
    return any(row.likelihood is not None and row.likelihood.is_known for row in rows)


# --- What is not known


@register.filter
def why_unknown(unknown: Unknown, edition: Edition) -> str:
    """Why the likelihood of a standard or of the overall rating is not known."""
    codes = listed(unknown.codes)
    if unknown.why is WhyUnknown.NOT_RATED:
        return f"Not known while {codes} {'is' if len(unknown.codes) == 1 else 'are'} not rated."
    if unknown.why is WhyUnknown.NOTHING_ANSWERED:
        return f"Not known yet: no case is answered Yes or No for {codes}."
    if unknown.why is WhyUnknown.NO_RELEVANT_CASE:
        return f"No eligible case is relevant to {codes}."
    cases = listed(_groups(unknown, edition))
    if unknown.why is WhyUnknown.NOT_RECORDED:
        return f"Not known: the number of eligible {cases} is not recorded."
    return f"Not known: more {cases} are inspected than recorded as eligible. Correct the sample."


@register.filter
def unranked(found: CaseloadLikelihoods, edition: Edition) -> list[str]:
    """Which standards have no place in the order, and why: “2.1 and 2.2 are not ranked. …”."""
    reasons: dict[str, list[str]] = {}
    for code, one in found.standards.items():
        if isinstance(one, Unknown):
            reasons.setdefault(why_unknown(one, edition), []).append(code)
    return [
        f"{listed(codes)} {'is' if len(codes) == 1 else 'are'} not ranked. {reason}"
        for reason, codes in reasons.items()
    ]


def _groups(unknown: Unknown, edition: Edition) -> list[str]:
    groups = (edition.standard_of_question[code].group for code in unknown.codes)
    return [GROUP_WORDS[group] for group in dict.fromkeys(groups) if group is not None]


@register.simple_tag
def unknown_likelihood(unknown: Unknown, tally: Tally, group: Group, eligible: int | None) -> str:
    """Why the likelihood of a key question is not known, with its counts."""
    if eligible is None:
        return f"Not known: the number of eligible {GROUP_WORDS[group]} is not recorded."
    if eligible < tally.inspected:
        return (
            f"Not known: {tally.inspected} {GROUP_WORDS[group]} are inspected, but only "
            f"{eligible} recorded as eligible. Correct the sample."
        )
    if unknown.why is WhyUnknown.NO_RELEVANT_CASE:
        return "No eligible case is relevant."
    return "Nothing is known yet: no case is answered Yes or No."


# --- Lines of facts


@register.filter
def likelihood_facts(found: Likelihood | Unknown | None, edition: Edition) -> list[tuple[str, str]]:
    """A standard's ratings by how likely each is, or why nothing is known; none if it is judged."""
    if found is None:
        return []
    words = (
        why_unknown(found, edition) if isinstance(found, Unknown) else f"{likeliest_first(found)}."
    )
    return [("Whole caseload", words)]


@register.filter
def overall_likelihood_facts(found: CaseloadLikelihoods, edition: Edition) -> list[tuple[str, str]]:
    """The overall ratings by how likely each is, with the likeliest score; or why nothing is known.

    “Good 83%, Outstanding 17%; the likeliest score is 28 (31%).”
    """
    if isinstance(found.overall, Unknown):
        return likelihood_facts(found.overall, edition)
    score = max(found.scores, key=lambda one: found.scores[one])
    probability = found.scores[score]
    words = (
        f"{likeliest_first(found.overall)}; the {'' if probability == 1 else 'likeliest '}score is "
        f"{score} ({percent_likely(probability)})."
    )
    return [("Whole caseload", words)]
