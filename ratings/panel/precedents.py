"""Earlier decisions of the panel on similar ratings, across inspections.

Only what a report prints is shown: service, date, what moved and the footnote. The evidence, the
lead's view and the figures are not shown outside their inspection.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber

from cases.models import Answer, AnswerValue
from inspections.framework import Edition, Rating, Standard
from inspections.models import Inspection, User
from ratings.engine import Tally, distances
from ratings.models import Discretion
from ratings.permissions import SEE_PANEL
from ratings.service import RatedInspection
from ratings.words import AIMS

NEAR_POINTS = 5
"""How many points from a boundary a key question is near it, at most."""

PER_RATING = 5
"""The most decisions considered on one standard or key question of one edition."""

MOST_READ = 100
"""The most decisions considered in all, the latest first."""

MOST_SHOWN = 10
"""The most precedents shown for one standard, the most similar first."""


class Similarity(IntEnum):
    """What an earlier decision has in common with a rating; higher values weigh more."""

    NEAR_THE_SAME_BOUNDARY = 1
    SAME_RATING_BEFORE = 2
    SAME_AIM = 4
    SAME_NAME = 8
    SAME_STANDARD = 16
    SAME_KEY_QUESTION = 32


@dataclass(frozen=True)
class Precedent:
    """A decision on another inspection, and what it has in common with the current rating.

    ``shares`` are the words for each similarity, the strongest first.
    """

    decision: Discretion
    standard: Standard
    shares: tuple[str, ...]
    weight: int


class Precedents:
    """The decisions on other inspections that can be shown with ``rated``; two queries.

    These are current decisions on published or sealed results, and on other inspections that
    ``viewer`` may see.
    """

    def __init__(self, rated: RatedInspection, *, viewer: User) -> None:
        self._rated = rated
        decisions = list(
            Discretion.objects.current()
            .filter(_open_to(viewer))
            .exclude(inspection=rated.inspection)
            .annotate(
                latest_first=Window(
                    RowNumber(),
                    partition_by=["inspection__edition", "standard", "key_question"],
                    order_by=[F("decided_at").desc(), F("pk").desc()],
                )
            )
            .filter(latest_first__lte=PER_RATING)
            .select_related("inspection__service", "hearing__meeting")
            .order_by("-decided_at", "-pk")[:MOST_READ]
        )
        tallies = _tallies(decisions)
        self._decided = [_decided(one, tallies[one.inspection_id]) for one in decisions]

    def of(self, standard: str, key_question: str = "") -> list[Precedent]:
        """Decisions similar to one about ``standard``, or its ``key_question``."""
        outcome = self._rated.outcome
        computed = outcome.rating_of(key_question or standard).computed
        at_hand = _Rating(
            outcome.edition,
            outcome.edition.standards_by_code[standard],
            key_question,
            computed if isinstance(computed, Rating) else None,
            {code: one.tally for code, one in outcome.key_questions_by_code.items()},
        )
        found = []
        for decision, other in self._decided:
            if shared := dict(_shared(at_hand, other)):
                words = tuple(shared.values())
                found.append(Precedent(decision, other.standard, words, sum(shared)))
        return sorted(found, key=_most_similar_first)[:MOST_SHOWN]

    def of_standard(self, standard: str) -> list[Precedent]:
        """Decisions similar to one about ``standard`` or any of its key questions, each once, with
        its strongest similarities."""
        found: dict[int, Precedent] = {}
        questions = self._rated.outcome.by_code[standard].key_questions
        for code in ("", *(question.code for question in questions)):
            for one in self.of(standard, code):
                known = found.get(one.decision.pk)
                if known is None or one.weight > known.weight:
                    found[one.decision.pk] = one
        return sorted(found.values(), key=_most_similar_first)[:MOST_SHOWN]


def _most_similar_first(one: Precedent) -> tuple[int, str, str, str]:
    about = one.decision
    return (-one.weight, about.inspection.service.name, about.standard, about.key_question)


@dataclass(frozen=True)
class _Rating:
    """A rating that a decision is about: a standard's, or one key question's."""

    edition: Edition
    standard: Standard
    key_question: str
    computed: Rating | None
    tallies: Mapping[str, Tally]

    @cached_property
    def questions(self) -> tuple[str, ...]:
        """The key questions with the lowest percentage among those it is rated from."""
        if self.key_question:
            return (self.key_question,)
        percents = {
            question.code: tally.percent
            for question in self.standard.key_questions
            if (tally := self.tallies.get(question.code)) is not None and tally.percent is not None
        }
        return tuple(
            code for code, percent in percents.items() if percent == min(percents.values())
        )

    @cached_property
    def aim(self) -> str | None:
        """The aim of its key question; for a standard, of the lowest one if there is only one."""
        if self.standard.group is None or len(self.standard.key_questions) != len(AIMS):
            return None
        if len(self.questions) != 1:
            return None
        return AIMS.get(int(self.questions[0].rsplit(".", 1)[1]))

    @cached_property
    def near(self) -> frozenset[frozenset[Rating]]:
        """The boundaries, as pairs of ratings, within 5 points or one case of it."""
        found = set()
        for code in self.questions:
            ways = distances(self.edition, self.tallies.get(code, Tally()))
            for way in () if ways is None else ways.ways:
                if way.points <= NEAR_POINTS or way.changed == 1:
                    current = self.edition.rating_of_percent(self.tallies[code].percent or 0)
                    found.add(frozenset({current, way.band.rating}))
        return frozenset(found)


def _decided(decision: Discretion, tallies: Mapping[str, Tally]) -> tuple[Discretion, _Rating]:
    edition = decision.inspection.framework
    standard = edition.standards_by_code[decision.standard]
    computed = Rating[decision.from_rating]
    return decision, _Rating(edition, standard, decision.key_question, computed, tallies)


def _shared(at_hand: _Rating, other: _Rating) -> Iterator[tuple[Similarity, str]]:
    """What the two have in common; nothing if only the rating before is the same."""
    same_name = at_hand.standard.name == other.standard.name
    same_standard = same_name and at_hand.standard.code == other.standard.code
    found: dict[Similarity, str] = {}
    if same_standard and at_hand.key_question and at_hand.key_question == other.key_question:
        found[Similarity.SAME_KEY_QUESTION] = f"the same key question, {at_hand.key_question}"
    elif same_standard:
        found[Similarity.SAME_STANDARD] = (
            f"the same standard, {at_hand.standard.code} {at_hand.standard.name}"
        )
    elif same_name:
        found[Similarity.SAME_NAME] = (
            f"{at_hand.standard.name} too, in standard {other.standard.code}"
        )
    if Similarity.SAME_KEY_QUESTION not in found and at_hand.aim and at_hand.aim == other.aim:
        found[Similarity.SAME_AIM] = f"rests on a key question about {at_hand.aim} too"
    if boundaries := at_hand.near & other.near:
        lower, higher = sorted(min(boundaries, key=sorted))
        found[Similarity.NEAR_THE_SAME_BOUNDARY] = (
            f"near the boundary between {lower.label} and {higher.label} too"
        )
    if not found:
        return
    if at_hand.computed is not None and at_hand.computed == other.computed:
        found[Similarity.SAME_RATING_BEFORE] = f"started from {at_hand.computed.label} too"
    yield from sorted(found.items(), reverse=True)


def _open_to(viewer: User) -> Q:
    own = Inspection.objects.seen_by(viewer, SEE_PANEL.who).order_by()
    return (
        Q(inspection__replay__isnull=False)
        | Q(inspection__state=Inspection.State.SEALED)
        | Q(inspection__in=own.values("pk"))
    )


def _tallies(decisions: Sequence[Discretion]) -> Mapping[int, Mapping[str, Tally]]:
    """The counts of the key questions that ``decisions`` rest on, by inspection; one query."""
    questions = {
        question.code
        for decision in decisions
        for question in decision.inspection.framework.standards_by_code[
            decision.standard
        ].key_questions
    }
    rows = (
        Answer.objects.of_sample(*{decision.inspection_id for decision in decisions})
        .filter(question__in=questions)
        .values_list("case__inspection", "question")
        .annotate(
            yes=Count("pk", filter=Q(value=AnswerValue.YES)),
            no=Count("pk", filter=Q(value=AnswerValue.NO)),
            not_applicable=Count("pk", filter=Q(value=AnswerValue.NOT_APPLICABLE)),
        )
    )
    found: defaultdict[int, dict[str, Tally]] = defaultdict(dict)
    for inspection, question, *counts in rows:
        found[inspection][question] = Tally(*counts)
    return found
