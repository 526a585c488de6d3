"""Earlier decisions of the panel on like ratings, across inspections.

Told of them is what a report prints: service, date, what moved and the footnote. The
evidence, the lead's view and the figures behind them stay with their inspection.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from django.db.models import Count, Q

from cases.models import Answer, AnswerValue
from inspections.framework import Edition, Rating, Standard
from inspections.models import Inspection, User
from ratings.engine import NEAR_POINTS, Tally, distances
from ratings.models import Discretion
from ratings.service import RatedInspection

AIMS = {1: "the child's desistance", 2: "the child's safety", 3: "other people's safety"}
"""What the three key questions of a standard ask about in turn (method.md, Editions)."""


class Likeness(IntEnum):
    """In what an earlier decision is like; the more a likeness says, the higher it is."""

    NEAR_THE_SAME_BOUNDARY = 1
    SAME_RATING_BEFORE = 2
    SAME_AIM = 4
    SAME_NAME = 8
    SAME_STANDARD = 16
    SAME_KEY_QUESTION = 32


@dataclass(frozen=True)
class EarlierDecision:
    """A decision on another inspection, and what it shares with the rating at hand.

    ``shares`` holds the words for each likeness, the strongest first. ``decided_date`` is
    that of the meeting, or ``None`` where a report doesn't print it.
    """

    pk: int
    service: str
    edition: str
    decided_date: date | None
    standard: str
    standard_name: str
    key_question: str
    from_rating: Rating
    to_rating: Rating
    footnote: str
    shares: tuple[str, ...]
    weight: int


class Earlier:
    """The decisions on other inspections that may be told of beside ``rated``; two queries.

    Only decisions that stand on published or sealed results count, and those on other
    inspections that ``viewer`` sees anyway.
    """

    def __init__(self, rated: RatedInspection, *, viewer: User) -> None:
        self._rated = rated
        self._decisions = list(
            Discretion.objects.standing()
            .filter(_open_to(viewer))
            .exclude(inspection=rated.inspection)
            .select_related("inspection__service", "hearing__meeting")
            .distinct()
        )
        self._tallies = _tallies(self._decisions)

    def like(self, standard: str, key_question: str = "") -> list[EarlierDecision]:
        """Decisions like one about ``standard``, or its ``key_question``, the likest first."""
        outcome = self._rated.outcome
        at_hand = _Rating(
            outcome.edition,
            outcome.edition.standards_by_code[standard],
            key_question,
            _computed(self._rated, standard, key_question),
            {code: one.tally for code, one in outcome.key_questions_by_code.items()},
        )
        found = []
        for decision in self._decisions:
            edition = decision.inspection.framework
            other = _Rating(
                edition,
                edition.standards_by_code[decision.standard],
                decision.key_question,
                Rating[decision.from_rating],
                self._tallies[decision.inspection_id],
            )
            likenesses = dict(_likenesses(at_hand, other))
            if likenesses:
                found.append(_told(decision, other, likenesses))
        return sorted(found, key=_by_likeness)

    def like_any_of(self, standard: str) -> list[EarlierDecision]:
        """Those like one about ``standard`` or any of its key questions, each told once, by
        what is most like."""
        rated = self._rated.outcome.by_code[standard]
        told: dict[int, EarlierDecision] = {}
        for code in ("", *(question.code for question in rated.key_questions)):
            for one in self.like(standard, code):
                if one.pk not in told or one.weight > told[one.pk].weight:
                    told[one.pk] = one
        return sorted(told.values(), key=_by_likeness)


def _by_likeness(one: EarlierDecision) -> tuple[int, str, str, str]:
    return (-one.weight, one.service, one.standard, one.key_question)


@dataclass(frozen=True)
class _Rating:
    """A rating that a decision is about: a standard's, or one key question's."""

    edition: Edition
    standard: Standard
    key_question: str
    computed: Rating | None
    tallies: Mapping[str, Tally]

    @property
    def questions(self) -> tuple[str, ...]:
        """The key questions with the lowest percentage among those it rests on."""
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

    @property
    def aim(self) -> str | None:
        """What its key question asks about; a standard's, when one alone is lowest."""
        if self.standard.group is None or len(self.standard.key_questions) != len(AIMS):
            return None
        if len(self.questions) != 1:
            return None
        return AIMS.get(int(self.questions[0].rsplit(".", 1)[1]))

    @property
    def near(self) -> frozenset[frozenset[Rating]]:
        """The boundaries, as pairs of ratings, within 5 points or one case of it."""
        found = set()
        for code in self.questions:
            ways = distances(self.edition, self.tallies.get(code, Tally()))
            for way in () if ways is None else (ways.up, ways.down):
                if way is not None and (way.points <= NEAR_POINTS or way.changed == 1):
                    here = self.edition.rating_of_percent(self.tallies[code].percent or 0)
                    found.add(frozenset({here, way.band.rating}))
        return frozenset(found)


def _likenesses(at_hand: _Rating, other: _Rating) -> Iterator[tuple[Likeness, str]]:
    """What the two share; nothing when only a rating before is the same."""
    same_standard = (
        at_hand.standard.code == other.standard.code
        and at_hand.standard.name == other.standard.name
    )
    found: dict[Likeness, str] = {}
    if same_standard and at_hand.key_question and at_hand.key_question == other.key_question:
        found[Likeness.SAME_KEY_QUESTION] = f"the same key question, {at_hand.key_question}"
    elif same_standard:
        found[Likeness.SAME_STANDARD] = (
            f"the same standard, {at_hand.standard.code} {at_hand.standard.name}"
        )
    elif at_hand.standard.name == other.standard.name:
        found[Likeness.SAME_NAME] = (
            f"{at_hand.standard.name} too, in standard {other.standard.code}"
        )
    if Likeness.SAME_KEY_QUESTION not in found and at_hand.aim and at_hand.aim == other.aim:
        found[Likeness.SAME_AIM] = f"rests on a key question about {at_hand.aim} too"
    if boundaries := at_hand.near & other.near:
        lower, higher = sorted(min(boundaries, key=sorted))
        found[Likeness.NEAR_THE_SAME_BOUNDARY] = (
            f"near the boundary between {lower.label} and {higher.label} too"
        )
    if not found:
        return
    if at_hand.computed is not None and at_hand.computed == other.computed:
        found[Likeness.SAME_RATING_BEFORE] = f"started from {at_hand.computed.label} too"
    yield from sorted(found.items(), reverse=True)


def _told(
    decision: Discretion, other: _Rating, likenesses: Mapping[Likeness, str]
) -> EarlierDecision:
    return EarlierDecision(
        pk=decision.pk,
        service=decision.inspection.service.name,
        edition=other.edition.code,
        decided_date=decision.meeting_date,
        standard=decision.standard,
        standard_name=other.standard.name,
        key_question=decision.key_question,
        from_rating=Rating[decision.from_rating],
        to_rating=Rating[decision.to_rating],
        footnote=decision.footnote,
        shares=tuple(likenesses.values()),
        weight=sum(likenesses),
    )


def _open_to(viewer: User) -> Q:
    return (
        Q(inspection__replay__isnull=False)
        | Q(inspection__state=Inspection.State.SEALED)
        | Q(inspection__in=Inspection.objects.visible_to(viewer).order_by().values("pk"))
    )


def _computed(rated: RatedInspection, standard: str, key_question: str) -> Rating | None:
    if key_question:
        computed = rated.outcome.key_questions_by_code[key_question].computed
    else:
        computed = rated.outcome.by_code[standard].computed
    return computed if isinstance(computed, Rating) else None


def _tallies(decisions: Iterable[Discretion]) -> Mapping[int, Mapping[str, Tally]]:
    """The counts of the key questions that ``decisions`` rest on, by inspection; one query."""
    wanted: defaultdict[int, set[str]] = defaultdict(set)
    for decision in decisions:
        standard = decision.inspection.framework.standards_by_code[decision.standard]
        wanted[decision.inspection_id] |= {question.code for question in standard.key_questions}
    counts: defaultdict[int, defaultdict[str, dict[str, int]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    rows = (
        Answer.objects.filter(
            case__inspection__in=wanted, question__in=set().union(*wanted.values())
        )
        .exclude(value="")
        .values_list("case__inspection", "question", "value")
        .annotate(Count("pk"))
    )
    for inspection, question, value, cases in rows:
        counts[inspection][question][value] = cases
    return {
        inspection: {
            code: Tally(
                count.get(AnswerValue.YES, 0),
                count.get(AnswerValue.NO, 0),
                count.get(AnswerValue.NOT_APPLICABLE, 0),
            )
            for code, count in counts[inspection].items()
        }
        for inspection in wanted
    }
