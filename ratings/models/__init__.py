"""What the ratings panel hears and decides, what is sealed, and what was replayed."""

from ratings.models.discretion import ONE_BAND, Discretion, DiscretionQuerySet
from ratings.models.panel import PanelHearing, PanelMeeting, PanelSeat, SteppedAside
from ratings.models.replay import Replay
from ratings.models.sealing import Part, Reopening, SealAgreement, SealedResult

__all__ = [
    "ONE_BAND",
    "Discretion",
    "DiscretionQuerySet",
    "PanelHearing",
    "PanelMeeting",
    "PanelSeat",
    "Part",
    "Reopening",
    "Replay",
    "SealAgreement",
    "SealedResult",
    "SteppedAside",
]
