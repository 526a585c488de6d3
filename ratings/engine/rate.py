"""From counts, judgements and decisions to ratings, score and overall rating.

The rules are those of the published reports' annexe on methodology: see each
function. No clock, setting, database or float is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from inspections.framework.rating import Rating
from inspections.framework.schema import Edition, Group, KeyQuestion, Standard
from ratings.engine.counts import Tally
from ratings.engine.inputs import Discretion, check_evidence, discretions_by_target
from ratings.engine.outcome import (
    AppliedDiscretion,
    KeyQuestionRating,
    NotRateable,
    Outcome,
    PromptFigures,
    Reason,
    StandardRating,
    add_up,
)

NOT_ANSWERED = Tally()


def rate(
    edition: Edition,
    tallies: Mapping[str, Tally],
    inspected: Mapping[Group, int],
    judgements: Mapping[str, Rating],
    discretions: Sequence[Discretion],
) -> Outcome:
    """The ratings of one inspection.

    ``tallies`` holds counts by the code of a key question or prompt. Inspected
    cases that a tally doesn't count, and all of them for a question without a
    tally, are unanswered. ``inspected`` holds the number of inspected cases of each
    group; if a group isn't in it, the number is unknown and its tallies are used as given.
    ``judgements`` holds the lead inspector's ratings of qualitative standards.

    Raises ``EvidenceError`` when counts or judgements don't fit the edition and
    ``DiscretionError`` when a decision doesn't.
    """
    check_evidence(edition, tallies, inspected, judgements)
    decisions = discretions_by_target(edition, discretions)
    standards = tuple(
        _judged(standard, inspected, judgements, decisions)
        if standard.group is None
        else _counted(edition, standard, tallies, inspected.get(standard.group, 0), decisions)
        for standard in edition.standards
    )
    return add_up(edition, standards)


def _lowest(ratings: Iterable[Rating | NotRateable]) -> Rating | NotRateable:
    """A standard's rating from those of its key questions: the lowest.

    Key questions that can't be rated are left out. If none is left, the standard isn't
    rateable: because answers are missing if that is so for any of them, else because no
    case is relevant.
    """
    ratings = list(ratings)
    rated = [rating for rating in ratings if isinstance(rating, Rating)]
    if rated:
        return min(rated)
    still_to_come = NotRateable(Reason.NOT_ANSWERED)
    return still_to_come if still_to_come in ratings else NotRateable(Reason.NO_RELEVANT_CASE)


def _counted(
    edition: Edition,
    standard: Standard,
    tallies: Mapping[str, Tally],
    cases: int,
    decisions: Mapping[str, Discretion],
) -> StandardRating:
    """A standard rated from answers in ``cases`` inspected cases."""

    def tally_of(code: str) -> Tally:
        tally = tallies.get(code, NOT_ANSWERED)
        if tally.inspected < cases:
            return replace(tally, unanswered=cases - tally.answered)
        return tally

    key_questions = tuple(
        _key_question(edition, question, tally_of(question.code), decisions)
        for question in standard.key_questions
    )
    computed = _lowest(question.computed for question in key_questions)
    from_key_questions = _lowest(question.decided for question in key_questions)
    discretion, decided = _decide(decisions.get(standard.code), computed, from_key_questions)
    return StandardRating(
        standard=standard,
        key_questions=key_questions,
        prompts=tuple(
            PromptFigures(prompt, tally_of(prompt.code))
            for question in standard.key_questions
            for prompt in question.prompts
        ),
        computed=computed,
        decided=decided,
        deciding=tuple(q.code for q in key_questions if q.decided == from_key_questions)
        if not isinstance(from_key_questions, NotRateable)
        else (),
        deciding_computed=tuple(q.code for q in key_questions if q.computed == computed)
        if not isinstance(computed, NotRateable)
        else (),
        discretion=discretion,
    )


def _key_question(
    edition: Edition, question: KeyQuestion, tally: Tally, decisions: Mapping[str, Discretion]
) -> KeyQuestionRating:
    percent = tally.percent
    band = None if percent is None else edition.band_of_percent(percent)
    computed: Rating | NotRateable
    if band is not None:
        computed = band.rating
    else:
        computed = NotRateable(Reason.NOT_ANSWERED if tally.unanswered else Reason.NO_RELEVANT_CASE)
    discretion, decided = _decide(decisions.get(question.code), computed, computed)
    return KeyQuestionRating(question, tally, band, computed, decided, discretion)


def _judged(
    standard: Standard,
    inspected: Mapping[Group, int],
    judgements: Mapping[str, Rating],
    decisions: Mapping[str, Discretion],
) -> StandardRating:
    """A qualitative standard, rated by the lead inspector's judgement."""
    computed: Rating | NotRateable
    if standard.needs_cases_of is not None and inspected.get(standard.needs_cases_of) == 0:
        computed = NotRateable(Reason.NO_CASE_OF_GROUP)
    elif standard.code in judgements:
        computed = judgements[standard.code]
    else:
        computed = NotRateable(Reason.NOT_JUDGED)
    discretion, decided = _decide(decisions.get(standard.code), computed, computed)
    return StandardRating(standard, computed, decided, discretion)


def _decide(
    discretion: Discretion | None, computed: Rating | NotRateable, otherwise: Rating | NotRateable
) -> tuple[AppliedDiscretion | None, Rating | NotRateable]:
    """The decision and the decided rating: the decision's own, unless it is stale."""
    if discretion is None:
        return None, otherwise
    applied = AppliedDiscretion(discretion, computed)
    return applied, otherwise if applied.stale else discretion.to_rating
