"""What the panel's pages show: every rating of an inspection with precedents, and the inspections
of a meeting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from inspections.models import Inspection, User
from inspections.permissions import SEE_RATINGS
from ratings.engine import KeyQuestionRating, NotRateable, StandardRating
from ratings.models import PanelHearing, PanelMeeting
from ratings.panel.precedents import AIMS, Precedent, Precedents
from ratings.service import KeyQuestionRow, RatedInspection, StandardRow, rate_inspection
from ratings.words import rated_as


@dataclass(frozen=True)
class PanelQuestion:
    """A key question; ``is_lowest`` if it determines its standard's computed rating."""

    row: KeyQuestionRow
    name: str
    is_lowest: bool


@dataclass(frozen=True)
class PanelStandard:
    """A standard with its key questions, and earlier decisions on similar ratings elsewhere."""

    row: StandardRow
    questions: tuple[PanelQuestion, ...]
    precedents: Sequence[Precedent]

    @property
    def why(self) -> str:
        """Why the standard has its computed rating."""
        rated = self.row.rated
        if isinstance(rated.computed, NotRateable):
            return rated_as(rated.computed).capitalize()
        if rated.standard.is_qualitative:
            return "Judged by the lead inspector"
        return f"Lowest: {', '.join(rated.deciding_computed)}"


def panel_standards(rated: RatedInspection, viewer: User) -> Iterator[PanelStandard]:
    """Every standard in the report's order, with the precedents that ``viewer`` may see."""
    precedents = Precedents(rated, viewer=viewer)
    for row in rated.standards:
        questions = tuple(
            PanelQuestion(
                question,
                _name(row.rated, question.rated),
                question.rated.code in row.rated.deciding_computed,
            )
            for question in row.key_questions
        )
        yield PanelStandard(row, questions, precedents.of_standard(row.rated.code))


def _name(standard: StandardRating, rated: KeyQuestionRating) -> str:
    """The subject of a key question: short if its standard has the usual three, else its text."""
    if len(standard.key_questions) == len(AIMS):
        aim = AIMS[int(rated.code.rsplit(".", 1)[1])]
        return f"{aim[0].upper()}{aim[1:]}".replace("'", "’")
    return rated.question.text


@dataclass(frozen=True)
class HeardInspection:
    """An inspection of a meeting, with what the reader may see of it.

    ``aside`` is the reader's reason for stepping aside. ``is_mine`` is true for readers on the
    inspection. ``moved`` are the codes of the ratings that this hearing moved, ``None`` for readers
    who may not see ratings. ``rated`` is ``None`` for them too, and if there was a later hearing.
    """

    hearing: PanelHearing
    aside: str
    is_mine: bool = False
    moved: Sequence[str] | None = None
    rated: RatedInspection | None = None


def inspections_heard(meeting: PanelMeeting, reader: User) -> tuple[list[HeardInspection], int]:
    """The inspections of a meeting that ``reader`` may see, and the number of others.

    Six queries, and as many as a rating takes for each inspection whose ratings they see.
    """
    rows = (
        meeting.hearings.select_related("inspection__service")
        .prefetch_related("stepped_aside__member", "discretions")
        .order_by("submitted_at", "pk")
    )
    # An inspection submitted twice to one meeting is listed once, with its latest hearing.
    latest = {hearing.inspection_id: hearing for hearing in rows}
    visible = Inspection.objects.visible_to(reader).with_team().prefetch_related("hearings")
    mine = {one.pk: one for one in visible.filter(pk__in=latest)}
    heard = []
    for pk, hearing in latest.items():
        aside = next(
            (row.reason for row in hearing.stepped_aside.all() if row.member_id == reader.pk), ""
        )
        if pk in mine:
            heard.append(_heard(mine[pk], hearing, aside, reader))
        elif aside:
            heard.append(HeardInspection(hearing, aside))
    return heard, len(latest) - len(heard)


def _heard(
    inspection: Inspection, hearing: PanelHearing, aside: str, reader: User
) -> HeardInspection:
    found = HeardInspection(hearing, aside, is_mine=True)
    if not SEE_RATINGS.can(reader, inspection):
        return found
    is_current = all(
        other.submitted_at <= hearing.submitted_at for other in inspection.hearings.all()
    )
    return replace(
        found,
        moved=[one.target for one in hearing.discretions.all() if one.is_current],
        rated=rate_inspection(inspection) if is_current else None,
    )
