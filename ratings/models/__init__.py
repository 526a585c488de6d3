"""Judgements, findings, evidence, the panel with its decisions, and seals."""

from ratings.models.discretion import (
    ONE_BAND,
    Discretion,
    DiscretionQuerySet,
    PresentAtDecision,
    decisions_of,
)
from ratings.models.evidence import Evidence, EvidenceUse, Finding, FindingSupport
from ratings.models.history import HistoryLink
from ratings.models.judgement import Judgement, RatingChoice
from ratings.models.panel import (
    Attendance,
    NamedChair,
    PanelHearing,
    PanelMeeting,
    PanelMeetingQuerySet,
    PanelSeat,
    SteppedAside,
    current_hearing,
    hearings,
    hearings_of,
    lock_for_panel,
)
from ratings.models.replay import Replay
from ratings.models.retention import (
    FEWEST_MONTHS,
    MOST_MONTHS,
    InspectionExport,
    Publication,
    RetentionPeriod,
    months_after,
)
from ratings.models.sealing import (
    Reopening,
    SealAgreement,
    SealedResult,
    Signatory,
    seals_of,
    standing_reopening,
)

__all__ = [
    "FEWEST_MONTHS",
    "MOST_MONTHS",
    "ONE_BAND",
    "Attendance",
    "Discretion",
    "DiscretionQuerySet",
    "Evidence",
    "EvidenceUse",
    "Finding",
    "FindingSupport",
    "HistoryLink",
    "InspectionExport",
    "Judgement",
    "NamedChair",
    "PanelHearing",
    "PanelMeeting",
    "PanelMeetingQuerySet",
    "PanelSeat",
    "PresentAtDecision",
    "Publication",
    "RatingChoice",
    "Reopening",
    "Replay",
    "RetentionPeriod",
    "SealAgreement",
    "SealedResult",
    "Signatory",
    "SteppedAside",
    "current_hearing",
    "decisions_of",
    "hearings",
    "hearings_of",
    "lock_for_panel",
    "months_after",
    "seals_of",
    "standing_reopening",
]
