"""A small edition and inspections under it, for tests that any edition should pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from inspections.framework.rating import Rating
from inspections.framework.schema import (
    Band,
    Domain,
    Edition,
    Evidence,
    Group,
    KeyQuestion,
    Limit,
    NotApplicable,
    Prompt,
    ScoreBand,
    Standard,
)
from ratings.engine import Discretion, Outcome, Tally, rate

JUDGED = {"1.1": Rating.GOOD, "3.4": Rating.GOOD, "4.1": Rating.GOOD}


def standard(
    code: str, *, group: Group | None, in_score: bool = True, needs: Group | None = None
) -> Standard:
    """A standard with three key questions, each with two prompts if cases answer it."""
    return Standard(
        code=code,
        name=f"Standard {code}",
        statement="It is met.",
        evidence=Evidence.QUALITATIVE if group is None else Evidence.CASES,
        group=group,
        in_score=in_score,
        needs_cases_of=needs,
        key_questions=tuple(
            KeyQuestion(
                code=f"{code}.{number}",
                text="Is it met?",
                prompts=()
                if group is None
                else tuple(
                    Prompt(code=f"{code}.{number}{letter}", text="Is it?") for letter in "ab"
                ),
            )
            for number in (1, 2, 3)
        ),
    )


def edition(*, not_applicable: bool = True) -> Edition:
    """Four scored standards (1.1 and 3.4 judged; 2.1 court, 3.1 out-of-court) and 4.1.

    ``not_applicable`` tells whether a key question may be Not applicable. The highest
    score is 12: 0–2, 3–6, 7–10 and 11–12 are the four overall ratings.
    """
    return Edition(
        code="test",
        name="Test edition",
        reports="Reports",
        not_applicable=NotApplicable(key_questions=not_applicable, prompts=True),
        domains=(
            Domain(code="1", name="Organisation", standards=(standard("1.1", group=None),)),
            Domain(code="2", name="Court", standards=(standard("2.1", group=Group.COURT),)),
            Domain(
                code="3",
                name="Out-of-court",
                standards=(standard("3.1", group=Group.OUT_OF_COURT), standard("3.4", group=None)),
            ),
            Domain(
                code="4",
                name="Resettlement",
                standards=(standard("4.1", group=None, in_score=False, needs=Group.RESETTLEMENT),),
            ),
        ),
        bands=(
            Band(name="minority", rating=Rating.INADEQUATE, lowest=0, highest=49),
            Band(name="too few", rating=Rating.REQUIRES_IMPROVEMENT, lowest=50, highest=64),
            Band(name="reasonable majority", rating=Rating.GOOD, lowest=65, highest=79),
            Band(name="large majority", rating=Rating.OUTSTANDING, lowest=80, highest=100),
        ),
        score_bands=(
            ScoreBand(rating=Rating.INADEQUATE, lowest=0, highest=2),
            ScoreBand(rating=Rating.REQUIRES_IMPROVEMENT, lowest=3, highest=6),
            ScoreBand(rating=Rating.GOOD, lowest=7, highest=10),
            ScoreBand(rating=Rating.OUTSTANDING, lowest=11, highest=12),
        ),
        limits=(Limit(standard="4.1", rating=Rating.INADEQUATE, overall_at_most=Rating.GOOD),),
        digest="",
    )


def outcome(
    tallies: Mapping[str, Tally] | None = None,
    *,
    inspected: Mapping[Group, int] | None = None,
    judgements: Mapping[str, Rating] | None = None,
    discretions: Sequence[Discretion] = (),
    under: Edition | None = None,
) -> Outcome:
    """Rate an inspection; what isn't given is all Good: 7 of 10 Yes, judged Good."""
    all_good = {
        f"{code}.{number}": Tally(yes=7, no=3) for code in ("2.1", "3.1") for number in (1, 2, 3)
    }
    return rate(
        under or edition(),
        {**all_good, **(tallies or {})},
        inspected or {},
        JUDGED if judgements is None else judgements,
        discretions,
    )
