"""What an inspection rests on besides cases, what the panel decides, and what is sealed."""

from ratings.models.discretion import ONE_BAND, Discretion, DiscretionQuerySet
from ratings.models.evidence import Evidence, EvidenceUse, Finding, FindingSupport
from ratings.models.judgement import Judgement, RatingChoice
from ratings.models.panel import PanelHearing, PanelMeeting, PanelSeat, SteppedAside
from ratings.models.replay import Replay
from ratings.models.sealing import Part, Reopening, SealAgreement, SealedResult

__all__ = [
    "ONE_BAND",
    "Discretion",
    "DiscretionQuerySet",
    "Evidence",
    "EvidenceUse",
    "Finding",
    "FindingSupport",
    "Judgement",
    "PanelHearing",
    "PanelMeeting",
    "PanelSeat",
    "Part",
    "RatingChoice",
    "Reopening",
    "Replay",
    "SealAgreement",
    "SealedResult",
    "SteppedAside",
]
