"""The panel's page of an inspection, and its meetings, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from inspections.framework import Edition, Rating
from inspections.models import Inspection, User
from inspections.presenters import Tag, rating_tag
from ratings import policies
from ratings.engine import (
    Boundary,
    Closeness,
    Distances,
    KeyQuestionRating,
    KeyQuestionSensitivity,
    StandardRating,
    StandardSensitivity,
    sensitivity,
)
from ratings.engine.boundaries import FEW_CASES, NEAR_POINTS
from ratings.models import PanelHearing
from ratings.pages.presenters.decisions import DecisionView, decision_view
from ratings.pages.presenters.how_sure import HowSure, how_sure_view
from ratings.pages.presenters.standard import JudgementView, judgement_view
from ratings.panel.earlier import AIMS, Earlier, EarlierDecision
from ratings.panel.hearings import members_hearing
from ratings.panel.readiness import Lack, Where
from ratings.service import RatedInspection
from ratings.words import GROUP_WORDS, case_worth, counted, rated_as, tag_of


@dataclass(frozen=True)
class LackView:
    """Something that stands in the way, and where it is put right."""

    sentence: str
    href: str
    link: str


def lack_view(inspection: Inspection, lack: Lack) -> LackView:
    if lack.where is Where.JUDGEMENT:
        href = reverse("ratings:judgement", args=[inspection.pk, lack.code])
        return LackView(lack.sentence, href, f"Judge {lack.code}")
    if lack.where is Where.DECISION:
        href = reverse("ratings:discretion", args=[inspection.pk, lack.code])
        return LackView(lack.sentence, href, f"Look at the decision about {lack.code}")
    return LackView(lack.sentence, reverse("cases:cases", args=[inspection.pk]), "See the cases")


@dataclass(frozen=True)
class HearingView:
    """One inspection before one meeting: who hears it, who doesn't, and the lead's view."""

    meeting_date: date
    meeting_url: str
    chair: str
    members: tuple[str, ...]
    stepped_aside: tuple[tuple[str, str], ...]
    lead_view: str
    submitted_by: str
    submitted_at: datetime
    outcome_notes: str


def hearing_view(hearing: PanelHearing) -> HearingView:
    return HearingView(
        meeting_date=hearing.meeting.meeting_date,
        meeting_url=reverse("ratings:meeting", args=[hearing.meeting_id]),
        chair=str(hearing.meeting.chair),
        members=tuple(str(member) for member in members_hearing(hearing)),
        stepped_aside=tuple(
            (str(row.member), row.reason)
            for row in hearing.stepped_aside.select_related("member").order_by("member__name", "pk")
        ),
        lead_view=hearing.lead_view,
        submitted_by=str(hearing.submitted_by),
        submitted_at=hearing.submitted_at,
        outcome_notes=hearing.outcome_notes,
    )


@dataclass(frozen=True)
class ScoreView:
    """A score and overall rating, without discretion or with it."""

    score: str
    overall: Tag


@dataclass(frozen=True)
class BeforeAfter:
    """Both side by side; ``limit`` explains a limiting judgement that bites."""

    computed: ScoreView
    decided: ScoreView
    limit: str


def before_after(rated: RatedInspection) -> BeforeAfter:
    outcome = rated.outcome

    def view(score: int | None, overall: Rating | None) -> ScoreView:
        words = "No score yet" if score is None else f"{score} out of {outcome.highest_score}"
        return ScoreView(words, rating_tag(overall))

    limit = ""
    if outcome.limit is not None and outcome.overall_before_limit is not None:
        named = outcome.edition.standards_by_code[outcome.limit.standard]
        limit = (
            f"The score alone would give {outcome.overall_before_limit.label}. But {named.code} "
            f"{named.name} is {outcome.limit.rating.label}, so the overall rating is no higher "
            f"than {outcome.limit.overall_at_most.label} (limiting judgement)."
        )
    return BeforeAfter(
        view(outcome.computed_score, outcome.computed_overall),
        view(outcome.score, outcome.overall),
        limit,
    )


@dataclass(frozen=True)
class QuestionRow:
    """A key question: figures, how near other ratings are, and both its ratings.

    ``looks`` say why it calls for a look; ``case_worth`` is what one case adds to the percentage.
    """

    code: str
    name: str
    decides: str
    percent: str
    counts: str
    relevant: str
    ways: tuple[str, ...]
    case_worth: str
    how_sure: HowSure
    looks: tuple[str, ...]
    computed: Tag
    decided: Tag
    url: str


@dataclass(frozen=True)
class StandardRows:
    """A standard with its key questions, the decisions about them and earlier ones elsewhere."""

    code: str
    title: str
    apart: str
    why: str
    computed: Tag
    decided: Tag
    url: str
    looks: bool
    questions: tuple[QuestionRow, ...]
    judgement: JudgementView | None
    decisions: tuple[DecisionView, ...]
    earlier: tuple[EarlierDecision, ...]


@dataclass(frozen=True)
class PanelPage:
    """Everything the panel is shown of one inspection; ``may_decide`` is the reader's."""

    hearing: HearingView | None
    result: BeforeAfter
    provisional: str
    standards: tuple[StandardRows, ...]
    looks: tuple[str, ...]
    stale: tuple[LackView, ...]
    may_decide: bool


def panel_page(rated: RatedInspection, hearing: PanelHearing | None, user: User) -> PanelPage:
    """What ``user`` sees of the inspection before the panel, or on its way there."""
    near = sensitivity(rated.outcome)
    earlier = Earlier(rated, viewer=user)
    standards = tuple(
        _standard_rows(rated, standard, near.standards[standard.code], earlier)
        for standard in rated.outcome.standards
    )
    return PanelPage(
        hearing=None if hearing is None else hearing_view(hearing),
        result=before_after(rated),
        provisional=f"{rated.cases_signed_off} of {counted(rated.cases, 'case')} signed off."
        if rated.is_provisional
        else "",
        standards=standards,
        looks=tuple(row.code for one in standards for row in one.questions if row.looks),
        stale=tuple(_stale(rated)),
        may_decide=policies.can_decide(user, rated.inspection),
    )


def _stale(rated: RatedInspection) -> Iterator[LackView]:
    outcome = rated.outcome
    for move in outcome.stale:
        computed = (
            outcome.key_questions_by_code[move.key_question].computed
            if move.key_question
            else outcome.by_code[move.standard].computed
        )
        yield LackView(
            f"The panel moved {move.target} from {move.from_rating.label} to "
            f"{move.to_rating.label}. It is now computed as {rated_as(computed)}, so the decision "
            "is out of date and no longer applies.",
            reverse("ratings:discretion", args=[rated.inspection.pk, move.target]),
            f"Look at the decision about {move.target} again",
        )


def _standard_rows(
    rated: RatedInspection, standard: StandardRating, near: StandardSensitivity, earlier: Earlier
) -> StandardRows:
    edition = rated.outcome.edition
    questions = tuple(
        _question_row(rated, standard, question, close)
        for question, close in zip(standard.key_questions, near.key_questions, strict=True)
    )
    return StandardRows(
        code=standard.code,
        title=standard.standard.name,
        apart="" if standard.standard.in_score else "Rated apart from the score",
        why=_why(standard),
        computed=tag_of(standard.computed),
        decided=tag_of(standard.decided),
        url=_url(rated, standard.code),
        looks=near.close_to_boundary,
        questions=questions,
        judgement=judgement_view(rated.judgements.get(standard.code)),
        decisions=tuple(_decisions(rated, standard)),
        earlier=tuple(earlier.like_any_of(standard.code))
        if edition.standards_by_code[standard.code].group is not None
        or standard.discretion is not None
        else tuple(earlier.like(standard.code)),
    )


def _why(standard: StandardRating) -> str:
    if standard.standard.is_qualitative:
        return "Judged by the lead inspector" if not _unrated(standard) else _unrated(standard)
    return _unrated(standard) or f"Lowest: {', '.join(standard.deciding_computed)}"


def _unrated(standard: StandardRating) -> str:
    if isinstance(standard.computed, Rating):
        return ""
    return rated_as(standard.computed).capitalize()


def _question_row(
    rated: RatedInspection,
    standard: StandardRating,
    question: KeyQuestionRating,
    near: KeyQuestionSensitivity,
) -> QuestionRow:
    edition, tally = rated.outcome.edition, question.tally
    group = standard.standard.group
    assert group is not None, "a key question with a percentage is asked in cases"
    return QuestionRow(
        code=question.code,
        name=_name(edition, standard, question.code),
        decides="lowest" if question.code in standard.deciding_computed else "",
        percent="None relevant" if tally.percent is None else f"{tally.percent}%",
        counts=f"{tally.yes} of {tally.relevant}",
        relevant=f"{tally.relevant} of {tally.inspected}",
        ways=tuple(_ways(near.distances)),
        case_worth="" if near.distances is None else case_worth(near.distances),
        how_sure=how_sure_view(edition, tally, rated.eligible.get(group), GROUP_WORDS[group]),
        looks=tuple(_looks(near)),
        computed=tag_of(question.computed),
        decided=tag_of(question.decided),
        url=_url(rated, question.code),
    )


def _name(edition: Edition, standard: StandardRating, code: str) -> str:
    """What a key question is about, in few words where its standard asks the usual three."""
    if len(standard.key_questions) == len(AIMS):
        aim = AIMS[int(code.rsplit(".", 1)[1])]
        return f"{aim[0].upper()}{aim[1:]}".replace("'", "’")
    return edition.key_questions_by_code[code].text


def _ways(distances: Distances | None) -> Iterator[str]:
    """How far the next rating up and the next one down are."""
    if distances is None:
        return
    if distances.up is not None:
        yield _way("Up", distances.up)
    if distances.down is not None:
        yield _way("Down", distances.down)


def _way(direction: str, way: Boundary) -> str:
    further = (
        "" if way.changed_to == way.band.rating else f", which then gives {way.changed_to.label}"
    )
    return (
        f"{direction} to {way.band.rating.label}: {counted(way.points, 'point')}, "
        f"{counted(way.changed, 'case')}{further}"
    )


def _looks(near: KeyQuestionSensitivity) -> Iterator[str]:
    distances = near.distances
    if distances is None:
        return
    ways = [way for way in (distances.up, distances.down) if way is not None]
    if Closeness.NEAR_IN_POINTS in near.close_to_boundary:
        close = [way.band.rating.label for way in ways if way.points <= NEAR_POINTS]
        yield f"within {NEAR_POINTS} points of {' and '.join(close)}"
    if Closeness.NEAR_IN_CASES in near.close_to_boundary:
        close = [way.changed_to.label for way in ways if way.changed == 1]
        yield f"one case from {' and '.join(close)}"
    if Closeness.FEW_RELEVANT_CASES in near.close_to_boundary:
        yield f"{FEW_CASES} or fewer relevant cases"


def _decisions(rated: RatedInspection, standard: StandardRating) -> Iterator[DecisionView]:
    if standard.discretion is not None:
        row = rated.discretions[standard.code, ""]
        yield decision_view(standard.discretion, row, standard.computed, None)
    for question in standard.key_questions:
        if question.discretion is not None:
            row = rated.discretions[standard.code, question.code]
            yield decision_view(question.discretion, row, question.computed, None)


def _url(rated: RatedInspection, code: str) -> str:
    return reverse("ratings:discretion", args=[rated.inspection.pk, code])
