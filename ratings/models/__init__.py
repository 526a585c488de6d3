"""Judgements, findings, evidence, the panel with its decisions, and seals."""

from ratings.models.discretion import ONE_BAND, Discretion, DiscretionQuerySet, decisions_of
from ratings.models.evidence import Evidence, EvidenceUse, Finding, FindingSupport
from ratings.models.history import HistoryLink
from ratings.models.judgement import Judgement, RatingChoice
from ratings.models.panel import (
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
from ratings.models.sealing import Reopening, SealAgreement, SealedResult, Signatory, seals_of

__all__ = [
    "ONE_BAND",
    "Discretion",
    "DiscretionQuerySet",
    "Evidence",
    "EvidenceUse",
    "Finding",
    "FindingSupport",
    "HistoryLink",
    "Judgement",
    "PanelHearing",
    "PanelMeeting",
    "PanelMeetingQuerySet",
    "PanelSeat",
    "RatingChoice",
    "Reopening",
    "Replay",
    "SealAgreement",
    "SealedResult",
    "Signatory",
    "SteppedAside",
    "current_hearing",
    "decisions_of",
    "hearings",
    "hearings_of",
    "lock_for_panel",
    "seals_of",
]
