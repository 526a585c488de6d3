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
    Distances,
    StandardRating,
)
from ratings.models import Judgement, PanelHearing
from ratings.panel.earlier import AIMS, Earlier, EarlierDecision
from ratings.panel.hearings import members_hearing
from ratings.panel.readiness import Lack, Where
from ratings.service import (
    KeyQuestionRow,
    RatedInspection,
    StandardRow,
    StandingDecision,
)
from ratings.words import (
    case_worth,
    counted,
    limiting_judgement,
    moved,
    rated_as,
    tag_of,
    why_close,
)


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

    return BeforeAfter(
        view(outcome.computed_score, outcome.computed_overall),
        view(outcome.score, outcome.overall),
        limiting_judgement(outcome),
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
    likelihood_row: KeyQuestionRow
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
    judgement: Judgement | None
    decisions: tuple[StandingDecision, ...]
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
    earlier = Earlier(rated, viewer=user)
    standards = tuple(_standard_rows(rated, standard, earlier) for standard in rated.standards)
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
    for decision in rated.decisions:
        if decision.applied.stale:
            target = decision.applied.discretion.target
            yield LackView(
                moved(decision.applied, decision.recorded.meeting_date),
                reverse("ratings:discretion", args=[rated.inspection.pk, target]),
                f"Look at the decision about {target} again",
            )


def _standard_rows(rated: RatedInspection, row: StandardRow, earlier: Earlier) -> StandardRows:
    edition = rated.outcome.edition
    standard = row.rated
    questions = tuple(_question_row(rated, standard, question) for question in row.key_questions)
    return StandardRows(
        code=standard.code,
        title=standard.standard.name,
        apart="" if standard.standard.in_score else "Rated apart from the score",
        why=_why(standard),
        computed=tag_of(standard.computed),
        decided=tag_of(standard.decided),
        url=_url(rated, standard.code),
        looks=row.near.close_to_boundary,
        questions=questions,
        judgement=row.judgement,
        decisions=row.decisions,
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
    row: KeyQuestionRow,
) -> QuestionRow:
    question, near = row.rated, row.near
    edition, tally = rated.outcome.edition, question.tally
    return QuestionRow(
        code=question.code,
        name=_name(edition, standard, question.code),
        decides="lowest" if question.code in standard.deciding_computed else "",
        percent="None relevant" if tally.percent is None else f"{tally.percent}%",
        counts=f"{tally.yes} of {tally.relevant}",
        relevant=f"{tally.relevant} of {tally.inspected}",
        ways=tuple(_ways(near.distances)),
        case_worth="" if near.distances is None else case_worth(near.distances),
        likelihood_row=row,
        looks=tuple(why_close(near)),
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


def _url(rated: RatedInspection, code: str) -> str:
    return reverse("ratings:discretion", args=[rated.inspection.pk, code])
